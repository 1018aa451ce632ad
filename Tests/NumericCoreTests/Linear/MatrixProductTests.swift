import NumericCore
import TestSupport
import Testing

struct MatrixProductTests {
    static let sizes: [MatrixProductShape] = [
        (1, 1, 1), (1, 7, 3), (7, 1, 3), (5, 3, 1), (3, 5, 7), (17, 13, 31), (33, 29, 61), (2, 3, 500), (40, 40, 16),
        (3, 4, 0), (0, 4, 3), (3, 0, 4), (0, 0, 0),
    ].flatMap { (rows, columns, inner) in
        [(false, false), (false, true), (true, false), (true, true)].map {
            MatrixProductShape(
                rowCount: rows, columnCount: columns, innerCount: inner, transposesLeft: $0.0, transposesRight: $0.1)
        }
    }

    @Test(arguments: sizes)
    func `OpenBLAS agrees with the definition in Float`(shape: MatrixProductShape) {
        check(shape, Float.self, alpha: 1, beta: 0)
        check(shape, Float.self, alpha: -0.75, beta: 1)
        check(shape, Float.self, alpha: 0.5, beta: -2)
    }

    @Test(arguments: sizes)
    func `OpenBLAS agrees with the definition in Double`(shape: MatrixProductShape) {
        check(shape, Double.self, alpha: 1, beta: 0)
        check(shape, Double.self, alpha: -0.75, beta: 1)
        check(shape, Double.self, alpha: 0.5, beta: -2)
    }

    /// Compares with the plain twin element by element.
    ///
    /// Each element is a sum of K products, a scaling and an addition. Any order of summing errs by at most
    /// (K + 2) eps (|alpha| sum |a||b| + |beta c|) (Higham, Accuracy and Stability, section 3.1); both sides do, hence
    /// twice.
    private func check<Scalar: MatrixScalar>(
        _ shape: MatrixProductShape, _ type: Scalar.Type, alpha: Scalar, beta: Scalar
    ) {
        var generator = Xoshiro256(seed: 11)
        func random(_ count: Int) -> [Scalar] { (0..<count).map { _ in Scalar(generator.normalDouble()) } }
        let left = random(shape.rowCount * shape.innerCount)
        let right = random(shape.innerCount * shape.columnCount)
        let start = random(shape.rowCount * shape.columnCount)
        let fast = filled(start) { span in
            Scalar.multiply(shape, alpha: alpha, left.span, right.span, beta: beta, into: &span)
        }
        let plain = filled(start) { span in
            PlainMatrixProduct.multiply(shape, alpha: alpha, left.span, right.span, beta: beta, into: &span)
        }
        let (a, b) = (left.map(\.magnitude), right.map(\.magnitude))
        let scale = filled(start.map(\.magnitude)) { span in
            PlainMatrixProduct.multiply(
                shape, alpha: alpha.magnitude, a.span, b.span, beta: beta.magnitude, into: &span)
        }
        let unit = 2 * Double(shape.innerCount + 2) * Double(Scalar.ulpOfOne)
        let excess = zip(zip(fast, plain), scale).map { Double(($0.0 - $0.1).magnitude) - unit * Double($1) }
        #expect(excess.allSatisfy { $0 <= 0 }, "largest excess \(excess.max() ?? 0) at \(shape)")
    }

    private func filled<Scalar>(_ start: [Scalar], _ body: (inout MutableSpan<Scalar>) -> Void) -> [Scalar] {
        var result = start
        var span = result.mutableSpan
        body(&span)
        return result
    }

    /// Small integers: exact in any order, worked out with the definition on paper.
    @Test func `a product of known integers is exact in all four transposes`() {
        let a = Tensor<Float>([1, 2, 3, 4, 5, 6], shape: [2, 3])
        let b = Tensor<Float>([1, 0, -1, 2, 2, 1], shape: [3, 2])
        let expected = Tensor<Float>([5, 7, 11, 16], shape: [2, 2])
        #expect(a.product(b) == expected)
        #expect(a.transposed.product(b, transposingLeft: true) == expected)
        #expect(a.product(b.transposed, transposingRight: true) == expected)
        #expect(a.transposed.product(b.transposed, transposingLeft: true, transposingRight: true) == expected)
        #expect(b.product(a) == Tensor([1, 2, 3, 7, 8, 9, 6, 9, 12], shape: [3, 3]))
    }

