/// The central directory of a zip file, checked against the local headers.
enum ZipDirectory {
    struct Entry: Sendable {
        let name: String
        let isDeflated: Bool
        let checksum: UInt32
        let packedSize: Int
        let size: Int
        var dataOffset: Int
    }

    /// Larger directories are refused: 64 MiB is half a million members.
    private static let maximumByteCount = 64 << 20

    /// All members, whose bytes are inside the file, before the directory and disjoint.
    static func read(_ source: ByteSource) throws(ArrayFileError) -> [Entry] {
        let end = try ZipEndRecord.find(in: source)
        guard end.directorySize <= maximumByteCount else {
            throw .malformed(path: source.path, reason: "its directory claims \(end.directorySize) bytes")
        }
        let bytes = try source.read(at: end.directoryOffset, count: end.directorySize, part: "the zip directory")
        var entries: [Entry] = []
        var position = 0
        while position < bytes.count {
            entries.append(try entry(in: bytes, at: &position, path: source.path))
        }
        guard entries.count == end.memberCount else {
            throw .malformed(
                path: source.path, reason: "its directory has \(entries.count) members, not \(end.memberCount)")
        }
        for index in entries.indices {
            entries[index].dataOffset = try locate(entries[index], in: source, limit: end.directoryOffset)
        }
        try requireDisjoint(entries, path: source.path)
        return entries
    }

    /// Parses one directory record; `dataOffset` is that of the local header until `locate`.
    private static func entry(in bytes: [UInt8], at position: inout Int, path: String) throws(ArrayFileError) -> Entry {
        let start = position
        guard bytes.count - start >= 46, bytes.littleEndian(at: start, as: UInt32.self) == 0x0201_4B50 else {
            throw .malformed(path: path, reason: "no directory record at byte \(start) of the zip directory")
        }
        func short(_ offset: Int) -> Int { Int(bytes.littleEndian(at: start + offset, as: UInt16.self)) }
        func word(_ offset: Int) -> UInt32 { bytes.littleEndian(at: start + offset, as: UInt32.self) }
        let (nameLength, extraLength, commentLength) = (short(28), short(30), short(32))
        let nameStart = start + 46
        let extraStart = nameStart + nameLength
        position = extraStart + extraLength + commentLength
        guard position <= bytes.count else {
            throw .malformed(path: path, reason: "a directory record at byte \(start) leaves the zip directory")
        }
        let name = String(decoding: bytes[nameStart..<extraStart], as: UTF8.self)
        try requireReadable(flags: short(8), method: short(10), disk: short(34), name: name, path: path)
        var fields = ZipExtraFields(bytes[extraStart..<extraStart + extraLength])
        guard let size = fields.size(word(24)), let packedSize = fields.size(word(20)),
            let offset = fields.size(word(42))
        else { throw .malformed(path: path, reason: "member \"\(name)\" has sizes no file can have") }
        return Entry(
            name: name, isDeflated: short(10) == 8, checksum: word(16), packedSize: packedSize, size: size,
            dataOffset: offset)
    }

    private static func requireReadable(
        flags: Int, method: Int, disk: Int, name: String, path: String
    ) throws(ArrayFileError) {
        guard flags & 0x2041 == 0 else {
            throw .unsupported(path: path, reason: "member \"\(name)\" is encrypted; save it without a password")
        }
        guard method == 0 || method == 8 else {
            throw .unsupported(
                path: path, reason: "member \"\(name)\" is packed by method \(method); use stored or deflated")
        }
        guard disk == 0 || disk == 0xFFFF else {
            throw .unsupported(path: path, reason: "it is one part of a split archive; join the parts")
        }
    }

    /// Checks the local header and returns where the member's bytes start.
    private static func locate(_ entry: Entry, in source: ByteSource, limit: Int) throws(ArrayFileError) -> Int {
        let path = source.path
        let header = try source.read(at: entry.dataOffset, count: 30, part: "the header of \"\(entry.name)\"")
        let nameLength = Int(header.littleEndian(at: 26, as: UInt16.self))
        let extraLength = Int(header.littleEndian(at: 28, as: UInt16.self))
        let name = try source.read(
            at: entry.dataOffset + 30, count: nameLength, part: "the header of \"\(entry.name)\"")
        guard header.littleEndian(at: 0, as: UInt32.self) == 0x0403_4B50,
            header.littleEndian(at: 8, as: UInt16.self) == (entry.isDeflated ? 8 : 0),
            name.elementsEqual(entry.name.utf8)
        else {
            throw .malformed(path: path, reason: "member \"\(entry.name)\" has a header that disagrees")
        }
        let dataOffset = entry.dataOffset + 30 + nameLength + extraLength
        guard dataOffset <= limit, entry.packedSize <= limit - dataOffset else {
            throw .truncated(
                path: path, part: "member \"\(entry.name)\"", needed: entry.packedSize,
                available: max(0, limit - dataOffset))
        }
        guard entry.isDeflated || entry.size == entry.packedSize else {
            throw .malformed(
                path: path,
                reason: "member \"\(entry.name)\" is stored in \(entry.packedSize) bytes but claims \(entry.size)")
        }
        return dataOffset
    }

    private static func requireDisjoint(_ entries: [Entry], path: String) throws(ArrayFileError) {
        var end = 0
        for entry in entries.sorted(by: { $0.dataOffset < $1.dataOffset }) {
            guard entry.dataOffset >= end else {
                throw .malformed(path: path, reason: "member \"\(entry.name)\" overlaps another")
            }
            end = entry.dataOffset + entry.packedSize
        }
    }
}

/// The zip64 field of a directory record: the sizes that did not fit 32 bits, in a fixed order.
struct ZipExtraFields {
    private var wide: [UInt64] = []

    init(_ extra: ArraySlice<UInt8>) {
        let bytes = Array(extra)
        var position = 0
        while bytes.count - position >= 4 {
            let tag = bytes.littleEndian(at: position, as: UInt16.self)
            let length = Int(bytes.littleEndian(at: position + 2, as: UInt16.self))
            position += 4
            guard length <= bytes.count - position else { return }
            if tag == 1 {
                wide = (0..<length / 8).map { bytes.littleEndian(at: position + $0 * 8, as: UInt64.self) }
                return
            }
            position += length
        }
    }

    /// The size a 32-bit field means: itself, or the next wide one when it is saturated.
    mutating func size(_ narrow: UInt32) -> Int? {
        guard narrow == .max else { return Int(narrow) }
        guard let first = wide.first else { return nil }
        wide.removeFirst()
        return Int(exactly: first)
    }
}
