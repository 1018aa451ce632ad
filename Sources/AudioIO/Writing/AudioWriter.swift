/// Writes a WAV or FLAC file, a block at a time.
///
/// The file grows under a temporary name in the target's folder and takes the target's name in `finish`. Until then,
/// and when anything fails or the writer is dropped, an existing target keeps its contents and the temporary file is
/// removed. WAV data beyond 4 GB become RF64. Not for use from several tasks at once.
///
/// Integers are `x * 2^(bits - 1)` rounded to the nearest step, halves to the even one, without dither. What falls
/// outside the integers (so +1.0 itself, whose step is one too high) becomes the nearest end and is counted in
/// `clippedSampleCount`. Reading divides by `2^(bits - 1)`, so unclipped samples return within half a step, and
/// samples that were read from a file of the same width return exactly.
public final class AudioWriter {
    /// Samples that did not fit into the integers so far; always 0 for floats.
    public private(set) var clippedSampleCount = 0
    /// Frames written so far.
    public private(set) var frameCount = 0
    /// Samples per frame.
    public let channelCount: Int

    private let path: String
    private let encoding: AudioEncoding
    private let pending: PendingFile
    private var writer: SndFileWriter?
    private var steps: [Int32] = []

    private static let blockFrameCount = 8192

    /// Creates the temporary file.
    ///
    /// - Parameters:
    ///   - path: The target; its extension, `.wav` or `.flac`, chooses the container.
    ///   - sampleRate: Frames per second, 1 to 655,350 (what FLAC can say).
    ///   - channelCount: Samples per frame, 1 to 1024, for FLAC 1 to 8.
    ///   - encoding: Sample coding; FLAC has no floats.
    /// - Throws: `AudioFileError.invalidRequest` for an impossible combination, `.unwritable` when the folder cannot
    ///   be written.
    public init(path: String, sampleRate: Int, channelCount: Int, encoding: AudioEncoding) throws(AudioFileError) {
        let format = try encoding.format(forPath: path)
        guard (1...655_350).contains(sampleRate), (1...1024).contains(channelCount) else {
            throw .invalidRequest(
                path: path, reason: "cannot hold \(channelCount) channels at \(sampleRate) Hz; choose other values")
        }
        pending = try PendingFile(target: path)
        writer = try SndFileWriter(
            format: format, sampleRate: Int32(sampleRate), channelCount: Int32(channelCount), into: pending, path: path)
        self.path = path
        self.channelCount = channelCount
        self.encoding = encoding
    }

    /// Appends frames.
    ///
    /// - Parameter interleaved: Finite samples, a whole number of frames; may be empty.
    /// - Throws: `AudioFileError.notFinite` for NaN and infinities (nothing of the block is written), `.unwritable`
    ///   when the disk is full or fails. After an error the file cannot be finished.
    public func write(_ interleaved: UnsafeBufferPointer<Float>) throws(AudioFileError) {
        precondition(
            interleaved.count % channelCount == 0, "\(interleaved.count) samples are not frames of \(channelCount)")
        precondition(writer != nil, "\(path): the file was finished or has failed")
        if let bad = interleaved.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(
                path: path, frame: frameCount + bad / channelCount, channel: bad % channelCount,
                value: "\(interleaved[bad])")
        }
        var rest = interleaved
        while !rest.isEmpty {
            let count = min(rest.count, Self.blockFrameCount * channelCount)
            try writeBlock(UnsafeBufferPointer(rebasing: rest[..<count]))
            rest = UnsafeBufferPointer(rebasing: rest[count...])
        }
        frameCount += interleaved.count / channelCount
    }

    /// Completes the file and gives it its name; call it once.
    ///
    /// - Throws: `AudioFileError.unwritable` when the disk is full or the file cannot be renamed, `.invalidRequest` for
    ///   a FLAC file without frames (libsndfile leaves it without a header); the target is then as it was.
    public func finish() throws(AudioFileError) {
        guard let writer = writer.take() else { preconditionFailure("\(path): the file was finished or has failed") }
        do throws(AudioFileError) {
            try writer.finish(path: path)
            guard pending.stream.length() > 0 else {
                throw .invalidRequest(path: path, reason: "a FLAC file needs at least one frame; write a .wav file")
            }
            try pending.commit()
        } catch {
            pending.discard()
            throw error
        }
    }

    private func writeBlock(_ block: UnsafeBufferPointer<Float>) throws(AudioFileError) {
        do throws(AudioFileError) {
            if let bits = encoding.integerBits {
                quantise(block, bits: bits)
                try steps.withUnsafeBufferPointer { steps throws(AudioFileError) in
                    try writer?.write(steps, path: path)
                }
            } else {
                try writer?.write(block, path: path)
            }
        } catch {
            writer = nil
            pending.discard()
            throw error
        }
    }

    /// Fills `steps` with integers in the upper bits of 32, where libsndfile looks for them.
    private func quantise(_ block: UnsafeBufferPointer<Float>, bits: Int) {
        let scale = Float(1 << (bits - 1))
        let shift = Int32(32 - bits)
        steps.removeAll(keepingCapacity: true)
        for sample in block {
            let step = (sample * scale).rounded(.toNearestOrEven)
            let clipped = min(max(step, -scale), scale - 1)
            if clipped != step { clippedSampleCount += 1 }
            steps.append(Int32(clipped) << shift)
        }
    }
}

extension AudioClip {
    /// Writes the clip as a whole file; see `AudioWriter` for formats, rounding and errors.
    ///
    /// - Parameters:
    ///   - path: The target, `.wav` or `.flac`.
    ///   - encoding: Sample coding.
    /// - Returns: Samples that did not fit into the integers.
    /// - Throws: Any `AudioFileError` of creating, writing and finishing.
    public func write(to path: String, encoding: AudioEncoding) throws(AudioFileError) -> Int {
        let writer = try AudioWriter(
            path: path, sampleRate: sampleRate, channelCount: channelCount, encoding: encoding)
        try samples.withUnsafeBufferPointer { samples throws(AudioFileError) in try writer.write(samples) }
        try writer.finish()
        return writer.clippedSampleCount
    }
}
