/// A zip file opened for reading: its directory is in memory and checked, its members are read when asked for.
///
/// Stored and deflated members, zip64 included. Refused: encryption, several disks, other methods, members that share
/// a name or bytes. Every member's CRC-32 is verified when it is read.
package struct ZipArchive: Sendable {
    /// Path of the archive.
    package var path: String { source.path }
    /// Member names in the order of the directory.
    package let names: [String]

    private let source: ByteSource
    private let entries: [String: ZipDirectory.Entry]

    /// Reads and checks the directory.
    ///
    /// - Parameter source: The archive.
    /// - Throws: `ArrayFileError`.
    package init(_ source: ByteSource) throws(ArrayFileError) {
        let list = try ZipDirectory.read(source)
        var entries: [String: ZipDirectory.Entry] = [:]
        for entry in list {
            guard entries.updateValue(entry, forKey: entry.name) == nil else {
                throw .malformed(path: source.path, reason: "two members are named \"\(entry.name)\"")
            }
        }
        self.source = source
        self.entries = entries
        names = list.map(\.name)
    }

    /// Opens an archive.
    ///
    /// - Parameter path: The file.
    /// - Returns: The archive.
    /// - Throws: `ArrayFileError`.
    package static func open(path: String) throws(ArrayFileError) -> ZipArchive {
        try ZipArchive(ByteSource.open(path: path))
    }

    /// Size of a member once expanded, or nil when there is none of that name.
    ///
    /// - Parameter name: A member's name.
    /// - Returns: Bytes, as the directory states them.
    package func byteCount(of name: String) -> Int? { entries[name]?.size }

    /// Reads a member.
    ///
    /// - Parameter name: A member's name.
    /// - Returns: Its bytes, expanded and verified.
    /// - Throws: `ArrayFileError`.
    package func read(_ name: String) throws(ArrayFileError) -> [UInt8] {
        guard let entry = entries[name] else { throw .missing(path: path, name: name, available: names) }
        let label = "\(path)!\(name)"
        let packed = try source.read(at: entry.dataOffset, count: entry.packedSize, part: "member \"\(name)\"")
        var bytes = packed
        if entry.isDeflated {
            guard let expanded = Zlib.inflate(packed, expectedCount: entry.size) else {
                throw .malformed(path: label, reason: "its deflate stream does not give the \(entry.size) bytes stated")
            }
            bytes = expanded
        }
        let found = Zlib.checksum(bytes)
        guard found == entry.checksum else { throw .checksum(path: label, expected: entry.checksum, found: found) }
        return bytes
    }

    /// A stored member as a source of its own, for members that need not be in memory; its CRC-32 is not verified.
    ///
    /// - Parameter name: A member's name.
    /// - Returns: Its bytes in the archive.
    /// - Throws: `ArrayFileError.missing`, or `.unsupported` for a deflated member.
    package func stored(_ name: String) throws(ArrayFileError) -> ByteSource {
        guard let entry = entries[name] else { throw .missing(path: path, name: name, available: names) }
        guard !entry.isDeflated else {
            throw .unsupported(path: "\(path)!\(name)", reason: "it is deflated where a stored member is wanted")
        }
        return try source.part(entry.dataOffset..<entry.dataOffset + entry.size, label: "\(path)!\(name)")
    }
}
