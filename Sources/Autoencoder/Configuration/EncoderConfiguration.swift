/// A stack of dense blocks over vectors: the video and the text encoder.
public struct VectorEncoderConfiguration: Sendable, Equatable, Codable {
    /// Numbers of one sample.
    public var inputCount: Int
    /// Columns after each block.
    public var widths: [Int]
    /// Dropout after each block.
    public var dropoutRates: [Double]

    /// Describes a stack.
    ///
    /// - Parameters:
    ///   - inputCount: Numbers of one sample, at least 1.
    ///   - widths: Columns after each block, at least one.
    ///   - dropoutRates: One rate a block, 0 ..< 1.
    public init(inputCount: Int, widths: [Int], dropoutRates: [Double]) {
        self.inputCount = inputCount
        self.widths = widths
        self.dropoutRates = dropoutRates
    }

    /// The video encoder for `frameCount` frames of 160 x 90 pixels in colour.
    ///
    /// - Parameter frameCount: Frames of one TR: 38 at 25 frames a second, 19 or 10 when frames are skipped.
    /// - Returns: 4096, 2048 and 1024 columns.
    public static func video(frameCount: Int = 19) -> VectorEncoderConfiguration {
        VectorEncoderConfiguration(
            inputCount: frameCount * 160 * 90 * 3, widths: [4096, 2048, 1024], dropoutRates: [0.3, 0.3, 0.2])
    }

    /// The text encoder.
    ///
    /// - Parameter inputCount: 1024 numbers of one segment, or 3072 of three.
    /// - Returns: 512 and 256 columns.
    public static func text(inputCount: Int = 1024) -> VectorEncoderConfiguration {
        VectorEncoderConfiguration(inputCount: inputCount, widths: [512, 256], dropoutRates: [0.2, 0.2])
    }
}

/// Sizes of a ``MultimodalEncoder``.
///
/// A modality that is nil is left out. The defaults are the design's.
public struct EncoderConfiguration: Sendable, Equatable, Codable {
    /// Video, or nil.
    public var video: VectorEncoderConfiguration? = .video()
    /// Audio, or nil.
    public var audio: AudioEncoderConfiguration? = AudioEncoderConfiguration()
    /// Text, or nil.
    public var text: VectorEncoderConfiguration? = .text()
    /// Columns of layers 5 and 6.
    public var hiddenWidths = [4096, 8000]
    /// Columns of the bottleneck.
    public var bottleneckWidth = 2048
    /// Voxels to predict from the bottleneck, or nil for no such head.
    public var voxelCount: Int? = 85_810
    /// Columns before the voxels.
    public var voxelHiddenWidth = 16_384
    /// Whether dropout acts in training.
    public var usesDropout = true

    /// The design's sizes with all modalities.
    public init() {}

    /// Columns of all modalities side by side: 1536 with the design's.
    public var featureWidth: Int {
        (video?.widths.last ?? 0) + (audio?.outputWidth ?? 0) + (text?.widths.last ?? 0)
    }
}
