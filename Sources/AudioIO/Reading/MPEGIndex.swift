/// The index frame that encoders put in front of MPEG audio.
enum MPEGIndex {
    /// Whether the file counts its own frames, in a `Xing` or `Info` frame; otherwise any length is an estimate.
    static func isPresent(_ file: borrowing FileDescriptor, path: String) throws(AudioFileError) -> Bool {
        let tag = try file.bytes(at: 0, count: 10, path: path)
        var offset = 0
        if tag.count == 10, tag.starts(with: [0x49, 0x44, 0x33]) {
            // ID3v2: ten bytes and a length of four times seven bits.
            offset = 10 + tag[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7f) }
        }
        // The tag stands 9 to 36 bytes into the first frame, by version, channels and checksum; flag 1 means "frames".
        let frame = try file.bytes(at: offset, count: 48, path: path)
        return frame.indices.dropLast(8).contains { index in
            let marker = String(decoding: frame[index..<(index + 4)], as: UTF8.self)
            return (marker == "Xing" || marker == "Info") && frame[index + 7] & 1 == 1
        }
    }
}
