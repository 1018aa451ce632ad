/// What a `.npy` header says.
public struct NpyHeader: Sendable, Equatable {
    /// Format version, 1...3 (the minor number is always 0).
    public let version: Int
    /// NumPy's type text, such as `<f4`.
    public let descriptor: String
    /// Whether the first index runs fastest in the file.
    public let isColumnMajor: Bool
    /// Extents, outermost first.
    public let shape: [Int]
    /// The kind of number `descriptor` names.
    public let elementType: ArrayElementType
    /// Whether the file's numbers have their most significant byte first.
    public let isBigEndian: Bool
    /// Position of the first element in the file.
    package let dataOffset: Int
    /// Bytes of all elements.
    package let dataByteCount: Int

    /// Longer header texts are refused; NumPy's own limit is 10 000.
    private static let maximumTextLength = 65_536
    private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

    /// Reads and checks the header at the start of a source.
    ///
    /// - Parameter source: The file.
    /// - Throws: `ArrayFileError`.
    package init(_ source: ByteSource) throws(ArrayFileError) {
        let path = source.path
        let (version, offset, length) = try Self.preamble(source)
        guard length <= Self.maximumTextLength else {
            throw .malformed(path: path, reason: "a header of \(length) bytes exceeds \(Self.maximumTextLength)")
        }
        let text = try source.read(at: offset, count: length, part: "the .npy header")
        var reader = NpyLiteralReader(text, path: path)
        let fields = try reader.fields()
        let (elementType, isBigEndian) = try Self.elementType(of: fields.descriptor, path: path)
        self.version = version
        descriptor = fields.descriptor
        isColumnMajor = fields.isColumnMajor
        shape = fields.shape
        self.elementType = elementType
        self.isBigEndian = isBigEndian
        dataOffset = offset + length
        dataByteCount = try ArrayExtents.byteCount(of: fields.shape, elementType, path: path)
    }

    /// Whether a file starts as a `.npy` does.
    ///
    /// - Parameter prefix: The first bytes.
    /// - Returns: true when they are the magic number.
    package static func matches(_ prefix: [UInt8]) -> Bool { prefix.starts(with: magic) }

    private static func preamble(_ source: ByteSource) throws(ArrayFileError) -> (Int, Int, Int) {
        let start = try source.read(at: 0, count: 8, part: "the .npy magic number")
        guard matches(start) else {
            throw .malformed(path: source.path, reason: "it does not start with the .npy magic number")
        }
        switch (start[6], start[7]) {
        case (1, 0):
            let length = try source.read(at: 8, count: 2, part: "the .npy header length")
            return (1, 10, Int(length.littleEndian(at: 0, as: UInt16.self)))
        case (2, 0), (3, 0):
            let length = try source.read(at: 8, count: 4, part: "the .npy header length")
            return (Int(start[6]), 12, Int(length.littleEndian(at: 0, as: UInt32.self)))
        default:
            throw .unsupported(
                path: source.path, reason: "it has .npy version \(start[6]).\(start[7]); save it as 1.0, 2.0 or 3.0")
        }
    }

    private static let types: [Substring: ArrayElementType] = [
        "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8, "u2": .uint16,
        "u4": .uint32, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
    ]

    private static func elementType(
        of descriptor: String, path: String
    ) throws(ArrayFileError) -> (ArrayElementType, Bool) {
        let order = descriptor.first
        guard let type = types[descriptor.dropFirst()], order == "<" || order == ">" || order == "|" else {
            throw .unsupported(
                path: path,
                reason: "it holds \"\(descriptor)\" elements; save it as b1, i1-i8, u1-u8, f2, f4 or f8")
        }
        guard order != "|" || type.byteCount == 1 else {
            throw .malformed(path: path, reason: "\"\(descriptor)\" does not say its byte order")
        }
        return (type, order == ">")
    }

    /// The bytes NumPy itself writes before the data of a row-major array.
    ///
    /// - Parameters:
    ///   - shape: Extents, outermost first.
    ///   - elementType: The kind of number; not `bfloat16`, which NumPy does not have.
    /// - Returns: Magic number, version 1.0 (2.0 for an enormous rank cannot occur), length and text.
    package static func encode(shape: [Int], elementType: ArrayElementType) -> [UInt8] {
        let extents = shape.map { String($0) }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(descriptor(of: elementType))', 'fortran_order': False, 'shape': (\(extents)), }"
        // NumPy leaves room for the first extent to grow to 21 digits, then aligns the data to 64 bytes.
        if let first = shape.first { text += String(repeating: " ", count: 21 - String(first).count) }
        let padding = 64 - (10 + text.utf8.count + 1) % 64
        text += String(repeating: " ", count: padding) + "\n"
        precondition(text.utf8.count <= Int(UInt16.max), "a shape of rank \(shape.count) needs header version 2")
        var bytes = magic + [1, 0]
        bytes.append(littleEndian: UInt16(text.utf8.count))
        return bytes + Array(text.utf8)
    }

    private static func descriptor(of type: ArrayElementType) -> String {
        switch type {
        case .bool: "|b1"
        case .int8: "|i1"
        case .uint8: "|u1"
        case .int16, .int32, .int64: "<i\(type.byteCount)"
        case .uint16, .uint32, .uint64: "<u\(type.byteCount)"
        case .float16, .float32, .float64: "<f\(type.byteCount)"
        case .bfloat16: preconditionFailure("NumPy has no bfloat16; write float32")
        }
    }
}
