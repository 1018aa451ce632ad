public import AudioIO
public import EnCodec
internal import NumericCore

extension AudioProcessor {
    /// Called with the samples taken so far; what it throws ends the work.
    public typealias Progress = (_ sampleCount: Int) throws -> Void

    /// Makes the features of a file.
    ///
    /// - Parameters:
    ///   - path: An audio or video file; its first audio stream, mixed to one channel.
    ///   - threadCount: Threads that work at the same time, at least 1.
    ///   - progress: Told how far the work is.
    /// - Returns: Whole TRs only; none (and an empty array) for sound shorter than one.
    /// - Throws: `AudioFileError`, `EncodecError`, ``FeatureError``, or what `progress` throws.
    public func features(
        of path: String, threadCount: Int = 1, progress: Progress? = nil
    ) throws -> TRFeatures {
        let reader = try AudioReader(path: path, sampleRate: sampleRate, channels: .mono)
        return try features(of: reader, path: path, threadCount: threadCount, progress: progress)
    }

    /// Makes the features of a file that is open.
    ///
    /// - Parameters:
    ///   - reader: At its start, one channel at ``sampleRate``.
    ///   - path: The file it reads, for its digest.
    ///   - threadCount: Threads that work at the same time, at least 1.
    ///   - progress: Told how far the work is.
    /// - Returns: As ``features(of:threadCount:progress:)``.
    /// - Throws: As ``features(of:threadCount:progress:)``.
    public func features(
        of reader: AudioReader, path: String, threadCount: Int = 1, progress: Progress? = nil
    ) throws -> TRFeatures {
        let origin = try origin(of: reader, path: path)
        let expected = reader.info.declaredFrameCount.map {
            StreamingResampler.outputFrameCount(
                max(0, min($0, 1 << 40)) + reader.info.startOffsetFrameCount, from: reader.info.sampleRate,
                to: sampleRate)
        }
        return try features(
            from: { try reader.read(into: $0) }, origin: origin, expectedSampleCount: expected ?? 0,
            threadCount: threadCount, progress: progress)
    }

    /// Makes the features of samples that come piece by piece.
    ///
    /// - Parameters:
    ///   - source: One channel at ``sampleRate``; 0 means the end.
    ///   - origin: The file they come from, for the manifest.
    ///   - expectedSampleCount: About how many will come, for making room; 0 when not known.
    ///   - threadCount: Threads that work at the same time, at least 1.
    ///   - progress: Told how far the work is.
    /// - Returns: As ``features(of:threadCount:progress:)``.
    /// - Throws: What `source` throws and as ``features(of:threadCount:progress:)``.
    public func features(
        from source: @escaping EncodecModel.SampleSource, origin: FeatureRecipe.Source? = nil,
        expectedSampleCount: Int = 0, threadCount: Int = 1, progress: Progress? = nil
    ) throws -> TRFeatures {
        let counted = CountedSource(source, progress: progress)
        if let codec, configuration.useEncodec {
            return try codes(from: counted, codec: codec, origin: origin, threadCount: threadCount)
        }
        return try melFeatures(from: counted, origin: origin, expectedSampleCount: expectedSampleCount)
    }

    /// The file a reader reads, for the manifest.
    func origin(of reader: AudioReader, path: String) throws(FeatureError) -> FeatureRecipe.Source {
        precondition(
            reader.sampleRate == sampleRate && reader.channelCount == 1,
            "\(reader.channelCount) channels at \(reader.sampleRate) Hz, not 1 at \(sampleRate)")
        let digest = try wrap { () throws(ArrayFileError) in try SHA256.hexadecimal(ofFile: path) }
        return FeatureRecipe.Source(
            sha256: digest, decoderBackend: reader.info.backend.rawValue,
            resampler: reader.info.sampleRate == sampleRate ? "none" : "soxr-hq")
    }

