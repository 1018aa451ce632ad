/// A piece of sound in memory.
public struct AudioClip: Equatable, Sendable {
    /// Frames per second.
    public let sampleRate: Int
    /// Samples per frame.
    public let channelCount: Int
    /// Interleaved samples, full scale at 1; values beyond 1 are kept.
    public let samples: [Float]

    /// Wraps samples.
    ///
    /// - Parameters:
    ///   - samples: Interleaved, a whole number of frames; may be empty.
    ///   - sampleRate: Frames per second, above 0.
    ///   - channelCount: Samples per frame, above 0.
    public init(samples: [Float], sampleRate: Int, channelCount: Int = 1) {
        precondition(sampleRate > 0 && channelCount > 0, "rate \(sampleRate), \(channelCount) channels")
        precondition(samples.count % channelCount == 0, "\(samples.count) samples are not frames of \(channelCount)")
        self.samples = samples
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }

    /// Number of frames.
    public var frameCount: Int { samples.count / channelCount }

    /// Length in seconds.
    public var durationSeconds: Double { Double(frameCount) / Double(sampleRate) }

    /// One channel's samples.
    ///
    /// - Parameter index: 0 ..< channelCount.
    /// - Returns: `frameCount` samples.
    public func channel(_ index: Int) -> [Float] {
        precondition((0..<channelCount).contains(index), "channel \(index) of \(channelCount)")
        return channelCount == 1
            ? samples : stride(from: index, to: samples.count, by: channelCount).map { samples[$0] }
    }
}

extension AudioClip {
    /// Reads a whole file; see `AudioReader` for formats, mixing and errors.
    ///
    /// A file without samples gives an empty clip. Memory is 4 bytes a sample; use `AudioReader` for films.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - sampleRate: Frames per second wanted; nil keeps the file's.
    ///   - channels: Channels wanted.
    /// - Returns: The sound from the container's time zero to the end of the stream.
    /// - Throws: Any `AudioFileError` of opening and reading.
    public static func load(
        path: String, sampleRate: Int? = nil, channels: ChannelMix = .mono
    ) throws(AudioFileError) -> AudioClip {
        let reader = try AudioReader(path: path, sampleRate: sampleRate, channels: channels)
        var samples: [Float] = []
        var block = [Float](repeating: 0, count: 16384 * reader.channelCount)
        while true {
            let count = try block.withUnsafeMutableBufferPointer { buffer throws(AudioFileError) in
                try reader.read(into: buffer)
            }
            if count == 0 { break }
            samples.append(contentsOf: block[..<(count * reader.channelCount)])
        }
        return AudioClip(samples: samples, sampleRate: reader.sampleRate, channelCount: reader.channelCount)
    }

    /// The same sound at another rate; see `StreamingResampler`.
    ///
    /// - Parameter targetRate: Frames per second wanted.
    /// - Returns: A clip of `ceil(frameCount * targetRate / sampleRate)` frames.
    /// - Throws: `AudioFileError.resampling` for a rate that cannot be converted.
    public func resampled(to targetRate: Int) throws(AudioFileError) -> AudioClip {
        let resampler = try StreamingResampler(from: sampleRate, to: targetRate, channelCount: channelCount)
        var output: [Float] = []
        try samples.withUnsafeBufferPointer { input throws(AudioFileError) in
            try resampler.process(input, appendingTo: &output)
        }
        try resampler.finish(appendingTo: &output)
        return AudioClip(samples: output, sampleRate: targetRate, channelCount: channelCount)
    }
}
