/// The kind of number stored in an array file, whatever its byte order was.
public enum ArrayElementType: String, Sendable, CaseIterable {
    case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, bfloat16, float32, float64

    /// Bytes an element takes.
    public var byteCount: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// Whether elements are floating-point numbers.
    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: false
        }
    }
}

/// A Swift number that array files can hold.
///
/// Conforming types are stored as their own memory, which is the files' little-endian order on every machine this
/// package builds for.
public protocol ArrayElement: BitwiseCopyable, Sendable {
    /// The kind of number in files.
    static var arrayElementType: ArrayElementType { get }

    /// The same number in this type.
    ///
    /// - Parameter value: Any number; NaN stays NaN in floating-point types.
    /// - Returns: nil when this type cannot hold the number exactly.
    static func exactly(_ value: Double) -> Self?

    /// The same integer in this type.
    ///
    /// - Parameter value: Any integer.
    /// - Returns: nil when this type cannot hold the integer exactly.
    static func exactly(_ value: Int64) -> Self?

    /// The same integer in this type.
    ///
    /// - Parameter value: Any integer.
    /// - Returns: nil when this type cannot hold the integer exactly.
    static func exactly(_ value: UInt64) -> Self?
}

extension ArrayElement where Self: FixedWidthInteger {
    /// The same number in this type; nil for fractions, NaN, infinities and numbers out of range.
    public static func exactly(_ value: Double) -> Self? { Self(exactly: value) }
    /// The same integer in this type; nil out of range.
    public static func exactly(_ value: Int64) -> Self? { Self(exactly: value) }
    /// The same integer in this type; nil out of range.
    public static func exactly(_ value: UInt64) -> Self? { Self(exactly: value) }
}

extension ArrayElement where Self: BinaryFloatingPoint {
    /// The same number in this type; nil when it would have to be rounded.
    public static func exactly(_ value: Double) -> Self? { value.isNaN ? .nan : Self(exactly: value) }
    /// The same integer in this type; nil when it would have to be rounded.
    public static func exactly(_ value: Int64) -> Self? { Self(exactly: value) }
    /// The same integer in this type; nil when it would have to be rounded.
    public static func exactly(_ value: UInt64) -> Self? { Self(exactly: value) }
}

extension Int8: ArrayElement {
    /// `int8`.
    public static var arrayElementType: ArrayElementType { .int8 }
}
extension Int16: ArrayElement {
    /// `int16`.
    public static var arrayElementType: ArrayElementType { .int16 }
}
extension Int32: ArrayElement {
    /// `int32`.
    public static var arrayElementType: ArrayElementType { .int32 }
}
extension Int64: ArrayElement {
    /// `int64`.
    public static var arrayElementType: ArrayElementType { .int64 }
}
extension UInt8: ArrayElement {
    /// `uint8`.
    public static var arrayElementType: ArrayElementType { .uint8 }
}
extension UInt16: ArrayElement {
    /// `uint16`.
    public static var arrayElementType: ArrayElementType { .uint16 }
}
extension UInt32: ArrayElement {
    /// `uint32`.
    public static var arrayElementType: ArrayElementType { .uint32 }
}
extension UInt64: ArrayElement {
    /// `uint64`.
    public static var arrayElementType: ArrayElementType { .uint64 }
}
extension Float16: ArrayElement {
    /// `float16`.
    public static var arrayElementType: ArrayElementType { .float16 }
}
extension Float: ArrayElement {
    /// `float32`.
    public static var arrayElementType: ArrayElementType { .float32 }
}
extension Double: ArrayElement {
    /// `float64`.
    public static var arrayElementType: ArrayElementType { .float64 }
}