    private func codes(
        from source: CountedSource, codec: Codec, origin: FeatureRecipe.Source?, threadCount: Int
    ) throws -> TRFeatures {
        let settings = codec.model.configuration
        let codebookCount = try settings.codebookCount(forBandwidth: configuration.bandwidthKbps)
        let grid = TRGrid(configuration.codeGrid, clock)
        if let limit = configuration.maximumTRCount, settings.isCausal {
            // Codes do not depend on later sound; one more hop keeps the end's padding away from the last frame wanted.
            source.limit = (clock.start(of: limit) + 2) * clock.hopLength
            source.limit = max(source.limit, clock.sampleCount(ofTRs: limit))
        }
        let stream = try encode(from: source, codec: codec, threadCount: threadCount)
        let codes = stream ?? Tensor(repeating: 0, shape: [codebookCount, 0])
        let trCount = clock.trCount(ofSamples: source.sampleCount, limit: configuration.maximumTRCount)
        let split = grid.split(codes, trCount: trCount)
        return TRFeatures(
            values: .codes(configuration.isVectorPerTR ? FlatCodes.flatten(split.codes) : split.codes),
            metadata: TRMetadata.rows(
                frameCounts: split.frameCounts, repetitionTime: configuration.repetitionTime,
                codebookCount: codebookCount),
            recipe: codeRecipe(codec: codec, codebookCount: codebookCount, origin: origin),
            framesPerTR: grid.framesPerTR, frameCounts: split.frameCounts, decibelReference: nil)
    }

    /// What decides codes.
    func codeRecipe(codec: Codec, codebookCount: Int, origin: FeatureRecipe.Source?) -> FeatureRecipe {
        recipe(
            grid: configuration.codeGrid == .exact ? .exact : .seed112, origin: origin,
            codec: FeatureRecipe.Codec(
                identifier: codec.identifier, weightsSHA256: codec.weightsSHA256,
                bandwidthKbps: configuration.bandwidthKbps, codebookCount: codebookCount))
    }

    /// Codes of the whole stream, or nil for no sound at all.
    private func encode(from source: CountedSource, codec: Codec, threadCount: Int) throws -> Tensor<Int32>? {
        do {
            let encoded = try codec.model.encode(
                from: { try source.read(into: $0) }, bandwidthKbps: configuration.bandwidthKbps,
                threadCount: threadCount)
            return encoded.chunks.first?.codes
        } catch EncodecError.emptyInput where source.sampleCount == 0 {
            return nil
        }
    }

    func recipe(
        grid: FeatureRecipe.Grid, origin: FeatureRecipe.Source?, codec: FeatureRecipe.Codec? = nil,
        mel: FeatureRecipe.Mel? = nil
    ) -> FeatureRecipe {
        FeatureRecipe(
            format: configuration.format, behaviour: configuration.behaviour, grid: grid,
            repetitionTime: configuration.repetitionTime, maximumTRCount: configuration.maximumTRCount,
            sampleRate: clock.sampleRate, hopLength: clock.hopLength, codec: codec, mel: mel, source: origin)
    }
}

/// Counts what a source gives, reports it, and ends it early when no more is needed.
final class CountedSource {
    private let source: EncodecModel.SampleSource
    private let progress: AudioProcessor.Progress?
    /// Samples given so far.
    private(set) var sampleCount = 0
    /// Samples after which the source counts as ended.
    var limit = Int.max

    init(_ source: @escaping EncodecModel.SampleSource, progress: AudioProcessor.Progress?) {
        self.source = source
        self.progress = progress
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws -> Int {
        let wanted = min(buffer.count, limit - sampleCount)
        guard wanted > 0 else { return 0 }
        let count = try source(UnsafeMutableBufferPointer(rebasing: buffer[..<wanted]))
        sampleCount += count
        try report()
        return count
    }

    /// Tells how far the work is, for work after the last sample too.
    func report() throws { try progress?(sampleCount) }
}
