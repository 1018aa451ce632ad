internal import NumericCore
internal import SignalProcessing

extension AudioProcessor {
    /// Makes mel features of a stream, in memory.
    func melFeatures(
        from source: CountedSource, origin: FeatureRecipe.Source?, expectedSampleCount: Int
    ) throws -> TRFeatures {
        let (slots, bins) = (melSlots, configuration.mel.melBinCount)
        let expected = clock.trCount(ofSamples: expectedSampleCount, limit: configuration.maximumTRCount)
        var values: [Float] = []
        values.reserveCapacity(expected * bins * slots.width)
        let reference = try collectMelPower(from: source, slots: slots) { values += $0 }
        let trCount = clock.trCount(ofSamples: source.sampleCount, limit: configuration.maximumTRCount)
        values.removeLast(max(0, values.count - trCount * bins * slots.width))
        let decibels = try MelDecibels(slots, binCount: bins, reference: reference)
        try decibels.convert(&values, firstTR: 0)
        let description = melDescription(trCount: trCount, reference: reference, origin: origin)
        if configuration.isVectorPerTR { values = decibels.means(values, firstTR: 0) }
        return TRFeatures(
            values: .decibels(Tensor(values, shape: description.shape)), metadata: description.metadata,
            recipe: description.recipe, framesPerTR: description.framesPerTR, frameCounts: description.frameCounts,
            decibelReference: description.decibelReference)
    }

    /// The columns of a TR.
    var melSlots: MelSlots { MelSlots(clock, behaviour: configuration.melBehaviour) }

    /// Runs a stream through the filters.
    ///
    /// - Parameters:
    ///   - source: The sound.
    ///   - slots: The columns.
    ///   - sink: Receives power, (TRs, bins, columns), in order; the last TRs may lie behind the sound's end.
    /// - Returns: The power that is 0 dB: the largest of the whole film.
    /// - Throws: ``FeatureError``, or what the source or `sink` throws.
    func collectMelPower(
        from source: CountedSource, slots: MelSlots, to sink: ([Float]) throws -> Void
    ) throws -> Float {
        var collector = MelCollector(
            slots, binCount: configuration.mel.melBinCount,
            trLimit: configuration.maximumTRCount ?? FeatureManifest.maximumTRCount)
        var stream = MelSpectrogram(configuration.mel).makeStream()
        var block = [Float](repeating: 0, count: 16_384)
        while true {
            let count = try block.withUnsafeMutableBufferPointer { try source.read(into: $0) }
            guard count > 0 else { break }
            try wrapSignal { () throws(SignalError) in
                try stream.append(Array(block[..<count])) { collector.take($0) }
            }
            try collector.drain(sink)
        }
        if source.sampleCount > 0 {
            try wrapSignal { () throws(SignalError) in try stream.finish { collector.take($0) } }
            try collector.drain(sink)
        }
        return max(collector.largest, DecibelScale.legacy.leastPower)
    }

    /// What a manifest and a table say of mel features, besides their digest.
    func melDescription(trCount: Int, reference: Float, origin: FeatureRecipe.Source?) -> MelDescription {
        let counts = (0..<trCount).map { clock.frames(of: $0).count }
        let keepsLevel = configuration.melBehaviour == .correct
        let (bins, width) = (configuration.mel.melBinCount, melSlots.width)
        let mel = FeatureRecipe.Mel(binCount: bins, fftLength: configuration.mel.layout.fftLength)
        return MelDescription(
            shape: configuration.isVectorPerTR ? [trCount, bins] : [trCount, bins, width],
            metadata: TRMetadata.rows(
                frameCounts: counts, repetitionTime: configuration.repetitionTime, codebookCount: nil),
            recipe: recipe(grid: .melSlots, origin: origin, mel: mel),
            framesPerTR: configuration.isVectorPerTR ? nil : width, frameCounts: keepsLevel ? counts : nil,
            decibelReference: keepsLevel ? reference : nil)
    }
}

/// What mel features are, besides their numbers.
struct MelDescription {
    let shape: [Int]
    let metadata: [TRMetadata]
    let recipe: FeatureRecipe
    let framesPerTR: Int?
    let frameCounts: [Int]?
    let decibelReference: Float?
}
