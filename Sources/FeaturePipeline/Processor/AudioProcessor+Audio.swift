public import AudioIO
public import EnCodec
internal import NumericCore
internal import SignalProcessing

extension AudioProcessor {
    /// Makes sound of features, piece by piece.
    ///
    /// Codes become hop x frames samples. Mel features of the correct behaviour become floor(TRs x TR x rate) samples at
    /// their own level; of the compatible one what librosa makes of all columns in a row, at the level that 0 dB is 1.
    ///
    /// - Parameters:
    ///   - input: Features of this processor's kind.
    ///   - seed: Where Griffin-Lim's phases start; codes need none.
    ///   - threadCount: Threads that decode codes at the same time, at least 1.
    ///   - sink: Receives samples of one channel at ``sampleRate``, in order; nothing for no TR.
    /// - Throws: ``FeatureError`` when the features do not fit this processor, `EncodecError`, or what `sink` throws.
    public func audio(
        from input: FeatureInput, seed: UInt64 = 0, threadCount: Int = 1, to sink: @escaping EncodecModel.SampleSink
    ) throws {
        switch input.values {
        case .codes(let codes):
            guard let codec, configuration.useEncodec else {
                throw FeatureError.badRequest(problem: "these are codes; they need a processor with a codec")
            }
            try decode(codes, layout: input.layout, codec: codec, threadCount: threadCount, to: sink)
        case .decibels(let decibels):
            guard !configuration.useEncodec else {
                throw FeatureError.badRequest(problem: "these are mel features; they need a processor without a codec")
            }
            try MelPlayback(decibels, layout: input.layout, mel: configuration.mel, clock: clock).run(
                seed: seed, to: sink)
        }
    }

    /// Makes sound of features that were just made.
    ///
    /// - Parameters:
    ///   - features: From a processor of this kind.
    ///   - seed: Where Griffin-Lim's phases start.
    ///   - threadCount: Threads that decode codes at the same time, at least 1.
    /// - Returns: One channel at ``sampleRate``.
    /// - Throws: As ``audio(from:seed:threadCount:to:)``.
    public func audio(from features: TRFeatures, seed: UInt64 = 0, threadCount: Int = 1) throws -> AudioClip {
        var samples: [Float] = []
        try audio(from: FeatureInput(features), seed: seed, threadCount: threadCount) { samples += $0 }
        return AudioClip(samples: samples, sampleRate: sampleRate)
    }

    /// Samples that ``audio(from:seed:threadCount:to:)`` will give, for progress.
    ///
    /// - Parameter input: The features.
    /// - Returns: Samples of one channel.
    public func expectedSampleCount(of input: FeatureInput) -> Int {
        let trCount = input.values.shape.first ?? 0
        guard case .codes = input.values else { return clock.sampleCount(ofTRs: trCount) }
        return TRGrid(grid(of: input.layout), clock).joinedFrameCount(trCount: trCount) * clock.hopLength
    }

    private func decode(
        _ codes: Tensor<Int32>, layout: FeatureInput.Layout, codec: Codec, threadCount: Int,
        to sink: @escaping EncodecModel.SampleSink
    ) throws {
        let joined = try TRGrid(grid(of: layout), clock).join(codes, frameCounts: layout.frameCounts)
        guard joined.shape[1] > 0 else { return }
        let sampleCount = joined.shape[1] * clock.hopLength
        try codec.model.decode(
            EncodedAudio(chunks: [.init(codes: joined)], sampleCount: sampleCount), threadCount: threadCount, to: sink)
    }

    private func grid(of layout: FeatureInput.Layout) -> TRGrid.Mode { layout.grid == .seed112 ? .seed112 : .exact }
}

/// Griffin-Lim over mel features, a TR at a time.
private struct MelPlayback {
    private let decibels: Tensor<Float>
    private let layout: FeatureInput.Layout
    private let mel: MelConfiguration
    private let clock: FrameClock
    private let isAverage: Bool
    private let keepsLength: Bool

    init(
        _ decibels: Tensor<Float>, layout: FeatureInput.Layout, mel: MelConfiguration, clock: FrameClock
    ) throws(FeatureError) {
        (self.decibels, self.layout, self.mel, self.clock) = (decibels, layout, mel, clock)
        isAverage = layout.format == .mel2D
        keepsLength = layout.behaviour == .correct
        let rank = isAverage ? 2 : 3
        guard decibels.rank == rank, decibels.shape[1] == mel.melBinCount else {
            throw .badRequest(
                problem:
                    "mel features of shape \(decibels.shape) do not have \(rank) dimensions with \(mel.melBinCount) mel "
                    + "bins in the second; give the array and format that belong together")
        }
        if let counts = layout.frameCounts {
            let limit = isAverage ? clock.mostFrameCount : decibels.shape[2]
            guard counts.count == decibels.shape[0], counts.allSatisfy({ (0...limit).contains($0) }) else {
                throw .badRequest(
                    problem: "frame counts of \(counts.count) TRs, each 0...\(limit), do not fit mel features of shape "
                        + "\(decibels.shape)")
            }
        }
    }

    private var trCount: Int { decibels.shape[0] }

    /// Frames that a TR contributes.
    private func frameCount(of tr: Int) -> Int {
        let own = layout.frameCounts?[tr] ?? clock.frames(of: tr).count
        if isAverage { return keepsLength ? own : clock.leastFrameCount }
        return keepsLength ? min(own, decibels.shape[2]) : decibels.shape[2]
    }

    func run(seed: UInt64, to sink: EncodecModel.SampleSink) throws {
        let contributed = (0..<trCount).map { frameCount(of: $0) }.reduce(0, +)
        guard contributed > 0 else { return }
        // The film's frame at the very end belongs to no TR; the last one stands for it and completes the length.
        let wanted = clock.sampleCount(ofTRs: trCount)
        let completes = keepsLength && contributed == wanted / clock.hopLength
        let (inversion, stream) = try wrapSignal { () throws(SignalError) in
            try (
                MelInversion(mel.filterBank),
                GriffinLim(mel.layout).makeStream(
                    frameCount: contributed + (completes ? 1 : 0), sampleCount: completes ? wanted : nil,
                    phases: .random(seed: seed))
            )
        }
        for tr in 0..<trCount {
            let isLast = tr == trCount - 1
            var samples: [Float] = []
            try wrapSignal { () throws(SignalError) in
                let power = try power(of: tr, repeatingLast: completes && isLast)
                try stream.append(inversion.magnitudes(of: power)) { samples += $0 }
            }
            try samples.withUnsafeBufferPointer { try sink($0) }
        }
    }

    /// Mel power of a TR's frames, frame after frame.
    private func power(of tr: Int, repeatingLast: Bool) throws(SignalError) -> Tensor<Float> {
        let bins = mel.melBinCount
        let columns = isAverage ? 1 : decibels.shape[2]
        let own = frameCount(of: tr)
        let count = own + (repeatingLast ? 1 : 0)
        var rows = [Float](repeating: 0, count: count * bins)
        for frame in 0..<count {
            let column = isAverage ? 0 : min(frame, max(own - 1, 0))
            for bin in 0..<bins {
                rows[frame * bins + bin] = decibels.elements[(tr * bins + bin) * columns + column]
            }
        }
        let power = try DecibelScale.power(ofDecibels: rows, reference: layout.decibelReference ?? 1)
        return Tensor(power, shape: [count, bins])
    }
}
