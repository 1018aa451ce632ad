/// The product by its definition: the twin every fast product is tested against.
public enum PlainMatrixProduct {
    /// C = alpha op(A) op(B) + beta C, each sum from left to right in the scalar's own precision.
    ///
    /// - Parameters:
    ///   - shape: Sizes and transposes.
    ///   - alpha: Factor of the product.
    ///   - left: A, M x K (K x M when transposed), row-major.
    ///   - right: B, K x N (N x K when transposed), row-major.
    ///   - beta: Factor of the old C; with 0 the old contents do not matter.
    ///   - result: C, M x N, row-major.
    public static func multiply<Scalar: BinaryFloatingPoint>(
        _ shape: MatrixProductShape, alpha: Scalar, _ left: Span<Scalar>, _ right: Span<Scalar>, beta: Scalar,
        into result: inout MutableSpan<Scalar>
    ) {
        shape.requireCounts(left: left.count, right: right.count, result: result.count)
        let (rows, columns, inner) = (shape.rowCount, shape.columnCount, shape.innerCount)
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Scalar = 0
                for index in 0..<inner {
                    let a = left[shape.transposesLeft ? index * rows + row : row * inner + index]
                    let b = right[shape.transposesRight ? column * inner + index : index * columns + column]
                    sum += a * b
                }
                let old = beta == 0 ? 0 : beta * result[row * columns + column]
                result[row * columns + column] = alpha * sum + old
            }
        }
    }
}
