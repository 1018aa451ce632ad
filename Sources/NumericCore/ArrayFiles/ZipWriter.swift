/// Builds a zip file whose bytes depend only on its members: the time stamp is 1980-01-01 00:00, no host data.
///
/// Deflated members also depend on the installed zlib. Members and the whole file stay below 4 GiB.
package struct ZipWriter {
    /// How members are packed.
    package enum Method: UInt16, Sendable {
        /// As they are.
        case stored = 0
        /// With deflate.
        case deflated = 8
    }

    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var names: Set<String> = []
    /// Bytes of all members so far, in `body` or streamed.
    private var offset = 0
    private let path: String

    /// Starts an empty archive.
    ///
    /// - Parameter path: Where it will be written, for errors.
    package init(path: String) { self.path = path }

    /// Adds a member.
    ///
    /// - Parameters:
    ///   - name: A name not used yet, at most 65 535 bytes.
    ///   - bytes: Its contents.
    ///   - method: How to pack it.
    /// - Throws: `ArrayFileError.unsupported` when a limit of the format is exceeded or the name is taken.
    package mutating func add(
        _ name: String, _ bytes: [UInt8], method: Method
    ) throws(ArrayFileError) {
        guard let packed = method == .stored ? bytes : Zlib.deflate(bytes, .raw) else { throw tooLarge(name) }
        body += try header(
            name, method: method, checksum: Zlib.checksum(bytes), size: bytes.count, packedSize: packed.count)
        body += packed
    }

    /// Begins a stored member whose bytes the caller writes, for members that need not be in memory.
    ///
    /// - Parameters:
    ///   - name: A name not used yet, at most 65 535 bytes.
    ///   - byteCount: Its size.
    ///   - checksum: Its CRC-32.
    /// - Returns: What to write before the bytes. Members added otherwise are in `finished()` only: do not mix.
    /// - Throws: As `add`.
    package mutating func begin(
        _ name: String, byteCount: Int, checksum: UInt32
    ) throws(ArrayFileError) -> [UInt8] {
        try header(name, method: .stored, checksum: checksum, size: byteCount, packedSize: byteCount)
    }

    /// Notes a member and counts its bytes.
    private mutating func header(
        _ name: String, method: Method, checksum: UInt32, size: Int, packedSize: Int
    ) throws(ArrayFileError) -> [UInt8] {
        guard names.insert(name).inserted else {
            throw .unsupported(path: path, reason: "two members would be named \"\(name)\"; give each its own name")
        }
        guard names.count < 65_535, let nameLength = UInt16(exactly: name.utf8.count),
            let shortSize = UInt32(exactly: size), let shortPackedSize = UInt32(exactly: packedSize),
            let start = UInt32(exactly: offset), offset + packedSize < Int(UInt32.max) - 65_600
        else { throw tooLarge(name) }
        var common: [UInt8] = []
        common.append(littleEndian: UInt16(20))  // version needed: 2.0
        common.append(littleEndian: UInt16(0x0800))  // names are UTF-8
        common.append(littleEndian: method.rawValue)
        common.append(littleEndian: UInt32(0x0021_0000))  // 1980-01-01 00:00
        common.append(littleEndian: checksum)
        common.append(littleEndian: shortPackedSize)
        common.append(littleEndian: shortSize)
        common.append(littleEndian: nameLength)
        common.append(littleEndian: UInt16(0))  // no extra fields
        var local: [UInt8] = []
        local.append(littleEndian: UInt32(0x0403_4B50))
        local += common + Array(name.utf8)
        offset += local.count + packedSize
        directory.append(littleEndian: UInt32(0x0201_4B50))
        directory.append(littleEndian: UInt16(20))
        directory += common + [UInt8](repeating: 0, count: 10)  // no comment, disk 0, no attributes
        directory.append(littleEndian: start)
        directory += Array(name.utf8)
        return local
    }

    private func tooLarge(_ name: String) -> ArrayFileError {
        .unsupported(path: path, reason: "member \"\(name)\" makes the archive exceed 4 GiB; split it")
    }

    /// The whole file of members that were added, or what follows the members that the caller wrote.
    ///
    /// - Returns: Added members, directory and end record.
    package func finished() -> [UInt8] {
        var bytes = body + directory
        bytes.append(littleEndian: UInt32(0x0605_4B50))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: UInt16(names.count))
        bytes.append(littleEndian: UInt16(names.count))
        bytes.append(littleEndian: UInt32(directory.count))
        bytes.append(littleEndian: UInt32(offset))
        bytes.append(littleEndian: UInt16(0))
        return bytes
    }
}

/// The CRC-32 of bytes that come piece by piece.
package struct ZipChecksum: Sendable {
    /// The checksum of everything added.
    package private(set) var value: UInt32 = 0

    /// Of nothing.
    package init() {}

    /// Adds bytes.
    ///
    /// - Parameter bytes: Any number; how they are split does not matter.
    package mutating func update(_ bytes: [UInt8]) { value = Zlib.checksum(bytes, after: value) }
}
