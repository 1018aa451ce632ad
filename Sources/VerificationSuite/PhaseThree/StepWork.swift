internal import Autoencoder
internal import NeuralNetwork

/// Multiply-adds of one training step for one sample, counted by walking a model's layout.
///
/// A matrix is used once a sample, a convolution's kernel once a frame; looking a code up multiplies nothing. Backward
/// takes twice the forward's: once for the parameters and once for the inputs, which the first layers do not need.
struct StepWork {
    /// The whole model's.
    let total: Double
    /// Encoder and decoder of audio alone.
    let audio: Double

    /// Numbers that an optimiser changes.
    let parameterCount: Int

    init(_ configuration: AutoencoderConfiguration) {
        let layout = MultimodalAutoencoder(configuration).layout
        let frames = configuration.encoder.audio?.format.frameCount ?? 1
        var (total, audio) = (0.0, 0.0)
        for entry in layout.entries {
            let work = Double(Self.forward(entry, frames: frames)) * (Self.isFirst(entry.name) ? 2 : 3)
            total += work
            if entry.name.contains("audio") || entry.name.contains("code_heads") { audio += work }
        }
        (self.total, self.audio) = (total, audio)
        parameterCount = layout.parameterCount
    }

    /// Multiply-adds of a parameter in the forward pass; biases and normalisations only add or scale.
    static func forward(_ entry: ParameterLayout.Entry, frames: Int) -> Int {
        guard entry.kind == .parameter, entry.shape.count >= 2 else { return 0 }
        return entry.count * uses(entry.name, frames: frames)
    }

    /// How often a sample uses each number of a parameter.
    private static func uses(_ name: String, frames: Int) -> Int {
        if name.contains("embedding") { return 0 }
        if name.contains("temporal_conv_k") || name.contains("code_heads") { return frames }
        // The mel head grows 8 frames to 64 by three doublings; a transposed kernel is used once an input frame.
        if name.contains("audio_temporal_upsample.0") { return 8 }
        if name.contains("audio_temporal_upsample.3") { return 16 }
        if name.contains("audio_temporal_upsample.6") { return 32 }
        return name.contains("audio_temporal_adjust") ? 64 : 1
    }

    /// Whether what goes into a layer has no gradient.
    private static func isFirst(_ name: String) -> Bool {
        // Under the convolutions of codes lie embeddings, which are trained.
        ["encoder.video_encoder.fc1.", "encoder.text_encoder.fc1.", "encoder.audio_encoder.fc1."]
            .contains { name.hasPrefix($0) }
    }
}
