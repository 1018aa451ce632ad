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
        guard names.insert(name).inserted else {
            throw .unsupported(path: path, reason: "two members would be named \"\(name)\"; give each its own name")
        }
        guard let packed = method == .stored ? bytes : Zlib.deflate(bytes), names.count < 65_535,
            let nameLength = UInt16(exactly: name.utf8.count),
            let size = UInt32(exactly: bytes.count), let packedSize = UInt32(exactly: packed.count),
            let offset = UInt32(exactly: body.count), body.count + packed.count < Int(UInt32.max) - 65_600
        else { throw .unsupported(path: path, reason: "member \"\(name)\" makes the archive exceed 4 GiB; split it") }
        var common: [UInt8] = []
        common.append(littleEndian: UInt16(20))  // version needed: 2.0
        common.append(littleEndian: UInt16(0x0800))  // names are UTF-8
        common.append(littleEndian: method.rawValue)
        common.append(littleEndian: UInt32(0x0021_0000))  // 1980-01-01 00:00
        common.append(littleEndian: Zlib.checksum(bytes))
        common.append(littleEndian: packedSize)
        common.append(littleEndian: size)
        common.append(littleEndian: nameLength)
        common.append(littleEndian: UInt16(0))  // no extra fields
        body.append(littleEndian: UInt32(0x0403_4B50))
        body += common + Array(name.utf8) + packed
        directory.append(littleEndian: UInt32(0x0201_4B50))
        directory.append(littleEndian: UInt16(20))
        directory += common + [UInt8](repeating: 0, count: 10)  // no comment, disk 0, no attributes
        directory.append(littleEndian: offset)
        directory += Array(name.utf8)
    }

    /// The whole file.
    ///
    /// - Returns: Members, directory and end record.
    package func finished() -> [UInt8] {
        var bytes = body + directory
        bytes.append(littleEndian: UInt32(0x0605_4B50))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: UInt16(names.count))
        bytes.append(littleEndian: UInt16(names.count))
        bytes.append(littleEndian: UInt32(directory.count))
        bytes.append(littleEndian: UInt32(body.count))
        bytes.append(littleEndian: UInt16(0))
        return bytes
    }
}
