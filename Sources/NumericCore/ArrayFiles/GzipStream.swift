internal import CZlib

/// Expands a gzip file piece by piece, never more of it than was asked for.
package struct GzipStream: ~Copyable {
    /// Deflate cannot shrink anything to less than 1/1032.
    package static let largestRatio = 1032

    private let source: ByteSource
    private let stream: UnsafeMutablePointer<z_stream>
    private var position = 0
    private var input: [UInt8] = []
    private var inputStart = 0
    private var isFinished = false

    /// Starts at the beginning of a file.
    ///
    /// - Parameter source: The file; several gzip streams may follow each other.
    /// - Throws: `ArrayFileError.unsupported` when zlib cannot be started.
    package init(_ source: ByteSource) throws(ArrayFileError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard
            inflateInit2_(stream, Zlib.Format.gzip.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else {
            stream.deallocate()
            throw .unsupported(path: source.path, reason: "zlib could not be started; free some memory")
        }
        self.source = source
        self.stream = stream
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next bytes.
    ///
    /// - Parameters:
    ///   - count: Bytes wanted, at least 0.
    ///   - part: What they are, for the error.
    /// - Returns: Exactly `count` bytes.
    /// - Throws: `ArrayFileError.truncated` or `.malformed`.
    package mutating func read(_ count: Int, part: String) throws(ArrayFileError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(count)
        var chunk = [UInt8](repeating: 0, count: min(max(count, 1), 1 << 18))
        while output.count < count {
            let wanted = min(chunk.count, count - output.count)
            let got = try expand(into: &chunk, wanted)
            guard got > 0 else {
                throw .truncated(path: source.path, part: part, needed: count, available: output.count)
            }
            output.append(contentsOf: chunk[..<got])
        }
        return output
    }

    /// Runs to the end of the stream, which must come within `limit` bytes; its checksum is then verified.
    ///
    /// - Parameter limit: Bytes that may follow.
    /// - Throws: `ArrayFileError.truncated` or `.malformed`.
    package mutating func finish(limit: Int) throws(ArrayFileError) {
        var chunk = [UInt8](repeating: 0, count: 4096)
        var extra = 0
        while !isFinished {
            let got = try expand(into: &chunk, chunk.count)
            extra += got
            guard extra <= limit else {
                throw .malformed(path: source.path, reason: "more than \(limit) bytes follow the voxels")
            }
            guard got > 0 || isFinished else {
                throw .truncated(path: source.path, part: "the end of the gzip stream", needed: 8, available: 0)
            }
        }
    }

    /// Expands at most `wanted` bytes; 0 at the end of the stream or of the file.
    private mutating func expand(into chunk: inout [UInt8], _ wanted: Int) throws(ArrayFileError) -> Int {
        while !isFinished {
            if inputStart == input.count {
                guard position < source.count else { return 0 }
                input = try source.read(
                    at: position, count: min(1 << 18, source.count - position), part: "the gzip stream")
                position += input.count
                inputStart = 0
            }
            let got = try step(into: &chunk, wanted)
            if got > 0 { return got }
        }
        return 0
    }

    private mutating func step(into chunk: inout [UInt8], _ wanted: Int) throws(ArrayFileError) -> Int {
        let pending = input.count - inputStart
        var status = Z_OK
        let stream = stream
        let start = inputStart
        input.withUnsafeBufferPointer { source in
            chunk.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress else { return }
                stream.pointee.next_in = UnsafeMutablePointer(mutating: from + start)
                stream.pointee.avail_in = UInt32(pending)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(wanted)
                status = inflate(stream, Z_NO_FLUSH)
            }
        }
        inputStart += pending - Int(stream.pointee.avail_in)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw .malformed(path: source.path, reason: "its gzip stream is damaged (zlib status \(status))")
        }
        let isAtEnd = inputStart == input.count && position == source.count
        isFinished = status == Z_STREAM_END && isAtEnd
        // A gzip file may be several streams one after the other.
        if status == Z_STREAM_END, !isAtEnd { inflateReset(stream) }
        return wanted - Int(stream.pointee.avail_out)
    }
}
