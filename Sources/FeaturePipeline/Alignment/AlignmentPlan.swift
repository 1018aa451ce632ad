public import EnCodec

/// How modalities are put on one time base.
public struct AlignmentPlan: Sendable {
    /// What brings them to one length.
    public enum Lengths: String, Sendable, CaseIterable, Codable {
        /// Every modality keeps its first rows.
        case cut
        /// Measurements keep their first rows, stimuli are stretched over their whole length (features by lines, codes
        /// by the nearest row), as the Python system's `align_all_modalities` does: times move.
        case stretch
    }

    /// What the response does to codes.
    public enum CodeTreatment: Sendable {
        /// Convolves what the codes stand for; the result is continuous.
        case latent(EncodecModel)
        /// Convolves index numbers, rounds and clips, as the design document says.
        case seed
        /// Leaves codes as they are, so that they do not share the lag of the other stimuli.
        case skip

        /// The option's name in reports.
        public var name: String {
            switch self {
            case .latent: "latent"
            case .seed: "seed"
            case .skip: "skip"
            }
        }
    }

    /// What brings modalities to one length.
    public let lengths: Lengths
    /// The response applied to stimuli; nil for none.
    public let convolution: TRConvolution?
    /// What the response does to codes.
    public let codes: CodeTreatment
    /// Seconds a row.
    public let repetitionTime: RepetitionTime

    /// Any combination.
    ///
    /// - Parameters:
    ///   - lengths: What brings modalities to one length.
    ///   - convolution: The response applied to stimuli, or nil; not ``TRConvolution/Crop/full``, which makes lengths
    ///     differ again.
    ///   - codes: What the response does to codes.
    ///   - repetitionTime: Seconds a row; the response's own where there is one.
    /// - Throws: ``AlignmentError/inconsistentModalities(reason:)``.
    public init(
        lengths: Lengths, convolution: TRConvolution?, codes: CodeTreatment, repetitionTime: RepetitionTime
    ) throws(AlignmentError) {
        if let convolution {
            guard convolution.crop != .full else {
                throw .inconsistentModalities(
                    reason: "crop full makes stimuli longer than measurements; take causal, same or padded")
            }
            guard convolution.response.repetitionTime == repetitionTime else {
                throw .inconsistentModalities(
                    reason: "the response is sampled every \(convolution.response.repetitionTime) but a row takes "
                        + "\(repetitionTime); give one TR")
            }
        }
        self.lengths = lengths
        self.convolution = convolution
        self.codes = codes
        self.repetitionTime = repetitionTime
    }

    /// Cut to one length, true kernel, causal crop, codes by their latents.
    ///
    /// - Parameters:
    ///   - model: The codec of the codes.
    ///   - repetitionTime: Seconds a row.
    /// - Returns: The plan that results should be made with.
    /// - Throws: ``AlignmentError/repetitionTimeOutOfRange(_:)``.
    public static func correct(
        model: EncodecModel, repetitionTime: RepetitionTime = .standard
    ) throws(AlignmentError) -> AlignmentPlan {
        let response = try HemodynamicResponse(.sampled, repetitionTime: repetitionTime)
        return try AlignmentPlan(
            lengths: .cut, convolution: TRConvolution(response), codes: .latent(model), repetitionTime: repetitionTime)
    }

    /// What the Python system does: stretched, nilearn's kernel, the crop after padding, codes left alone.
    ///
    /// - Parameter repetitionTime: Seconds a row.
    /// - Returns: The plan that shows what its choices cost.
    /// - Throws: ``AlignmentError/repetitionTimeOutOfRange(_:)``.
    public static func compat(repetitionTime: RepetitionTime = .standard) throws(AlignmentError) -> AlignmentPlan {
        let response = try HemodynamicResponse(.nilearn, repetitionTime: repetitionTime)
        return try AlignmentPlan(
            lengths: .stretch, convolution: TRConvolution(response, crop: .padded), codes: .skip,
            repetitionTime: repetitionTime)
    }

    /// By how many TRs the peak of the response to an event in a modality comes after the event.
    ///
    /// - Parameter modality: Any.
    /// - Returns: 0 for what the response is not applied to.
    public func peakShift(of modality: Modality) -> Int {
        guard modality.role == .stimulus, let convolution else { return 0 }
        if case .codes = modality.contents, case .skip = codes { return 0 }
        return convolution.peakShift
    }
}
