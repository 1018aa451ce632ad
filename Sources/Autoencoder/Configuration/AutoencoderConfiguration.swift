/// Sizes of a ``MultimodalAutoencoder``.
public struct AutoencoderConfiguration: Sendable, Equatable, Codable {
    /// The encoder.
    public var encoder = EncoderConfiguration()
    /// The decoder.
    public var decoder = DecoderConfiguration()

    /// The design document's model: embeddings and convolutions for codes, all modalities, full width.
    public init() {}

    /// The Python system's model.
    ///
    /// - Parameters:
    ///   - audio: Codes or mel features.
    ///   - videoFrameCount: Frames of one TR.
    ///   - textCount: 1024 or 3072.
    ///   - voxelCount: Voxels, or nil for no voxel head.
    /// - Returns: A configuration whose state_dict has that system's keys and shapes.
    public static func python(
        audio: AudioFormat, videoFrameCount: Int = 19, textCount: Int = 1024, voxelCount: Int? = 85_810
    ) -> AutoencoderConfiguration {
        var result = AutoencoderConfiguration()
        result.encoder.video = .video(frameCount: videoFrameCount)
        result.encoder.audio = AudioEncoderConfiguration(format: audio, design: .linear)
        result.encoder.text = .text(inputCount: textCount)
        result.encoder.voxelCount = voxelCount
        result.decoder.audio = audio
        result.decoder.textCount = textCount
        switch audio {
        case .codes: result.decoder.audioHead = .regression
        case .mel: result.decoder.audioHead = .mel(tail: .zero)
        }
        return result
    }
}
