/// Looks whether a file ends inside something that its own structure promises.
///
/// The libraries shorten a cut WAV, OGG, MP4 or Matroska file without a word. Formats without a declared length
/// (MPEG transport streams, bare MPEG audio, live recordings) cannot be judged.
enum DeclaredLength {
    /// Throws when the file is shorter than it declares.
    static func check(_ file: borrowing FileDescriptor, path: String) throws(AudioFileError) {
        let bytes = FileBytes(number: file.number, count: try file.byteCount(path: path), path: path)
        let start = try bytes.read(at: 0, count: 12)
        let declared =
            switch (text(start, 0), text(start, 4)) {
            case ("RIFF", _), ("RF64", _): try riffEnd(bytes)
            case ("OggS", _): try lastOggPageEnd(bytes)
            case ("FORM", _): start.count < 8 ? 0 : 8 + bigEndian(start[4..<8])
            case (_, "ftyp"): try lastBoxEnd(bytes)
            default: start.starts(with: [0x1a, 0x45, 0xdf, 0xa3]) ? try segmentEnd(bytes) : 0
            }
        guard declared <= bytes.count else {
            throw .cutOff(path: path, byteCount: bytes.count, declaredByteCount: declared)
        }
    }

    /// Where the data chunk of a RIFF or RF64 file should end; 0 when it does not say.
    private static func riffEnd(_ bytes: FileBytes) throws(AudioFileError) -> Int {
        var (offset, longDataSize) = (12, 0)
        // No writer puts hundreds of chunks before the data; the bound keeps hostile files from making us crawl.
        for _ in 0..<256 {
            let header = try bytes.read(at: offset, count: 24)
            guard header.count >= 8 else { return 0 }
            let size = bigEndian(header[4..<8].reversed())
            switch text(header, 0) {
            case "ds64" where header.count == 24: longDataSize = bigEndian(header[16..<23].reversed())
            case "data":
                if size == 0xffff_ffff, longDataSize > 0 { return offset + 8 + longDataSize }
                return unknownSizes.contains(size) ? 0 : offset + 8 + size
            default: break
            }
            offset += 8 + size + size % 2
        }
        return 0
    }

    /// What programs write as length when they write to a pipe and cannot know it.
    ///
    /// ffmpeg and others write all ones, SoX 0x7ffff000, arecord the largest signed number.
    private static let unknownSizes: Set<Int> = [0xffff_ffff, 0x7fff_f000, 0x7fff_ffff]

    /// Where the last OGG page should end; 0 when no page begins in the last 65,307 bytes, the longest page.
    private static func lastOggPageEnd(_ bytes: FileBytes) throws(AudioFileError) -> Int {
        let base = max(0, bytes.count - 65_307)
        let tail = try bytes.read(at: base, count: bytes.count - base)
        guard let last = tail.indices.last(where: { tail[$0...].starts(with: [0x4f, 0x67, 0x67, 0x53, 0]) }) else {
            return 0
        }
        // A page is 27 bytes, then one length byte for each segment, then the segments.
        guard last + 27 <= tail.count, last + 27 + Int(tail[last + 26]) <= tail.count else { return bytes.count + 1 }
        let lengths = tail[(last + 27)..<(last + 27 + Int(tail[last + 26]))]
        return base + last + 27 + lengths.count + lengths.reduce(0) { $0 + Int($1) }
    }

    /// Where the last top-level box of an MP4 or QuickTime file should end.
    private static func lastBoxEnd(_ bytes: FileBytes) throws(AudioFileError) -> Int {
        let known: Set<String> = [
            "ftyp", "styp", "moov", "moof", "mdat", "free", "skip", "wide", "sidx", "uuid", "mfra",
        ]
        var offset = 0
        while offset < bytes.count {
            let header = try bytes.read(at: offset, count: 16)
            // Anything else after the boxes is somebody's appendix; a size of 0 means "to the end of the file".
            guard header.count >= 8, known.contains(text(header, 4)) else { return offset }
            var size = bigEndian(header[..<4])
            if size == 1, header.count == 16 { size = bigEndian(header[8..<16]) }
            guard size >= 8, size < Int.max - offset else { return offset }
            offset += size
        }
        return offset
    }

    /// Where the segment of a Matroska or WebM file should end; 0 when it is of unknown size, as in live streams.
    private static func segmentEnd(_ bytes: FileBytes) throws(AudioFileError) -> Int {
        let start = try bytes.read(at: 0, count: 64)
        guard let header = variableSize(start, at: 4) else { return 0 }
        let segment = header.next + header.value
        let element = try bytes.read(at: segment, count: 12)
        guard element.starts(with: [0x18, 0x53, 0x80, 0x67]), let size = variableSize(element, at: 4) else { return 0 }
        return size.isUnknown ? 0 : segment + size.next + size.value
    }

    /// An EBML size: the leading zeros of the first byte count the bytes that follow; all ones mean unknown.
    private static func variableSize(_ bytes: [UInt8], at index: Int) -> (value: Int, next: Int, isUnknown: Bool)? {
        guard index < bytes.count, bytes[index] != 0 else { return nil }
        let length = bytes[index].leadingZeroBitCount + 1
        guard index + length <= bytes.count else { return nil }
        let ones = 1 << (7 * length) - 1
        let value = bigEndian(bytes[index..<(index + length)]) & ones
        return (value, index + length, value == ones)
    }

    private static func text(_ bytes: [UInt8], _ index: Int) -> String {
        String(decoding: bytes.dropFirst(index).prefix(4), as: UTF8.self)
    }

    /// At most eight bytes, the first the most significant; the sign bit is dropped.
    private static func bigEndian(_ bytes: some Collection<UInt8>) -> Int {
        Int(bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & UInt64(Int.max))
    }
}

/// The bytes of a file of known length.
private struct FileBytes {
    let number: Int32
    let count: Int
    let path: String

    /// The bytes from `offset`, at most `count`; fewer, or none, beyond the end.
    func read(at offset: Int, count: Int) throws(AudioFileError) -> [UInt8] {
        guard offset < self.count else { return [] }
        return try FileDescriptor.bytes(of: number, at: offset, count: count, path: path)
    }
}
