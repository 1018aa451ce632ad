internal import CZlib
internal import Foundation

/// The zlib calls that a page needs: packed data that browsers inflate, and the streams inside PNG.
enum Deflate {
    /// A gzip stream without name and time, so that equal input gives equal bytes.
    ///
    /// - Returns: Nil when zlib fails (out of memory) or the input exceeds 4 GiB.
    static func gzip(_ input: [UInt8]) -> [UInt8]? { stream(input, windowBits: MAX_WBITS + 16) }

    /// A zlib stream, as in PNG.
    ///
    /// - Returns: Nil when zlib fails (out of memory) or the input exceeds 4 GiB.
    static func zlib(_ input: [UInt8]) -> [UInt8]? { stream(input, windowBits: MAX_WBITS) }

    /// The CRC-32 of PNG.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
    }

    private static func stream(_ input: [UInt8], windowBits: Int32) -> [UInt8]? {
        guard input.count <= Int(UInt32.max) else { return nil }
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, 9, Z_DEFLATED, windowBits, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        // 18 bytes more for the head and tail of gzip.
        let bound = Int(deflateBound(&stream, UInt(input.count))) + 18
        guard bound <= Int(UInt32.max) else { return nil }
        var isComplete = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            input.withUnsafeBufferPointer { source in
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = UInt32(source.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                isComplete = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = Int(stream.total_out)
            }
        }
        return isComplete ? output : nil
    }
}

extension [UInt8] {
    var base64: String { Data(self).base64EncodedString() }
}
