extension Tensor where Element: MatrixScalar {
    /// The product of two matrices by OpenBLAS.
    ///
    /// - Parameters:
    ///   - right: The right factor.
    ///   - transposingLeft: Use the transpose of this matrix.
    ///   - transposingRight: Use the transpose of `right`.
    /// - Returns: A new matrix; zeros when the inner extent is 0.
    public func product(
        _ right: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
    ) -> Tensor {
        precondition(rank == 2 && right.rank == 2, "a product takes matrices, not \(shape) and \(right.shape)")
        let (rows, inner) = transposingLeft ? (shape[1], shape[0]) : (shape[0], shape[1])
        let (other, columns) = transposingRight ? (right.shape[1], right.shape[0]) : (right.shape[0], right.shape[1])
        precondition(inner == other, "a product of \(rows) x \(inner) and \(other) x \(columns)")
        let size = MatrixProductShape(
            rowCount: rows, columnCount: columns, innerCount: inner, transposesLeft: transposingLeft,
            transposesRight: transposingRight)
        var result = [Element](repeating: 0, count: rows * columns)
        var span = result.mutableSpan
        Element.multiply(size, alpha: 1, elements.span, right.elements.span, beta: 0, into: &span)
        return Tensor(result, shape: [rows, columns])
    }
}
