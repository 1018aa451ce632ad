/// A dense row-major array that owns its elements.
///
/// The shape is fixed at creation and its product always equals the number of elements. A scalar has shape `[]`
/// and one element; an extent of 0 is allowed and makes the tensor empty.
public struct Tensor<Element: Sendable>: Sendable {
    /// Extents, outermost first.
    public let shape: [Int]
    /// Elements in row-major order (the last index runs fastest).
    public private(set) var elements: [Element]

    /// Wraps `elements` in `shape`.
    ///
    /// - Parameters:
    ///   - elements: Row-major contents.
    ///   - shape: Extents, outermost first; each at least 0, product equal to `elements.count`.
    public init(_ elements: [Element], shape: [Int]) {
        precondition(shape.allSatisfy { $0 >= 0 }, "negative extent in shape \(shape)")
        precondition(
            shape.reduce(1, *) == elements.count, "shape \(shape) does not hold \(elements.count) elements")
        self.shape = shape
        self.elements = elements
    }

    /// A tensor filled with one value.
    ///
    /// - Parameters:
    ///   - value: The value of every element.
    ///   - shape: Extents, outermost first; each at least 0.
    public init(repeating value: Element, shape: [Int]) {
        self.init([Element](repeating: value, count: shape.reduce(1, *)), shape: shape)
    }

    /// Number of elements.
    public var count: Int { elements.count }

    /// Number of dimensions.
    public var rank: Int { shape.count }

    /// The same elements under another shape.
    ///
    /// - Parameter shape: New extents with the same product.
    /// - Returns: A tensor that shares this one's order of elements.
    public func reshaped(to shape: [Int]) -> Tensor { Tensor(elements, shape: shape) }

    /// Calls `body` with the elements for writing; the count cannot change.
    ///
    /// - Parameter body: Receives the row-major elements.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public mutating func withMutableElements<Result, Failure: Error>(
        _ body: (inout UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try elements.withUnsafeMutableBufferPointer(body)
    }

    /// The element of a two-dimensional tensor.
    ///
    /// - Parameters:
    ///   - row: 0 ..< shape[0].
    ///   - column: 0 ..< shape[1].
    public subscript(row: Int, column: Int) -> Element {
        get { elements[offset(row, column)] }
        set { elements[offset(row, column)] = newValue }
    }

    private func offset(_ row: Int, _ column: Int) -> Int {
        precondition(rank == 2, "a row and a column address a matrix, not shape \(shape)")
        precondition(row >= 0 && row < shape[0] && column >= 0 && column < shape[1], "(\(row), \(column)) in \(shape)")
        return row * shape[1] + column
    }
}

extension Tensor where Element: Numeric {
    /// The transpose of a matrix.
    public var transposed: Tensor {
        precondition(rank == 2, "only a matrix has a transpose, not shape \(shape)")
        let (rows, columns) = (shape[0], shape[1])
        var result = [Element](repeating: 0, count: count)
        for row in 0..<rows {
            for column in 0..<columns { result[column * rows + row] = elements[row * columns + column] }
        }
        return Tensor(result, shape: [columns, rows])
    }
}

extension Tensor: Equatable where Element: Equatable {}
