public import FeaturePipeline

/// Features of a film that somebody else made, ready to be turned into sound.
public struct GivenFeatures {
    /// The file.
    public let label: String
    /// Its SHA-256.
    public let sha256: String
    /// What they were recognised as.
    public let detection: FormatDetection
    /// The numbers and how they are read.
    public let input: FeatureInput
    /// Turns them into sound.
    public let processor: AudioProcessor

    /// Features.
    ///
    /// - Parameters:
    ///   - label: The file.
    ///   - sha256: Its SHA-256.
    ///   - detection: What they were recognised as.
    ///   - input: The numbers and how they are read.
    ///   - processor: Turns them into sound.
    public init(
        label: String, sha256: String, detection: FormatDetection, input: FeatureInput, processor: AudioProcessor
    ) {
        (self.label, self.sha256, self.detection) = (label, sha256, detection)
        (self.input, self.processor) = (input, processor)
    }

    /// Rows.
    var trCount: Int { input.values.shape.first ?? 0 }

    /// Samples that a film of so many TRs has in this kind of features: whole frames of codes.
    func owedSampleCount(ofTRs trCount: Int) -> Int {
        guard case .codes = input.values else { return processor.clock.sampleCount(ofTRs: trCount) }
        return processor.clock.start(of: trCount) * processor.clock.hopLength
    }
}
