import NumericCore
import TestSupport
import Testing

struct MatrixViewTests {
    @Test(
        arguments: [(3, 4, 5), (1, 7, 2), (6, 1, 1), (2, 3, 0), (17, 9, 33)],
        [(false, false), (true, false), (false, true), (true, true)])
    func `products of spaced rows equal the plain ones and leave the gaps alone`(
        size: (rows: Int, columns: Int, inner: Int), transposes: (left: Bool, right: Bool)
    ) {
        var generator = Xoshiro256(seed: 12)
        let (m, n, k) = size
        let left = generator.normalTensor(shape: transposes.left ? [k, m] : [m, k])
        let right = generator.normalTensor(shape: transposes.right ? [n, k] : [k, n])
        let start = generator.normalTensor(shape: [m, n])
        let gap = 3
        var (a, b, c) = (spaced(left), spaced(right), spaced(start))
        a.withUnsafeMutableBufferPointer { a in
            b.withUnsafeMutableBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                    MutableMatrixView(c, rowCount: m, columnCount: n, rowStride: n + gap).setProduct(
                        view(a, left, gap), view(b, right, gap), transposingLeft: transposes.left,
                        transposingRight: transposes.right, beta: 1)
                }
            }
        }
        var expected = start.elements
        let shape = MatrixProductShape(
            rowCount: m, columnCount: n, innerCount: k, transposesLeft: transposes.left,
            transposesRight: transposes.right)
        var span = expected.mutableSpan
        PlainMatrixProduct.multiply(shape, alpha: 1, left.elements.span, right.elements.span, beta: 1, into: &span)
        expectClose(c, spaced(Tensor(expected, shape: [m, n])), bound: 1e-5, relativeTo: .peak)
    }

    private func view(_ base: UnsafeMutablePointer<Float>, _ tensor: Tensor<Float>, _ gap: Int) -> MatrixView {
        MatrixView(
            base, rowCount: tensor.shape[0], columnCount: tensor.shape[1], rowStride: tensor.shape[1] + gap)
    }

    /// Rows with three sevens after each.
    private func spaced(_ tensor: Tensor<Float>) -> [Float] {
        let width = tensor.shape[1]
        var result: [Float] = []
        for row in 0..<tensor.shape[0] {
            result += tensor.elements[row * width..<(row + 1) * width]
            result += [7, 7, 7]
        }
        return result + [7]
    }
}
