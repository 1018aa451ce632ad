import NumericCore
import Testing

struct WeightedSumTests {
    /// Weighted sums of some rows at one level.
    private static func sum(
        _ rows: [[Float]], _ weights: [Float], count: Int, level: KernelLevel
    ) -> [Float] {
        let storage = FloatBuffer(count: rows.count * count)
        let output = FloatBuffer(count: count + 1)
        output.base[count] = -7
        for (index, row) in rows.enumerated() { (storage.base + index * count).update(from: row, count: count) }
        let pointers: [UnsafePointer<Float>?] = rows.indices.map { UnsafePointer(storage.base + $0 * count) }
        pointers.withUnsafeBufferPointer { pointers in
            weights.withUnsafeBufferPointer { weights in
                guard let list = pointers.baseAddress, let first = weights.baseAddress else { return }
                WeightedSum.run(
                    rows: list, weights: first, rowCount: rows.count, into: output.base, count: count, level: level)
            }
        }
        #expect(output.base[count] == -7, "a float beyond the last one was written")
        return (0..<count).map { output.base[$0] }
    }

    @Test(
        "Every level adds the rows in order, whatever the number of columns",
        arguments: [0, 1, 3, 63, 64, 65, 127, 128, 200])
    func levels(count: Int) {
        var generator = SplitMix64(seed: UInt64(count))
        for rowCount in [1, 2, 21] {
            let rows = (0..<rowCount).map { _ in (0..<count).map { _ in Float(2 * generator.uniformDouble() - 1) } }
            let weights = (0..<rowCount).map { _ in Float(2 * generator.uniformDouble() - 1) }
            let plain = Self.sum(rows, weights, count: count, level: .plain)
            for column in 0..<count {
                let exact = (0..<rowCount).reduce(0.0) { $0 + Double(weights[$1]) * Double(rows[$1][column]) }
                // Each of the rounded products and sums is below the number of rows: 2^-24 of that at each.
                #expect((Double(plain[column]) - exact).magnitude <= Double(2 * rowCount * rowCount) * 0x1p-24)
            }
            let fused = KernelLevel.available.filter { $0 != .plain }.map {
                Self.sum(rows, weights, count: count, level: $0)
            }
            for result in fused {
                let chained = (0..<count).map { column in
                    (0..<rowCount).reduce(Float(0)) { $0.addingProduct(weights[$1], rows[$1][column]) }
                }
                #expect(result == chained, "\(rowCount) rows of \(count)")
            }
        }
    }

    @Test("A NaN stays in its column, and zero times infinity is NaN", arguments: KernelLevel.available)
    func notFinite(level: KernelLevel) {
        var rows = [[Float]](repeating: [Float](repeating: 1, count: 70), count: 2)
        rows[0][66] = .nan
        rows[1][5] = .infinity
        let result = Self.sum(rows, [1, 0], count: 70, level: level)
        #expect(result.indices.filter { result[$0].isNaN } == [5, 66])
    }
}
