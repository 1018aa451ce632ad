public import NumericCore

/// A batch of features; nil for a modality the model does not have.
public struct MultimodalInput: Sendable {
    /// Shape (batch, numbers).
    public var video: Tensor<Float>?
    /// Codes or mel features.
    public var audio: AudioInput?
    /// Shape (batch, numbers).
    public var text: Tensor<Float>?

    /// Puts features together.
    ///
    /// - Parameters:
    ///   - video: Shape (batch, numbers).
    ///   - audio: Codes or mel features.
    ///   - text: Shape (batch, numbers).
    public init(video: Tensor<Float>? = nil, audio: AudioInput? = nil, text: Tensor<Float>? = nil) {
        self.video = video
        self.audio = audio
        self.text = text
    }

    /// Checks features from outside against what a model was built for.
    ///
    /// - Parameter configuration: The model's.
    /// - Throws: `ModelInputError`.
    public func check(_ configuration: EncoderConfiguration) throws(ModelInputError) {
        try Self.check(video, configuration.video, "video features")
        try Self.check(text, configuration.text, "text features")
        switch (audio, configuration.audio) {
        case (.some(let audio), .some(let wanted)): try audio.check(wanted.format)
        case (.none, .none): break
        case (.some, .none): throw .kind(expected: "no audio", found: "audio features")
        case (.none, .some): throw .kind(expected: "audio features", found: "none")
        }
        let batches = [video?.shape.first, audio?.batchCount, text?.shape.first].compactMap { $0 }
        guard let first = batches.first, batches.allSatisfy({ $0 == first }) else {
            throw .kind(expected: "the same number of samples of every modality", found: "\(batches)")
        }
    }

    private static func check(
        _ values: Tensor<Float>?, _ wanted: VectorEncoderConfiguration?, _ what: String
    ) throws(ModelInputError) {
        switch (values, wanted) {
        case (.some(let values), .some(let wanted)):
            try ModelInputError.requireShape(values.shape, [wanted.inputCount], of: what)
            try ModelInputError.requireFinite(values.elements, of: what)
        case (.none, .none): break
        case (.some, .none): throw .kind(expected: "no \(what)", found: what)
        case (.none, .some): throw .kind(expected: what, found: "none")
        }
    }
}