    @Test(arguments: [(0, 0), (1, 1), (5, 3), (3, 5), (1, 130), (130, 1), (67, 129), (4, 0), (0, 4)], [false, true])
    func `a matrix times a vector agrees with the definition`(extents: (Int, Int), transposes: Bool) {
        checkVector(extents, transposes, Float.self)
        checkVector(extents, transposes, Double.self)
    }

    private func checkVector<Scalar: MatrixScalar>(
        _ extents: (rows: Int, columns: Int), _ transposes: Bool, _ type: Scalar.Type
    ) {
        var generator = Xoshiro256(seed: 12)
        func random(_ count: Int) -> [Scalar] { (0..<count).map { _ in Scalar(generator.normalDouble()) } }
        let (rows, columns) = extents
        let (outputs, inputs) = transposes ? (columns, rows) : (rows, columns)
        let (matrix, vector, start) = (random(rows * columns), random(inputs), random(outputs))
        let shape = MatrixProductShape(
            rowCount: outputs, columnCount: 1, innerCount: inputs, transposesLeft: transposes)
        for (alpha, beta) in [(1, 0), (-0.75, 1), (0.5, -2)] as [(Scalar, Scalar)] {
            let fast = filled(start) { span in
                Scalar.multiply(
                    rowCount: rows, columnCount: columns, transposes: transposes, alpha: alpha, matrix.span,
                    vector.span, beta: beta, into: &span)
            }
            let plain = filled(start) { span in
                PlainMatrixProduct.multiply(shape, alpha: alpha, matrix.span, vector.span, beta: beta, into: &span)
            }
            // The terms are below 5.5 in magnitude for this seed's normal numbers: K + 1 terms of at most 31 each.
            let bound = 2 * Double(inputs + 2) * Double(Scalar.ulpOfOne) * Double(inputs + 1) * 31
            expectClose(fast, plain, bound: bound, relativeTo: .absolute, "\(extents) \(transposes) \(alpha) \(beta)")
        }
    }

    @Test func `with beta 0 a NaN in the old result vanishes`() {
        let ones: [Float] = [1, 1, 1, 1]
        let shape = MatrixProductShape(rowCount: 2, columnCount: 2, innerCount: 2)
        let product = filled([.nan, .infinity, 0, .nan] as [Float]) { span in
            Float.multiply(shape, alpha: 1, ones.span, ones.span, beta: 0, into: &span)
        }
        #expect(product == [2, 2, 2, 2])
        let vector = filled([.nan, .infinity] as [Float]) { span in
            let (matrix, input) = (ones, [1, 1] as [Float])
            Float.multiply(
                rowCount: 2, columnCount: 2, transposes: false, alpha: 1, matrix.span, input.span, beta: 0, into: &span)
        }
        #expect(vector == [2, 2])
    }

    @Test func `sizes that do not fit trap`() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor<Float>([1, 2], shape: [1, 2]).product(Tensor<Float>([1, 2], shape: [1, 2]))
        }
        await #expect(processExitsWith: .failure) {
            var result: [Float] = [0]
            var span = result.mutableSpan
            let shape = MatrixProductShape(rowCount: 1, columnCount: 1, innerCount: 2)
            let (two, one): ([Float], [Float]) = ([1, 2], [1])
            Float.multiply(shape, alpha: 1, two.span, one.span, beta: 0, into: &span)
        }
    }

    @Test func `OpenBLAS names its kernels and takes one thread count for good`() async {
        #expect(!BLASRuntime.coreName.isEmpty && BLASRuntime.coreName != "unknown")
        #expect(BLASRuntime.configuration.hasPrefix("OpenBLAS"))
        #expect(BLASRuntime.allowedThreadCounts.contains(BLASRuntime.threadCount))
        await #expect(processExitsWith: .success) {
            BLASRuntime.setThreadCount(1)
            BLASRuntime.setThreadCount(1)
            try #require(BLASRuntime.threadCount == 1)
        }
        await #expect(processExitsWith: .failure) { BLASRuntime.setThreadCount(0) }
        await #expect(processExitsWith: .failure) {
            BLASRuntime.setThreadCount(1)
            BLASRuntime.setThreadCount(2)
        }
    }
}
