internal import COpenBLAS

/// The sizes of a product C = alpha op(A) op(B) + beta C of row-major matrices.
public struct MatrixProductShape: Sendable, Equatable {
    /// M: rows of op(A) and of C.
    public let rowCount: Int
    /// N: columns of op(B) and of C.
    public let columnCount: Int
    /// K: columns of op(A) and rows of op(B).
    public let innerCount: Int
    /// Whether A is stored as K x M.
    public let transposesLeft: Bool
    /// Whether B is stored as N x K.
    public let transposesRight: Bool

    /// Describes a product.
    ///
    /// - Parameters:
    ///   - rowCount: M, 0 ... 2^31 - 1.
    ///   - columnCount: N, 0 ... 2^31 - 1.
    ///   - innerCount: K, 0 ... 2^31 - 1.
    ///   - transposesLeft: A is stored as K x M.
    ///   - transposesRight: B is stored as N x K.
    public init(
        rowCount: Int, columnCount: Int, innerCount: Int, transposesLeft: Bool = false, transposesRight: Bool = false
    ) {
        let range = 0...Int(Int32.max)
        precondition(
            range.contains(rowCount) && range.contains(columnCount) && range.contains(innerCount),
            "a product of \(rowCount) x \(innerCount) and \(innerCount) x \(columnCount)")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.innerCount = innerCount
        self.transposesLeft = transposesLeft
        self.transposesRight = transposesRight
    }

    /// Traps unless the buffers are exactly as large as the matrices.
    func requireCounts(left: Int, right: Int, result: Int) {
        precondition(left == rowCount * innerCount, "A has \(left) elements, not \(rowCount) x \(innerCount)")
        precondition(right == innerCount * columnCount, "B has \(right) elements, not \(innerCount) x \(columnCount)")
        precondition(result == rowCount * columnCount, "C has \(result) elements, not \(rowCount) x \(columnCount)")
    }

    // BLAS wants leading dimensions of at least 1, also of empty matrices.
    var leftStride: Int32 { Int32(max(1, transposesLeft ? rowCount : innerCount)) }
    var rightStride: Int32 { Int32(max(1, transposesRight ? innerCount : columnCount)) }
    var resultStride: Int32 { Int32(max(1, columnCount)) }
    var isEmpty: Bool { rowCount == 0 || columnCount == 0 }
}

/// A number OpenBLAS multiplies: `Float` or `Double`.
public protocol MatrixScalar: BinaryFloatingPoint, Sendable {
    /// C = alpha op(A) op(B) + beta C by OpenBLAS, row-major.
    ///
    /// The order of additions, and so the last bits, depend on the processor and the thread count. With beta 0 the
    /// old contents of C do not matter, NaN included; with K = 0 the product is 0.
    ///
    /// - Parameters:
    ///   - shape: Sizes and transposes.
    ///   - alpha: Factor of the product.
    ///   - left: A, M x K (K x M when transposed).
    ///   - right: B, K x N (N x K when transposed).
    ///   - beta: Factor of the old C.
    ///   - result: C, M x N.
    static func multiply(
        _ shape: MatrixProductShape, alpha: Self, _ left: Span<Self>, _ right: Span<Self>, beta: Self,
        into result: inout MutableSpan<Self>)

    /// y = alpha op(A) x + beta y by OpenBLAS, row-major.
    ///
    /// - Parameters:
    ///   - rowCount: Rows of A as stored, 0 ... 2^31 - 1.
    ///   - columnCount: Columns of A as stored, 0 ... 2^31 - 1.
    ///   - transposes: Whether op(A) is the transpose.
    ///   - alpha: Factor of the product.
    ///   - matrix: A.
    ///   - vector: x.
    ///   - beta: Factor of the old y; with 0 the old contents do not matter.
    ///   - result: y.
    static func multiply(
        rowCount: Int, columnCount: Int, transposes: Bool, alpha: Self, _ matrix: Span<Self>, _ vector: Span<Self>,
        beta: Self, into result: inout MutableSpan<Self>)
}

