internal import NumericCore
internal import SignalProcessing

extension AudioProcessor {
    /// Makes mel features of a stream.
    func melFeatures(
        from source: CountedSource, origin: FeatureRecipe.Source?, expectedSampleCount: Int
    ) throws -> TRFeatures {
        let slots = MelSlots(clock, behaviour: configuration.melBehaviour)
        let collector = try collect(from: source, slots: slots, expectedSampleCount: expectedSampleCount)
        let trCount = clock.trCount(ofSamples: source.sampleCount, limit: configuration.maximumTRCount)
        let reference = max(collector.largest, DecibelScale.legacy.leastPower)
        var values = collector.finish(trCount: trCount)
        try convert(&values, slots: slots, reference: reference)
        let counts = (0..<trCount).map { clock.frames(of: $0).count }
        let frames = Tensor(values, shape: [trCount, configuration.mel.melBinCount, slots.width])
        let keepsLevel = configuration.melBehaviour == .correct
        let mel = FeatureRecipe.Mel(
            binCount: configuration.mel.melBinCount, fftLength: configuration.mel.layout.fftLength)
        return TRFeatures(
            values: .decibels(configuration.isVectorPerTR ? average(frames, slots: slots) : frames),
            metadata: TRMetadata.rows(
                frameCounts: counts, repetitionTime: configuration.repetitionTime, codebookCount: nil),
            recipe: recipe(grid: .melSlots, origin: origin, mel: mel),
            framesPerTR: configuration.isVectorPerTR ? nil : slots.width,
            frameCounts: keepsLevel ? counts : nil, decibelReference: keepsLevel ? reference : nil)
    }

    private func collect(
        from source: CountedSource, slots: MelSlots, expectedSampleCount: Int
    ) throws -> MelCollector {
        var collector = MelCollector(
            slots, binCount: configuration.mel.melBinCount,
            trLimit: configuration.maximumTRCount ?? FeatureManifest.maximumTRCount,
            expectedTRCount: clock.trCount(ofSamples: expectedSampleCount, limit: configuration.maximumTRCount))
        var stream = MelSpectrogram(configuration.mel).makeStream()
        var block = [Float](repeating: 0, count: 16_384)
        while true {
            let count = try block.withUnsafeMutableBufferPointer { try source.read(into: $0) }
            guard count > 0 else { break }
            try wrapSignal { () throws(SignalError) in
                try stream.append(Array(block[..<count])) { collector.take($0) }
            }
        }
        if source.sampleCount > 0 {
            try wrapSignal { () throws(SignalError) in try stream.finish { collector.take($0) } }
        }
        return collector
    }

    /// Power to dB below the film's maximum, no further down than 80 dB, which fills columns without a frame too.
    private func convert(_ values: inout [Float], slots: MelSlots, reference: Float) throws(FeatureError) {
        try wrapSignal { () throws(SignalError) in
            let scale = try DecibelScale(reference: .value(reference), rangeDB: nil)
            try scale.convert(&values)
        }
        let (bins, width) = (configuration.mel.melBinCount, slots.width)
        values.withUnsafeMutableBufferPointer { values in
            for index in values.indices where values[index] < MelSlots.fillerDB { values[index] = MelSlots.fillerDB }
            for tr in 0..<values.count / (bins * width) {
                let count = slots.frameCount(of: tr)
                for row in tr * bins..<(tr + 1) * bins where count < width {
                    for column in count..<width { values[row * width + column] = MelSlots.fillerDB }
                }
            }
        }
    }

    /// Means over each TR's own frames, of decibels.
    private func average(_ frames: Tensor<Float>, slots: MelSlots) -> Tensor<Float> {
        let (trCount, bins, width) = (frames.shape[0], frames.shape[1], frames.shape[2])
        var means: [Float] = []
        means.reserveCapacity(trCount * bins)
        for tr in 0..<trCount {
            let count = slots.frameCount(of: tr)
            for row in tr * bins..<(tr + 1) * bins {
                let sum = frames.elements[row * width..<row * width + count].reduce(0.0) { $0 + Double($1) }
                means.append(Float(sum / Double(count)))
            }
        }
        return Tensor(means, shape: [trCount, bins])
    }
}
