/// Reads the sound of an audio or video file as a stream of interleaved floats, full scale at 1.
///
/// The contents decide the format, not the name: libsndfile reads WAV, FLAC, OGG and MP3; libav reads everything else
/// (the first audio stream) and OGG files with holes, which become silence. Channels are mixed first, then the rate is
/// converted by `StreamingResampler`. Nothing passes through 16 bits. Memory does not grow with the length of the file.
/// A file that ends early or contradicts itself is an error, and so is a sample that is not finite. Not for use from
/// several tasks at once.
public final class AudioReader {
    /// What the file is.
    public let info: AudioFileInfo
    /// Frames per second that `read` delivers.
    public let sampleRate: Int
    /// Samples per frame that `read` delivers.
    public let channelCount: Int

    private let path: String
    private let source: any FrameSource
    private let mixer: ChannelMixer
    private let resampler: StreamingResampler
    private var native: [Float]
    private var mixed: [Float]
    private var ready: [Float] = []
    private var readyStart = 0
    private var nativeFrameCount = 0
    private var hasEnded = false
    private var failure: AudioFileError?

    private static let blockFrameCount = 8192

    /// Opens a file and prepares its conversion.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - sampleRate: Frames per second to deliver, within `StreamingResampler.supportedRates`; nil keeps the file's.
    ///   - channels: Channels to deliver.
    /// - Throws: An `AudioFileError` when the file is missing, empty, not audio, has no audio stream, is damaged at
    ///   its start, or cannot be converted as asked.
    public init(path: String, sampleRate: Int? = nil, channels: ChannelMix = .mono) throws(AudioFileError) {
        source = try FrameSources.open(path)
        info = source.info
        mixer = try ChannelMixer(channels, inputCount: info.channelCount, layout: source.layout, path: path)
        channelCount = mixer.outputCount
        self.sampleRate = sampleRate ?? info.sampleRate
        resampler = try StreamingResampler(from: info.sampleRate, to: self.sampleRate, channelCount: channelCount)
        native = [Float](repeating: 0, count: Self.blockFrameCount * info.channelCount)
        mixed = [Float](repeating: 0, count: Self.blockFrameCount * channelCount)
        self.path = path
    }

    /// Delivers the next frames.
    ///
    /// - Parameter buffer: Filled from its start with interleaved frames; must have room for at least one.
    /// - Returns: Frames delivered; fewer than the buffer holds only at the end, 0 when nothing is left.
    /// - Throws: An `AudioFileError` when the file proves damaged, truncated or not finite; later calls throw it again.
    public func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioFileError) -> Int {
        precondition(buffer.count >= channelCount, "\(buffer.count) samples have no room for \(channelCount) channels")
        if let failure { throw failure }
        let wanted = buffer.count / channelCount * channelCount
        var filled = 0
        while filled < wanted {
            if readyStart < ready.count {
                let count = min(ready.count - readyStart, wanted - filled)
                copyReady(count, to: buffer, at: filled)
                filled += count
            } else if hasEnded {
                break
            } else {
                try refill()
            }
        }
        return filled / channelCount
    }

    private func copyReady(_ count: Int, to buffer: UnsafeMutableBufferPointer<Float>, at offset: Int) {
        let target = UnsafeMutableBufferPointer(rebasing: buffer[offset..<(offset + count)])
        _ = target.update(fromContentsOf: ready[readyStart..<(readyStart + count)])
        readyStart += count
    }

    /// Replaces the used-up output by the next converted block.
    private func refill() throws(AudioFileError) {
        ready.removeAll(keepingCapacity: true)
        readyStart = 0
        do throws(AudioFileError) {
            try convertBlock()
        } catch {
            failure = error
            throw error
        }
    }

    private func convertBlock() throws(AudioFileError) {
        let source = source
        let count = try native.withUnsafeMutableBufferPointer { buffer throws(AudioFileError) in
            try source.read(into: buffer)
        }
        guard count > 0 else {
            hasEnded = true
            return try resampler.finish(appendingTo: &ready)
        }
        try checkFinite(frameCount: count)
        let (mixer, resampler, mixedCount) = (mixer, resampler, count * channelCount)
        native.withUnsafeBufferPointer { input in
            mixed.withUnsafeMutableBufferPointer { output in
                mixer.apply(UnsafeBufferPointer(rebasing: input[..<(count * mixer.inputCount)]), to: output)
            }
        }
        try mixed.withUnsafeBufferPointer { block throws(AudioFileError) in
            try resampler.process(UnsafeBufferPointer(rebasing: block[..<mixedCount]), appendingTo: &ready)
        }
        nativeFrameCount += count
    }

    private func checkFinite(frameCount: Int) throws(AudioFileError) {
        let count = frameCount * info.channelCount
        let bad = native.withUnsafeBufferPointer { buffer in buffer[..<count].firstIndex { !$0.isFinite } }
        guard let bad else { return }
        throw .notFinite(
            path: path, frame: nativeFrameCount + bad / info.channelCount, channel: bad % info.channelCount,
            value: "\(native[bad])")
    }
}
