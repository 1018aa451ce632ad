import Foundation
import NumericCore
import TestSupport
import Testing

/// The float kernels on every instruction set of this machine, compared with plain sums in Double.
@Suite struct RowProductTests {
    /// Reproducible values in (-1, 1) by SplitMix64's finaliser of the index.
    static func values(_ count: Int, seed: UInt64) -> [Float] {
        (0..<UInt64(count)).map { index in
            var z = (index &+ 1) &* 0x9E37_79B9_7F4A_7C15 &+ seed
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Float(Int32(truncatingIfNeeded: z >> 32)) * 0x1p-31
        }
    }

    /// One product with overlapping rows, a second term and an addend, and its twin in Double.
    struct Case {
        let rowCount: Int
        let columnCount: Int
        let depth: Int
        let stride: Int

        let first: [Float]
        let second: [Float]
        let weights: [Float]
        let others: [Float]
        let bias: [Float]
        let addend: [Float]

        init(rowCount: Int, columnCount: Int, depth: Int, stride: Int) {
            (self.rowCount, self.columnCount, self.depth, self.stride) = (rowCount, columnCount, depth, stride)
            first = RowProductTests.values((rowCount - 1) * stride + depth, seed: 1)
            second = RowProductTests.values(rowCount * 5, seed: 2)
            weights = RowProductTests.values(depth * columnCount, seed: 3)
            others = RowProductTests.values(5 * columnCount, seed: 4)
            bias = RowProductTests.values(columnCount, seed: 5)
            addend = RowProductTests.values(rowCount * columnCount, seed: 6)
        }

        var label: String { "\(rowCount) x \(depth) x \(columnCount)" }

        func run(_ level: KernelLevel) -> (raw: [Float], activated: [Float]) {
            var raw = [Float](repeating: .nan, count: rowCount * columnCount)
            var activated = raw
            let matrix = PackedMatrix(depth: depth, columnCount: columnCount) { weights[$0 * columnCount + $1] }
            let other = PackedMatrix(depth: 5, columnCount: columnCount) { others[$0 * columnCount + $1] }
            first.withUnsafeBufferPointer { first in
                second.withUnsafeBufferPointer { second in
                    guard let a = first.baseAddress, let b = second.baseAddress else { return }
                    raw.withUnsafeMutableBufferPointer { raw in
                        activated.withUnsafeMutableBufferPointer { activated in
                            RowProduct.run(
                                [
                                    ProductInput(rows: a, rowStride: stride, weights: matrix),
                                    ProductInput(rows: b, rowStride: 5, weights: other),
                                ], bias: RowProduct.paddedBias(bias), addend: addend, rowCount: rowCount,
                                into: ProductOutput(raw: raw.baseAddress, activated: activated.baseAddress),
                                level: level)
                        }
                    }
                }
            }
            return (raw, activated)
        }

        /// The sum and the sum of magnitudes of one output.
        func twin(_ row: Int, _ column: Int) -> (sum: Double, magnitude: Double) {
            var terms = [Double(bias[column]), Double(addend[row * columnCount + column])]
            for k in 0..<depth {
                terms.append(Double(first[row * stride + k]) * Double(weights[k * columnCount + column]))
            }
            for k in 0..<5 { terms.append(Double(second[row * 5 + k]) * Double(others[k * columnCount + column])) }
            return (terms.reduce(0, +), terms.reduce(0) { $0 + $1.magnitude })
        }
    }

    static let cases = [
        Case(rowCount: 1, columnCount: 1, depth: 1, stride: 1),
        Case(rowCount: 29, columnCount: 16, depth: 7, stride: 1),
        Case(rowCount: 13, columnCount: 17, depth: 33, stride: 8),
        Case(rowCount: 27, columnCount: 32, depth: 96, stride: 32),
        Case(rowCount: 100, columnCount: 33, depth: 5, stride: 9),
        Case(rowCount: 25, columnCount: 3, depth: 64, stride: 16),
        Case(rowCount: 109, columnCount: 70, depth: 200, stride: 25),
    ]

    @Test("Products agree with Double within the bound of a float sum", arguments: KernelLevel.available)
    func products(level: KernelLevel) {
        for example in Self.cases {
            let (raw, activated) = example.run(level)
            for row in 0..<example.rowCount {
                for column in 0..<example.columnCount {
                    let (sum, magnitude) = example.twin(row, column)
                    // n additions and products of float32, each rounded once: |error| <= n 2^-24 sum |terms|.
                    let bound = Double(example.depth + 7) * 0x1p-24 * magnitude
                    let value = Double(raw[row * example.columnCount + column])
                    #expect((value - sum).magnitude <= bound, "\(level) \(example.label) at \(row), \(column)")
                    let elu = value > 0 ? value : expm1(value)
                    let found = Double(activated[row * example.columnCount + column])
                    #expect((found - elu).magnitude <= 0x1p-22 * elu.magnitude, "\(level) ELU of \(value) is \(found)")
                }
            }
        }
    }

    @Test("The vector levels give the same bits", .enabled(if: KernelLevel.best == .avx512, "needs both levels"))
    func sameBits() {
        for example in Self.cases {
            let (wide, narrow) = (example.run(.avx512), example.run(.avx2))
            expectEqual(wide.raw, narrow.raw, "\(example.label)")
            expectEqual(wide.activated, narrow.activated, "\(example.label) ELU")
        }
    }

    @Test("Rows split over several calls give the same bits", arguments: KernelLevel.available)
    func splitRows(level: KernelLevel) {
        let whole = Case(rowCount: 109, columnCount: 70, depth: 200, stride: 25).run(level).raw
        let part = Case(rowCount: 14, columnCount: 70, depth: 200, stride: 25).run(level).raw
        // The generators give the same first rows, so the first 14 rows must agree whatever block they fall into.
        expectEqual(part, Array(whole[..<part.count]))
    }
}
