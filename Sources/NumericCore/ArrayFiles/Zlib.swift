internal import CZlib

/// zlib's one-shot calls, for archives, packed images and the parts of a report.
package enum Zlib {
    /// What stands around a deflate stream.
    package enum Format: Sendable {
        /// Nothing, as in zip.
        case raw
        /// zlib's own head and checksum, as in PNG.
        case zlib
        /// A gzip head without name and time, and a checksum.
        case gzip

        /// How zlib is told.
        var windowBits: Int32 {
            switch self {
            case .raw: -MAX_WBITS
            case .zlib: MAX_WBITS
            // 16 more than the window: a gzip header and trailer, both checked by zlib.
            case .gzip: MAX_WBITS + 16
            }
        }
    }

    /// How hard to pack.
    package enum Effort: Sendable {
        /// zlib's level 6 with its default memory.
        case usual
        /// Level 9 with most memory.
        case most
    }

    /// Expands a raw deflate stream.
    ///
    /// The output grows as bytes arrive, so a lying `expectedCount` costs nothing.
    ///
    /// - Parameters:
    ///   - input: The stream and nothing after it.
    ///   - expectedCount: Bytes that must come out.
    /// - Returns: Exactly `expectedCount` bytes, or nil when the stream is damaged or has another length.
    package static func inflate(_ input: [UInt8], expectedCount: Int) -> [UInt8]? {
        guard input.count <= Int(UInt32.max) else { return nil }
        var stream = z_stream()
        guard inflateInit2_(&stream, Format.raw.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else {
            return nil
        }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var status = Z_OK
        input.withUnsafeBufferPointer { source in
            stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            stream.avail_in = UInt32(source.count)
            while status == Z_OK, output.count <= expectedCount {
                let produced = chunk.withUnsafeMutableBufferPointer { buffer in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(buffer.count)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return buffer.count - Int(stream.avail_out)
                }
                output.append(contentsOf: chunk[..<produced])
            }
        }
        return status == Z_STREAM_END && stream.avail_in == 0 && output.count == expectedCount ? output : nil
    }

    /// Compresses; equal input gives equal bytes, which depend on the installed zlib.
    ///
    /// - Parameters:
    ///   - input: Any bytes.
    ///   - format: What stands around the stream.
    ///   - effort: How hard to pack.
    /// - Returns: The stream, or nil when zlib fails (out of memory) or the input exceeds 4 GiB.
    package static func deflate(_ input: [UInt8], _ format: Format, effort: Effort = .usual) -> [UInt8]? {
        guard input.count <= Int(UInt32.max) else { return nil }
        var stream = z_stream()
        let (level, memory): (Int32, Int32) = effort == .usual ? (6, 8) : (9, 9)
        let status = deflateInit2_(
            &stream, level, Z_DEFLATED, format.windowBits, memory, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(input.count)))
        guard bound <= Int(UInt32.max) else { return nil }
        var isComplete = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            input.withUnsafeBufferPointer { source in
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = UInt32(source.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                isComplete = CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = Int(stream.total_out)
            }
        }
        return isComplete ? output : nil
    }

    /// The CRC-32 of zip, gzip and PNG.
    ///
    /// - Parameters:
    ///   - bytes: What to add.
    ///   - previous: The checksum of what came before.
    /// - Returns: The checksum of both.
    package static func checksum(_ bytes: [UInt8], after previous: UInt32 = 0) -> UInt32 {
        // zlib takes a missing address for a new start.
        if bytes.isEmpty { return previous }
        return bytes.withUnsafeBufferPointer { UInt32(crc32_z(UInt(previous), $0.baseAddress, $0.count)) }
    }
}

extension SystemLibrary {
    /// zlib.
    public static var zlib: SystemLibrary {
        SystemLibrary(name: "zlib", version: zlibVersion().map { String(cString: $0) } ?? "unknown")
    }
}
