/// How the decoder ends for audio.
public enum AudioHead: Sendable, Equatable, Codable {
    /// What becomes of mel frames that the upsampling does not reach.
    public enum MelTail: String, Sendable, Codable, CaseIterable {
        /// 0, which is the greatest power under the convention -80 ... 0 dB: the Python system's click once a TR.
        case zero
        /// The last frame again.
        case repeatLast
    }

    /// sigmoid x (vocabulary - 1), one number a code.
    case regression
    /// One logit for each value of each code; the layer has codebooks x frames x vocabulary outputs.
    case classification
    /// The same logits in two steps: `width` features a frame, then for each codebook a table shared by all frames.
    case factorizedClassification(width: Int)
    /// Mel frames by three transposed convolutions.
    case mel(tail: MelTail)
}

/// Sizes of a ``MultimodalDecoder``.
///
/// A modality that is nil is left out. The defaults are the design's.
public struct DecoderConfiguration: Sendable, Equatable, Codable {
    /// Columns of the bottleneck.
    public var bottleneckWidth = 2048
    /// Columns of layers 8, 9, 10 and 11.
    public var trunkWidths = [8000, 4096, 2048, 1536]
    /// Numbers of one video frame to predict, or nil.
    public var videoCount: Int? = 160 * 90 * 3
    /// Columns of layer 12 for video.
    public var videoWidths = [2048, 4096]
    /// The audio sample to predict, or nil.
    public var audio: AudioFormat? = .designCodes
    /// How audio ends.
    public var audioHead = AudioHead.regression
    /// Columns of layer 12 for audio.
    public var audioWidths = [2048, 2048]
    /// Numbers of one text vector to predict, or nil.
    public var textCount: Int? = 1024
    /// Columns of layer 12 for text.
    public var textWidths = [1024, 1024]
    /// Dropout after every block.
    public var dropoutRate = 0.3

    /// The design's sizes with all modalities.
    public init() {}
}
