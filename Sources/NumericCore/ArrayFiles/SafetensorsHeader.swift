/// The checked header of a `.safetensors` file.
struct SafetensorsHeader {
    struct Entry: Sendable {
        let name: String
        let elementType: ArrayElementType
        let shape: [Int]
        /// Position in the file.
        let offset: Int
        let byteCount: Int
    }

    /// The format's own limit.
    private static let maximumByteCount = 100_000_000

    let entries: [Entry]
    let metadata: [String: String]

    /// Parses the header; the tensors must cover the rest of the file without gaps or overlaps.
    init(_ source: ByteSource) throws(ArrayFileError) {
        let path = source.path
        let start = try source.read(at: 0, count: 8, part: "the safetensors header length")
        let claimed = start.littleEndian(at: 0, as: UInt64.self)
        guard let length = Int(exactly: claimed), length <= Self.maximumByteCount else {
            throw .malformed(path: path, reason: "a header of \(claimed) bytes exceeds \(Self.maximumByteCount)")
        }
        let text = try source.read(at: 8, count: length, part: "the safetensors header")
        guard text.first == UInt8(ascii: "{") else {
            throw .malformed(path: path, reason: "the safetensors header does not start with \"{\"")
        }
        guard let members = try HeaderJSON(parsing: text, path: path).members else {
            throw .malformed(path: path, reason: "the safetensors header is not an object")
        }
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        for member in members {
            if member.key == "__metadata__" {
                metadata = try Self.metadata(member.value, path: path)
            } else {
                entries.append(try Self.entry(member, dataStart: 8 + length, path: path))
            }
        }
        try Self.requireTiling(entries, dataStart: 8 + length, end: source.count, path: path)
        self.entries = entries
        self.metadata = metadata
    }

    private static func metadata(_ value: HeaderJSON, path: String) throws(ArrayFileError) -> [String: String] {
        guard let members = value.members else {
            throw .malformed(path: path, reason: "__metadata__ is not an object")
        }
        var metadata: [String: String] = [:]
        for member in members {
            guard let text = member.value.text else {
                throw .malformed(path: path, reason: "__metadata__ \"\(member.key)\" is not a text")
            }
            metadata[member.key] = text
        }
        return metadata
    }

    private static func entry(
        _ member: HeaderJSON.Member, dataStart: Int, path: String
    ) throws(ArrayFileError) -> Entry {
        let name = member.key
        guard let fields = member.value.members, fields.count == 3, let typeName = member.value["dtype"]?.text,
            let shape = member.value["shape"]?.integers, let range = member.value["data_offsets"]?.integers,
            range.count == 2
        else {
            throw .malformed(path: path, reason: "tensor \"\(name)\" has not just dtype, shape and two data_offsets")
        }
        guard let elementType = typesByName[typeName] else {
            throw .unsupported(path: path, reason: "tensor \"\(name)\" has type \(typeName); convert it to F32")
        }
        let byteCount = try ArrayExtents.byteCount(of: shape, elementType, path: "\(path)!\(name)")
        let (length, overflow) = range[1].subtractingReportingOverflow(range[0])
        guard range[0] >= 0, !overflow, length == byteCount else {
            throw .malformed(
                path: path, reason: "tensor \"\(name)\" of shape \(shape) takes \(byteCount) bytes, not \(range)")
        }
        let (offset, tooFar) = range[0].addingReportingOverflow(dataStart)
        guard !tooFar else {
            throw .malformed(path: path, reason: "tensor \"\(name)\" starts at \(range[0]), outside the file")
        }
        return Entry(name: name, elementType: elementType, shape: shape, offset: offset, byteCount: byteCount)
    }

    private static func requireTiling(
        _ entries: [Entry], dataStart: Int, end: Int, path: String
    ) throws(ArrayFileError) {
        var position = dataStart
        for entry in entries.sorted(by: { ($0.offset, $0.byteCount) < ($1.offset, $1.byteCount) }) {
            guard entry.offset == position else {
                throw .malformed(
                    path: path, reason: "tensor \"\(entry.name)\" starts at byte \(entry.offset), not \(position)")
            }
            guard entry.byteCount <= end - position else {
                throw .truncated(
                    path: path, part: "tensor \"\(entry.name)\"", needed: entry.byteCount, available: end - position)
            }
            position += entry.byteCount
        }
        guard position == end else {
            throw .malformed(path: path, reason: "\(end - position) bytes at its end belong to no tensor")
        }
    }

    /// The format's names of the kinds of numbers read here.
    static let typesByName: [String: ArrayElementType] = [
        "BOOL": .bool, "I8": .int8, "I16": .int16, "I32": .int32, "I64": .int64, "U8": .uint8, "U16": .uint16,
        "U32": .uint32, "U64": .uint64, "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
    ]
}
