/// Looks whether an OGG file's first stream has a hole in its time stamps.
///
/// libsndfile joins what lies before and behind a hole and then misses samples at the end. libav places every packet at
/// its time stamp, so files with a hole are read by it and the hole becomes silence, as players do it.
enum OggPages {
    /// Whether pages are missing, or a page's time stamp is later than its packets can last.
    ///
    /// A jump that is shorter than the slack of its page (short blocks where long ones could have been) is not found.
    static func haveHole(_ file: borrowing FileDescriptor, path: String) throws(AudioFileError) -> Bool {
        let length = try file.byteCount(path: path)
        var (offset, stream) = (0, OggStream())
        while offset < length {
            let header = try file.bytes(at: offset, count: 27 + 255 + 64, path: path)
            // What is no page is for the libraries to judge.
            guard header.count > 27, header.starts(with: [0x4f, 0x67, 0x67, 0x53, 0]) else { return false }
            let segmentCount = Int(header[26])
            guard header.count >= 27 + segmentCount else { return false }
            let lengths = header[27..<(27 + segmentCount)]
            if stream.isHole(header[..<27], lengths, body: header[(27 + segmentCount)...]) { return true }
            offset += 27 + segmentCount + lengths.reduce(0) { $0 + Int($1) }
        }
        return false
    }
}

/// What has been seen of the first logical stream.
private struct OggStream {
    private var serial: UInt64?
    private var sequence: UInt64 = 0
    private var granule = 0
    /// Packets that ended since the last page with a time stamp.
    private var packetCount = 0
    /// Frames that one packet can last; nil where the codec is not known.
    private var longestPacket: Int?

    /// Notes a page; true where it does not follow the one before.
    mutating func isHole(_ header: ArraySlice<UInt8>, _ lengths: ArraySlice<UInt8>, body: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(header)
        let (position, number) = (Self.little(bytes[6..<14]), Self.little(bytes[14..<18]))
        let order = Self.little(bytes[18..<22])
        guard let serial else {
            (self.serial, sequence) = (number, order)
            longestPacket = Self.longestPacket(Array(body))
            return false
        }
        guard number == serial else { return false }
        defer { sequence = order }
        guard order == (sequence + 1) & 0xffff_ffff else { return true }
        packetCount += lengths.reduce(0) { $0 + ($1 < 255 ? 1 : 0) }
        // All ones: no packet ends on this page. A stream may start late, so the first stamp above 0 counts from itself.
        guard position != .max, let stamp = Int(exactly: position) else { return false }
        defer { (granule, packetCount) = (stamp, 0) }
        guard let longestPacket, granule > 0 else { return false }
        return stamp - granule > packetCount * longestPacket
    }

    /// From the identification header: half a long Vorbis block, or 120 ms of Opus at 48 kHz.
    private static func longestPacket(_ packet: [UInt8]) -> Int? {
        if packet.count >= 30, packet.starts(with: [1] + Array("vorbis".utf8)) {
            return (1 << Int(packet[28] >> 4)) / 2
        }
        return packet.starts(with: Array("OpusHead".utf8)) ? 5760 : nil
    }

    private static func little(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
