/// Where a zip file's directory is, from the record at its end.
struct ZipEndRecord {
    let directoryOffset: Int
    let directorySize: Int
    let memberCount: Int

    /// Finds the end record (whose comment must reach exactly to the end of the file) and its zip64 form if any.
    static func find(in source: ByteSource) throws(ArrayFileError) -> ZipEndRecord {
        let length = min(source.count, 22 + 65_535)
        let tailStart = source.count - length
        let tail = try source.read(at: tailStart, count: length, part: "the end of the zip file")
        guard let position = endPosition(in: tail) else {
            throw .malformed(path: source.path, reason: "it has no zip directory")
        }
        func short(_ offset: Int) -> Int { Int(tail.littleEndian(at: position + offset, as: UInt16.self)) }
        func word(_ offset: Int) -> Int { Int(tail.littleEndian(at: position + offset, as: UInt32.self)) }
        if let wide = try zip64(in: source, before: tailStart + position) { return wide }
        guard short(4) == 0, short(6) == 0, short(8) == short(10) else {
            throw .unsupported(path: source.path, reason: "it is one part of a split archive; join the parts")
        }
        return try checked(
            ZipEndRecord(directoryOffset: word(16), directorySize: word(12), memberCount: short(10)),
            limit: tailStart + position, path: source.path)
    }

    private static func endPosition(in tail: [UInt8]) -> Int? {
        guard tail.count >= 22 else { return nil }
        return stride(from: tail.count - 22, through: 0, by: -1).first {
            tail.littleEndian(at: $0, as: UInt32.self) == 0x0605_4B50
                && Int(tail.littleEndian(at: $0 + 20, as: UInt16.self)) == tail.count - $0 - 22
        }
    }

    private static func zip64(in source: ByteSource, before end: Int) throws(ArrayFileError) -> ZipEndRecord? {
        guard end >= 20 else { return nil }
        let locator = try source.read(at: end - 20, count: 20, part: "the zip64 locator")
        guard locator.littleEndian(at: 0, as: UInt32.self) == 0x0706_4B50 else { return nil }
        guard let offset = Int(exactly: locator.littleEndian(at: 8, as: UInt64.self)), offset <= end - 20 else {
            throw .malformed(path: source.path, reason: "its zip64 locator points outside the file")
        }
        let record = try source.read(at: offset, count: 56, part: "the zip64 end record")
        guard record.littleEndian(at: 0, as: UInt32.self) == 0x0606_4B50,
            let size = Int(exactly: record.littleEndian(at: 40, as: UInt64.self)),
            let start = Int(exactly: record.littleEndian(at: 48, as: UInt64.self)),
            let count = Int(exactly: record.littleEndian(at: 32, as: UInt64.self))
        else { throw .malformed(path: source.path, reason: "its zip64 end record is not one") }
        let found = ZipEndRecord(directoryOffset: start, directorySize: size, memberCount: count)
        return try checked(found, limit: offset, path: source.path)
    }

    private static func checked(
        _ record: ZipEndRecord, limit: Int, path: String
    ) throws(ArrayFileError) -> ZipEndRecord {
        guard record.directoryOffset <= limit, record.directorySize <= limit - record.directoryOffset else {
            throw .truncated(
                path: path, part: "the zip directory", needed: record.directorySize,
                available: max(0, limit - record.directoryOffset))
        }
        return record
    }
}
