import Foundation
import NumericCore
import TestSupport
import Testing

struct FourierTransformTests {
    /// Rows of a golden, flat.
    private func golden(_ length: Int, _ name: String) throws -> [Double] {
        try NpyFile.read(path: Repository.golden("arrays/fft/\(length)_\(name).npy").path).float64().elements
    }

    /// The manifest's bound: 8 max(1, ceil log2 N) eps times the 2-norm of the row's spectrum, for each number of the row.
    private func expectWithinBound<Scalar: BinaryFloatingPoint>(
        _ actual: [Scalar], _ expected: [Double], rowCount: Int, length: Int, _ label: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let stages = max(1, Int.bitWidth - (length - 1).leadingZeroBitCount)
        let width = expected.count / rowCount
        for row in 0..<rowCount {
            let range = row * width..<(row + 1) * width
            let norm = expected[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
            let bound = 8 * Double(stages) * Double(Scalar.ulpOfOne) * norm
            expectClose(
                actual[range].map { Double($0) }, Array(expected[range]), bound: bound, relativeTo: .absolute,
                "\(label) length \(length) row \(row)", sourceLocation: sourceLocation)
        }
    }

    private func checkReal<Scalar: FourierScalar>(_ length: Int, _ type: Scalar.Type) throws {
        // The Float run starts from rounded samples: half an ulp of each, which the bound's factor 8 also covers.
        let signal = try golden(length, "real").map { Scalar($0) }
        let transform = RealFourierTransform<Scalar>(length: length)
        let spectrum = transform.forward(signal)
        expectWithinBound(spectrum, try golden(length, "rfft"), rowCount: 2, length: length, "rfft")
        let back = transform.inverse(spectrum)
        expectWithinBound(back, signal.map { Double($0) }, rowCount: 2, length: length, "irfft")
    }

    private func checkComplex<Scalar: FourierScalar>(_ length: Int, _ type: Scalar.Type) throws {
        let signal = try golden(length, "complex").map { Scalar($0) }
        let transform = ComplexFourierTransform<Scalar>(length: length)
        let spectrum = transform.forward(signal)
        expectWithinBound(spectrum, try golden(length, "fft"), rowCount: 2, length: length, "fft")
        let back = transform.inverse(spectrum)
        expectWithinBound(back, signal.map { Double($0) }, rowCount: 2, length: length, "ifft")
    }

    @Test(arguments: try ArrayManifest.load().fft.lengths)
    func `real rows of any length transform as in NumPy, and back`(length: Int) throws {
        try checkReal(length, Float.self)
        try checkReal(length, Double.self)
    }

    @Test(arguments: try ArrayManifest.load().fft.lengths)
    func `complex rows of any length transform as in NumPy, and back`(length: Int) throws {
        try checkComplex(length, Float.self)
        try checkComplex(length, Double.self)
    }

    @Test(arguments: [1, 2, 3, 30, 31, 128])
    func `the definition agrees with NumPy in both directions`(length: Int) throws {
        var generator = Xoshiro256(seed: 5)
        let row = (0..<2 * length).map { _ in generator.normalDouble() }
        let transform = ComplexFourierTransform<Double>(length: length)
        let plain = PlainFourierTransform.transform(row)
        // N products of terms below 6, each off by an ulp or two.
        let bound = 6 * Double(length * length) * Double.ulpOfOne * 4
        expectClose(transform.forward(row), plain, bound: bound, relativeTo: .absolute)
        let inverse = PlainFourierTransform.transform(row, isInverse: true).map { $0 / Double(length) }
        expectClose(transform.inverse(row), inverse, bound: bound, relativeTo: .absolute)
    }

    @Test(arguments: try ArrayManifest.load().fft.lengths.filter { $0 <= 128 })
    func `the twin meets NumPy's numbers by itself`(length: Int) throws {
        let signal = try golden(length, "complex")
        let expected = try golden(length, "fft")
        let first = PlainFourierTransform.transform(Array(signal[..<(2 * length)]))
        let bound = 6 * Double(length * length) * Double.ulpOfOne * 4
        expectClose(first, Array(expected[..<(2 * length)]), bound: bound, relativeTo: .absolute)
    }

    @Test func `equal rows give equal bits wherever they lie, in every plan and task`() async {
        var generator = Xoshiro256(seed: 6)
        let length = 225
        let row = (0..<length).map { _ in generator.normalFloat() }
        let batch = RealFourierTransform<Float>(length: length).forward(row + row + row)
        let width = batch.count / 3
        expectEqual(Array(batch[..<width]), Array(batch[width..<2 * width]))
        expectEqual(Array(batch[..<width]), Array(batch[(2 * width)...]))
        let shared = RealFourierTransform<Float>(length: length)
        await withTaskGroup(of: [Float].self) { group in
            for index in 0..<16 {
                group.addTask {
                    index.isMultiple(of: 2) ? shared.forward(row) : RealFourierTransform(length: length).forward(row)
                }
            }
            for await result in group { expectEqual(result, Array(batch[..<width])) }
        }
    }

    @Test func `no rows give nothing, and rows of a wrong length trap`() async {
        #expect(RealFourierTransform<Float>(length: 8).forward([]).isEmpty)
        #expect(RealFourierTransform<Double>(length: 8).inverse([]).isEmpty)
        #expect(ComplexFourierTransform<Float>(length: 8).forward([]).isEmpty)
        await #expect(processExitsWith: .failure) {
            _ = RealFourierTransform<Float>(length: 8).forward([Float](repeating: 0, count: 9))
        }
        await #expect(processExitsWith: .failure) {
            _ = ComplexFourierTransform<Float>(length: 8).inverse([Float](repeating: 0, count: 17))
        }
        await #expect(processExitsWith: .failure) { _ = RealFourierTransform<Float>(length: 0) }
    }

    @Test func `the imaginary parts of the first and the middle bin do not matter to the inverse`() {
        let spectrum: [Double] = [4, 9, 1, -2, 3, 7]
        let cleared: [Double] = [4, 0, 1, -2, 3, 0]
        let transform = RealFourierTransform<Double>(length: 4)
        #expect(transform.inverse(spectrum) == transform.inverse(cleared))
        // By hand: (4 + 2 (1 cos - (-2) sin) + 3 (-1)^n) / 4.
        #expect(transform.inverse(cleared) == [2.25, 1.25, 1.25, -0.75])
    }
}
