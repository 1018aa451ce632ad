/// An array as a file holds it: a shape, a kind of number and row-major little-endian bytes.
///
/// Conversions are exact: one that would change a value fails and names the element.
public struct NumericArray: Sendable {
    /// Extents, outermost first; empty for a scalar.
    public let shape: [Int]
    /// The kind of number stored.
    public let elementType: ArrayElementType
    /// Elements in row-major, little-endian order.
    public let bytes: [UInt8]
    /// Where it came from, for errors: a path, or `path!member`.
    public let origin: String

    /// Wraps raw bytes.
    ///
    /// - Parameters:
    ///   - bytes: Row-major little-endian elements; `shape`'s product times the element's size.
    ///   - shape: Extents, outermost first.
    ///   - elementType: The kind of number.
    ///   - origin: A path for errors.
    package init(_ bytes: [UInt8], shape: [Int], elementType: ArrayElementType, origin: String) {
        let expected = shape.reduce(elementType.byteCount, *)
        precondition(bytes.count == expected, "\(bytes.count) bytes for shape \(shape) of \(elementType)")
        self.bytes = bytes
        self.shape = shape
        self.elementType = elementType
        self.origin = origin
    }

    /// Number of elements.
    public var count: Int { bytes.count / elementType.byteCount }

    /// The elements as another type.
    ///
    /// - Parameter type: Any type array files can hold; booleans become 0 and 1.
    /// - Returns: A tensor of the same shape; bits are kept when the type is the stored one.
    /// - Throws: `ArrayFileError.inexact` for the first element `type` cannot hold.
    public func tensor<Element: ArrayElement>(of type: Element.Type) throws(ArrayFileError) -> Tensor<Element> {
        var elements: [Element] = []
        elements.reserveCapacity(count)
        try ElementDecoder(elementType: elementType, origin: origin).decode(bytes, startIndex: 0, into: &elements)
        return Tensor(elements, shape: shape)
    }

    /// The elements as `Float`; see `tensor(of:)`.
    public func float32() throws(ArrayFileError) -> Tensor<Float> { try tensor(of: Float.self) }

    /// The elements as `Double`; see `tensor(of:)`.
    public func float64() throws(ArrayFileError) -> Tensor<Double> { try tensor(of: Double.self) }

    /// The elements as `Int32`; see `tensor(of:)`.
    public func int32() throws(ArrayFileError) -> Tensor<Int32> { try tensor(of: Int32.self) }

    /// The elements as `Int64`; see `tensor(of:)`.
    public func int64() throws(ArrayFileError) -> Tensor<Int64> { try tensor(of: Int64.self) }

    /// The elements as truth values.
    ///
    /// - Returns: A tensor of the same shape.
    /// - Throws: `ArrayFileError.unsupported` when the file holds another kind of number.
    public func bool() throws(ArrayFileError) -> Tensor<Bool> {
        guard elementType == .bool else {
            throw .unsupported(path: origin, reason: "it holds \(elementType.rawValue) where truth values are wanted")
        }
        let numbers = try tensor(of: UInt8.self)
        return Tensor(numbers.elements.map { $0 == 1 }, shape: shape)
    }
}
