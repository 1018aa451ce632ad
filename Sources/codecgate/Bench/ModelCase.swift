import Autoencoder
import NeuralNetwork
import NumericCore

/// What `bench models` measures: a part or a model, for codes or mel features, forward or a whole training step.
enum ModelCase: String, CaseIterable, Encodable {
    case encoderCodesForward = "encoder-codes-forward"
    case encoderCodesStep = "encoder-codes-step"
    case encoderMelForward = "encoder-mel-forward"
    case encoderMelStep = "encoder-mel-step"
    case smallCodesStep = "small-codes-step"
    case smallClassesStep = "small-classes-step"
    case smallMelStep = "small-mel-step"
    case designCodesForward = "design-codes-forward"
    case designCodesStep = "design-codes-step"
    case designMelForward = "design-mel-forward"
    case designMelStep = "design-mel-step"

    var title: String {
        let (what, action) = (
            isEncoderAlone ? "audio encoder" : "\(widths.rawValue) widths", isStep ? "step" : "forward"
        )
        return "\(what), \(hasClasses ? "codes by classes" : isMel ? "mel" : "codes"), \(action)"
    }

    var isStep: Bool { rawValue.hasSuffix("step") }
    var isEncoderAlone: Bool { rawValue.hasPrefix("encoder") }
    private var isMel: Bool { rawValue.contains("mel") }
    private var hasClasses: Bool { self == .smallClassesStep }
    private var widths: ModelWidths { rawValue.hasPrefix("small") ? .small : .design }

    /// Audio alone; a film's video would need 3.4 billion weights at the design's widths.
    func configuration() throws -> AutoencoderConfiguration {
        try .trained(
            onAudio: isMel ? .legacyMel : .designCodes, widths: widths, head: hasClasses ? .classification : .regression
        )
    }

    /// Features and targets that do not depend on anything.
    func audio(batch: Int) -> AudioInput {
        var generator = Xoshiro256(seed: 1)
        guard isMel else {
            return .codes(
                Tensor((0..<batch * 8 * 112).map { _ in Int32(generator.next() >> 54) }, shape: [batch, 8, 112]))
        }
        let count = batch * 2048 * 65
        return .mel(
            Tensor(
                (0..<count).map { _ in Float(generator.next() >> 40) * 0x1p-24 * 40 - 60 }, shape: [batch, 2048, 65]))
    }
}
