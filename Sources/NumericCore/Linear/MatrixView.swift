internal import COpenBLAS

/// A row-major matrix inside memory that somebody else owns; its rows may be spaced apart.
///
/// Valid only while the owner lends the pointer.
public struct MatrixView {
    /// First element of the first row.
    public let base: UnsafePointer<Float>
    /// Rows.
    public let rowCount: Int
    /// Columns.
    public let columnCount: Int
    /// Floats from one row to the next, at least `columnCount`.
    public let rowStride: Int

    /// Describes a matrix.
    ///
    /// - Parameters:
    ///   - base: First element of the first row.
    ///   - rowCount: 0 ... 2^31 - 1.
    ///   - columnCount: 0 ... 2^31 - 1.
    ///   - rowStride: Floats from one row to the next; nil for dense rows.
    public init(_ base: UnsafePointer<Float>, rowCount: Int, columnCount: Int, rowStride: Int? = nil) {
        let rowStride = rowStride ?? columnCount
        precondition(rowCount >= 0 && columnCount >= 0, "a matrix of \(rowCount) x \(columnCount)")
        precondition(rowStride >= columnCount, "rows of \(columnCount) every \(rowStride)")
        self.base = base
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.rowStride = rowStride
    }
}

/// As ``MatrixView``, for writing.
public struct MutableMatrixView {
    /// First element of the first row.
    public let base: UnsafeMutablePointer<Float>
    /// Rows.
    public let rowCount: Int
    /// Columns.
    public let columnCount: Int
    /// Floats from one row to the next, at least `columnCount`.
    public let rowStride: Int

    /// Describes a matrix.
    ///
    /// - Parameters:
    ///   - base: First element of the first row.
    ///   - rowCount: 0 ... 2^31 - 1.
    ///   - columnCount: 0 ... 2^31 - 1.
    ///   - rowStride: Floats from one row to the next; nil for dense rows.
    public init(_ base: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int, rowStride: Int? = nil) {
        let view = MatrixView(base, rowCount: rowCount, columnCount: columnCount, rowStride: rowStride)
        self.base = base
        self.rowCount = view.rowCount
        self.columnCount = view.columnCount
        self.rowStride = view.rowStride
    }

    /// This matrix = op(left) op(right) + beta (this matrix), by `cblas_sgemm`.
    ///
    /// The order of additions depends on the processor and the thread count. With beta 0 the old contents do not
    /// matter, NaN included.
    ///
    /// - Parameters:
    ///   - left: A, M x K, or K x M when transposed.
    ///   - right: B, K x N, or N x K when transposed.
    ///   - transposingLeft: Use the transpose of `left`.
    ///   - transposingRight: Use the transpose of `right`.
    ///   - beta: Factor of the old contents.
    public func setProduct(
        _ left: MatrixView, _ right: MatrixView, transposingLeft: Bool = false, transposingRight: Bool = false,
        beta: Float = 0
    ) {
        let (rows, inner) = transposingLeft ? (left.columnCount, left.rowCount) : (left.rowCount, left.columnCount)
        let (other, columns) =
            transposingRight ? (right.columnCount, right.rowCount) : (right.rowCount, right.columnCount)
        precondition(
            rows == rowCount && columns == columnCount && inner == other,
            "\(rows) x \(inner) times \(other) x \(columns) into \(rowCount) x \(columnCount)")
        guard rows > 0, columns > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, transposingLeft ? CblasTrans : CblasNoTrans, transposingRight ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(inner), 1, left.base, blasint(max(1, left.rowStride)), right.base,
            blasint(max(1, right.rowStride)), beta, base, blasint(max(1, rowStride)))
    }
}
