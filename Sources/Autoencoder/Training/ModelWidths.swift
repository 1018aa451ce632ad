public import FeaturePipeline

/// How large a model is.
public enum ModelWidths: String, Sendable, CaseIterable, Codable {
    /// For two cores and short recordings: a step takes milliseconds; no dropout.
    case small
    /// The design document's.
    case design
}

/// How a model ends for audio, as a user chooses it.
public enum TrainedHead: String, Sendable, CaseIterable, Codable {
    /// One number for each code or mel bin.
    case regression
    /// Logits for each value of a code, by tables shared by all frames.
    case classification
}

extension AutoencoderConfiguration {
    /// Values of a code.
    static let vocabularySize = 1024
    /// Numbers of the video frame that the design predicts.
    static let frameNumberCount = 160 * 90 * 3

    /// The model for a data set.
    ///
    /// - Parameters:
    ///   - dimensions: The data set's.
    ///   - widths: How large.
    ///   - head: How audio ends; classification is for codes only.
    /// - Returns: A checked configuration.
    /// - Throws: ``TrainingError`` for mel features without frames, and for classes of mel features.
    public static func trained(
        on dimensions: FeatureDimensions, widths: ModelWidths, head: TrainedHead
    ) throws(TrainingError) -> AutoencoderConfiguration {
        let format = try audioFormat(dimensions)
        return try make(
            format, video: dimensions.video, text: dimensions.text, voxels: dimensions.fmri, widths: widths, head: head)
    }

    /// The model for audio alone.
    ///
    /// - Parameters:
    ///   - format: What a sample is.
    ///   - widths: How large.
    ///   - head: How audio ends; classification is for codes only.
    /// - Returns: A checked configuration.
    /// - Throws: ``TrainingError`` for sizes below 1 and for classes of mel features.
    public static func trained(
        onAudio format: AudioFormat, widths: ModelWidths, head: TrainedHead
    ) throws(TrainingError) -> AutoencoderConfiguration {
        try make(format, video: nil, text: nil, voxels: nil, widths: widths, head: head)
    }

    private static func make(
        _ format: AudioFormat, video: Int?, text: Int?, voxels: Int?, widths: ModelWidths, head: TrainedHead
    ) throws(TrainingError) -> AutoencoderConfiguration {
        var result = AutoencoderConfiguration()
        result.encoder.audio = AudioEncoderConfiguration(format: format)
        result.encoder.video = video.map { stack(.video(), $0) }
        result.encoder.text = text.map { stack(.text(), $0) }
        result.encoder.voxelCount = voxels
        result.decoder.audio = format
        result.decoder.videoCount = video.map { min($0, frameNumberCount) }
        result.decoder.textCount = text
        result.decoder.audioHead = try audioHead(head, format)
        if widths == .small { result.shrink() }
        let checked = result
        try TrainingError.wrap(
            { () throws(ModelConfigurationError) in try checked.check() }, TrainingError.configuration)
        return result
    }

    private static func stack(_ base: VectorEncoderConfiguration, _ count: Int) -> VectorEncoderConfiguration {
        var result = base
        result.inputCount = count
        return result
    }

    private static func audioFormat(_ dimensions: FeatureDimensions) throws(TrainingError) -> AudioFormat {
        let extents = dimensions.audio
        switch dimensions.audioFormat {
        case .encodec, .encodecFlat:
            return .codes(codebookCount: extents[0], frameCount: extents[1], vocabularySize: vocabularySize)
        case .mel3D, .melFlat: return .mel(binCount: extents[0], frameCount: extents[1])
        case .mel2D, .encodecPredictions, .ambiguous, .unknown:
            throw .features(
                problem:
                    "Features of the format \(dimensions.audioFormatTag) (\(dimensions.audioFormat)) have no"
                    + " frames to learn; give codes or mel features with frames.")
        }
    }

    private static func audioHead(_ head: TrainedHead, _ format: AudioFormat) throws(TrainingError) -> AudioHead {
        switch (head, format) {
        case (.regression, .codes): return .regression
        case (.classification, .codes): return .factorizedClassification(width: 64)
        case (.regression, .mel): return .mel(tail: .repeatLast)
        case (.classification, .mel):
            throw .features(problem: "Mel features have no classes; train on them by regression.")
        }
    }

    private static func small(_ stack: VectorEncoderConfiguration) -> VectorEncoderConfiguration {
        VectorEncoderConfiguration(inputCount: stack.inputCount, widths: [64, 64], dropoutRates: [0, 0])
    }

    private mutating func shrink() {
        encoder.audio?.embeddingWidth = 8
        encoder.audio?.scaleWidth = 16
        encoder.audio?.hiddenWidth = 64
        encoder.audio?.outputWidth = 64
        encoder.audio?.usesDropout = false
        encoder.video = encoder.video.map(Self.small)
        encoder.text = encoder.text.map(Self.small)
        (encoder.hiddenWidths, encoder.bottleneckWidth, encoder.voxelHiddenWidth) = ([96, 96], 48, 96)
        encoder.usesDropout = false
        (decoder.bottleneckWidth, decoder.trunkWidths, decoder.dropoutRate) = (48, [96, 96, 96, 96], 0)
        (decoder.videoWidths, decoder.audioWidths, decoder.textWidths) = ([96, 96], [96, 96], [96, 96])
        if case .factorizedClassification = decoder.audioHead {
            decoder.audioHead = .factorizedClassification(width: 16)
        }
    }
}
