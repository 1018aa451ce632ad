public import EnCodec
internal import Foundation
internal import Glibc

/// One channel of sound in a scratch file of 32-bit floats: any stretch can be read without the rest.
///
/// Several tasks may read it at the same time. The file lives as long as its folder.
public final class StoredSound: Sendable {
    /// Where it lies.
    public let path: String
    /// Samples per second.
    public let sampleRate: Int
    /// Samples in all.
    public let sampleCount: Int
    private let descriptor: Int32

    fileprivate init(path: String, sampleRate: Int, sampleCount: Int) throws(FilmError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FilmError.last("open", path) }
        self.descriptor = descriptor
        (self.path, self.sampleRate, self.sampleCount) = (path, sampleRate, sampleCount)
    }

    deinit { close(descriptor) }

    /// A stretch.
    ///
    /// - Parameter range: Sample positions; cut to what there is.
    /// - Returns: The samples that lie in the range, perhaps none.
    /// - Throws: ``FilmError/system(operation:path:reason:)``.
    public func samples(_ range: Range<Int>) throws(FilmError) -> [Float] {
        let range = range.clamped(to: 0..<sampleCount)
        var samples = [Float](repeating: 0, count: range.count)
        let count = samples.withUnsafeMutableBytes { bytes -> Int in
            var done = 0
            while done < bytes.count, let base = bytes.baseAddress {
                let got = pread(descriptor, base + done, bytes.count - done, 4 * range.lowerBound + done)
                if got <= 0 { break }
                done += got
            }
            return done
        }
        guard count == 4 * range.count else { throw FilmError.last("read", path) }
        return samples
    }

    /// The same file, read no further than so many samples.
    func prefix(_ count: Int) throws(FilmError) -> StoredSound {
        try StoredSound(path: path, sampleRate: sampleRate, sampleCount: min(count, sampleCount))
    }

    /// Everything.
    ///
    /// - Returns: All samples; 4 bytes each.
    /// - Throws: ``FilmError/system(operation:path:reason:)``.
    public func allSamples() throws(FilmError) -> [Float] { try samples(0..<sampleCount) }

    /// Hands out the samples in order, for an encoder.
    ///
    /// - Returns: A source at the beginning.
    public func makeSource() -> EncodecModel.SampleSource {
        var position = 0
        return { [self] buffer in
            let part = try samples(position..<position + min(buffer.count, 1 << 16))
            position += part.count
            return buffer.update(fromContentsOf: part)
        }
    }

    /// Calls a closure with all samples, block after block.
    ///
    /// - Parameter body: Receives up to 65,536 samples at a time.
    /// - Throws: ``FilmError`` and what `body` throws.
    public func forEachBlock(_ body: ([Float]) throws -> Void) throws {
        for start in stride(from: 0, to: sampleCount, by: 1 << 16) { try body(samples(start..<start + (1 << 16))) }
    }
}

/// Writes a ``StoredSound``, block after block.
final class SoundRecorder {
    private let path: String
    private let sampleRate: Int
    private let descriptor: Int32
    private(set) var sampleCount = 0
    /// Samples after which the rest is dropped.
    private let limit: Int
    private let checkpoint: () throws -> Void

    init(
        path: String, sampleRate: Int, limit: Int = .max, checkpoint: @escaping () throws -> Void = {}
    ) throws(FilmError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FilmError.last("create", path) }
        (self.path, self.sampleRate, self.limit, self.checkpoint) = (path, sampleRate, limit, checkpoint)
    }

    deinit { close(descriptor) }

    func write(_ samples: [Float]) throws {
        try checkpoint()
        let kept = min(samples.count, limit - sampleCount)
        let isWritten = samples.withUnsafeBytes { bytes -> Bool in
            var done = 0
            while done < 4 * kept, let base = bytes.baseAddress {
                let got = Glibc.write(descriptor, base + done, 4 * kept - done)
                if got <= 0 { return false }
                done += got
            }
            return true
        }
        guard isWritten else { throw FilmError.last("write", path) }
        sampleCount += kept
    }

    /// Ends the file, which others may read from now on.
    func finish() throws(FilmError) -> StoredSound {
        try StoredSound(path: path, sampleRate: sampleRate, sampleCount: sampleCount)
    }
}

extension FilmError {
    /// The system's last error.
    static func last(_ operation: String, _ path: String) -> FilmError {
        .system(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }
}