extension Float: MatrixScalar {
    /// See `MatrixScalar`; by `cblas_sgemm`.
    public static func multiply(
        _ shape: MatrixProductShape, alpha: Float, _ left: Span<Float>, _ right: Span<Float>, beta: Float,
        into result: inout MutableSpan<Float>
    ) {
        shape.requireCounts(left: left.count, right: right.count, result: result.count)
        if shape.isEmpty { return }
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                result.withUnsafeMutableBufferPointer { result in
                    cblas_sgemm(
                        CblasRowMajor, shape.transposesLeft ? CblasTrans : CblasNoTrans,
                        shape.transposesRight ? CblasTrans : CblasNoTrans, blasint(shape.rowCount),
                        blasint(shape.columnCount), blasint(shape.innerCount), alpha, left.baseAddress,
                        shape.leftStride, right.baseAddress, shape.rightStride, beta, result.baseAddress,
                        shape.resultStride)
                }
            }
        }
    }

    /// See `MatrixScalar`; by `cblas_sgemv`.
    public static func multiply(
        rowCount: Int, columnCount: Int, transposes: Bool, alpha: Float, _ matrix: Span<Float>,
        _ vector: Span<Float>, beta: Float, into result: inout MutableSpan<Float>
    ) {
        let shape = requireVectorCounts(rowCount, columnCount, transposes, matrix.count, vector.count, result.count)
        prepare(&result, beta: beta, hasProduct: shape.innerCount > 0)
        if shape.isEmpty || shape.innerCount == 0 { return }
        matrix.withUnsafeBufferPointer { matrix in
            vector.withUnsafeBufferPointer { vector in
                result.withUnsafeMutableBufferPointer { result in
                    cblas_sgemv(
                        CblasRowMajor, transposes ? CblasTrans : CblasNoTrans, blasint(rowCount),
                        blasint(columnCount), alpha, matrix.baseAddress, blasint(columnCount), vector.baseAddress, 1,
                        beta, result.baseAddress, 1)
                }
            }
        }
    }
}

extension Double: MatrixScalar {
    /// See `MatrixScalar`; by `cblas_dgemm`.
    public static func multiply(
        _ shape: MatrixProductShape, alpha: Double, _ left: Span<Double>, _ right: Span<Double>, beta: Double,
        into result: inout MutableSpan<Double>
    ) {
        shape.requireCounts(left: left.count, right: right.count, result: result.count)
        if shape.isEmpty { return }
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                result.withUnsafeMutableBufferPointer { result in
                    cblas_dgemm(
                        CblasRowMajor, shape.transposesLeft ? CblasTrans : CblasNoTrans,
                        shape.transposesRight ? CblasTrans : CblasNoTrans, blasint(shape.rowCount),
                        blasint(shape.columnCount), blasint(shape.innerCount), alpha, left.baseAddress,
                        shape.leftStride, right.baseAddress, shape.rightStride, beta, result.baseAddress,
                        shape.resultStride)
                }
            }
        }
    }

    /// See `MatrixScalar`; by `cblas_dgemv`.
    public static func multiply(
        rowCount: Int, columnCount: Int, transposes: Bool, alpha: Double, _ matrix: Span<Double>,
        _ vector: Span<Double>, beta: Double, into result: inout MutableSpan<Double>
    ) {
        let shape = requireVectorCounts(rowCount, columnCount, transposes, matrix.count, vector.count, result.count)
        prepare(&result, beta: beta, hasProduct: shape.innerCount > 0)
        if shape.isEmpty || shape.innerCount == 0 { return }
        matrix.withUnsafeBufferPointer { matrix in
            vector.withUnsafeBufferPointer { vector in
                result.withUnsafeMutableBufferPointer { result in
                    cblas_dgemv(
                        CblasRowMajor, transposes ? CblasTrans : CblasNoTrans, blasint(rowCount),
                        blasint(columnCount), alpha, matrix.baseAddress, blasint(columnCount), vector.baseAddress, 1,
                        beta, result.baseAddress, 1)
                }
            }
        }
    }
}

/// Checks a matrix-vector product and describes it as op(A) times one column.
private func requireVectorCounts(
    _ rowCount: Int, _ columnCount: Int, _ transposes: Bool, _ matrix: Int, _ vector: Int, _ result: Int
) -> MatrixProductShape {
    let shape = MatrixProductShape(
        rowCount: transposes ? columnCount : rowCount, columnCount: 1,
        innerCount: transposes ? rowCount : columnCount, transposesLeft: transposes)
    shape.requireCounts(left: matrix, right: vector, result: result)
    return shape
}

/// Does what BLAS versions disagree about: with beta 0 a NaN in y must vanish, and an empty sum must still scale y.
private func prepare<Scalar: BinaryFloatingPoint>(
    _ result: inout MutableSpan<Scalar>, beta: Scalar, hasProduct: Bool
) {
    if beta != 0, hasProduct { return }
    for index in 0..<result.count { result[index] = beta == 0 ? 0 : result[index] * beta }
}
