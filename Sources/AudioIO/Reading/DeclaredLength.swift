/// Looks whether a file ends inside something that its own structure promises.
///
/// libsndfile shortens a WAV whose data chunk is cut, and an OGG whose last page is cut, without a word.
enum DeclaredLength {
    /// Bytes missing at the end, or nil when nothing is known to be missing.
    static func missingByteCount(_ file: borrowing FileDescriptor, path: String) throws(AudioFileError) -> Int? {
        let start = try file.bytes(at: 0, count: 12, path: path)
        let size = try file.byteCount(path: path)
        let missing =
            switch String(decoding: start.prefix(4), as: UTF8.self) {
            case "RIFF", "RF64": try riffEnd(file, path) - size
            case "OggS": try lastOggPageEnd(file, size, path) - size
            case "FORM": 8 + Int(bigEndian32(start, at: 4)) - size
            default: 0
            }
        return missing > 0 ? missing : nil
    }

    /// Where the data chunk of a RIFF or RF64 file should end; 0 when it does not say.
    private static func riffEnd(_ file: borrowing FileDescriptor, _ path: String) throws(AudioFileError) -> Int {
        var (offset, longDataSize) = (12, 0)
        // No writer puts hundreds of chunks before the data; the bound keeps hostile files from making us crawl.
        for _ in 0..<256 {
            let header = try file.bytes(at: offset, count: 24, path: path)
            guard header.count >= 8 else { return 0 }
            let size = Int(littleEndian32(header, at: 4))
            switch String(decoding: header.prefix(4), as: UTF8.self) {
            case "ds64" where header.count == 24:
                longDataSize = Int(littleEndian32(header, at: 16)) | Int(littleEndian32(header, at: 20) & 0x7fff) << 32
            case "data":
                if size == 0xffff_ffff, longDataSize > 0 { return offset + 8 + longDataSize }
                return unknownSizes.contains(size) ? 0 : offset + 8 + size
            default: break
            }
            offset += 8 + size + size % 2
        }
        return 0
    }

    /// What programs write that cannot know the length because they write to a pipe: ffmpeg and others all ones,
    /// SoX 0x7ffff000, arecord the largest signed number.
    private static let unknownSizes: Set<Int> = [0xffff_ffff, 0x7fff_f000, 0x7fff_ffff]

    /// Where the last OGG page should end; 0 when no page begins in the last 65,307 bytes, the longest page.
    private static func lastOggPageEnd(
        _ file: borrowing FileDescriptor, _ size: Int, _ path: String
    ) throws(AudioFileError) -> Int {
        let base = max(0, size - 65_307)
        let tail = try file.bytes(at: base, count: size - base, path: path)
        let last = tail.indices.dropLast(4).last { index in
            tail[index...].starts(with: [0x4f, 0x67, 0x67, 0x53, 0])
        }
        guard let last else { return 0 }
        // A page is 27 bytes, then one length byte for each segment, then the segments.
        guard last + 27 <= tail.count, last + 27 + Int(tail[last + 26]) <= tail.count else { return size + 1 }
        let lengths = tail[(last + 27)..<(last + 27 + Int(tail[last + 26]))]
        return base + last + 27 + lengths.count + lengths.reduce(0) { $0 + Int($1) }
    }

    private static func littleEndian32(_ bytes: [UInt8], at index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
    }

    private static func bigEndian32(_ bytes: [UInt8], at index: Int) -> UInt32 {
        guard bytes.count >= index + 4 else { return 0 }
        return (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[index + $1]) }
    }
}
