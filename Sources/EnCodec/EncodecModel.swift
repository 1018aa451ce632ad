/// An EnCodec neural codec: encodes audio to codes and decodes codes to audio as Hugging Face's `EncodecModel` does.
///
/// The model is immutable and can be used by many tasks. Samples are float32, interleaved by channel, at
/// ``EncodecConfiguration/samplingRate``. Causal codecs run in time tiles: memory does not grow with length, and the
/// result does not depend on the tiles, nor on the number of threads, to the last bit.
public final class EncodecModel: Sendable {
    /// The architecture.
    public let configuration: EncodecConfiguration
    let encoder: [SEANetSegment]
    let decoder: [SEANetSegment]
    let quantizer: ResidualVectorQuantizer
    let framesPerTile: Int

    /// Builds the model from tensors.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - weights: Every tensor of Hugging Face's state dict, and no other.
    ///   - framesPerTile: Frames that are worked on together; changes speed and memory, never a result.
    /// - Throws: ``EncodecError`` that names the tensor that is missing, superfluous, mis-shaped or not finite.
    public init(
        configuration: EncodecConfiguration, weights: WeightSource,
        framesPerTile: Int = EncodecModel.defaultFramesPerTile
    ) throws(EncodecError) {
        precondition(framesPerTile > 0, "tiles of \(framesPerTile) frames")
        self.framesPerTile = framesPerTile
        var builder = SEANetBuilder(configuration: configuration, weights: WeightReader(weights))
        self.configuration = configuration
        encoder = try builder.encoder()
        decoder = try builder.decoder()
        quantizer = try ResidualVectorQuantizer(configuration: configuration, weights: &builder.weights)
        try builder.weights.finish()
    }

    /// A multiple of every stage's block of rows, about 2.5 s at 75 Hz: long enough to read the innermost weights
    /// (8 MB) seldom, short enough to stay in the last-level cache.
    public static let defaultFramesPerTile = 192

    /// Samples of one tile.
    var samplesPerTile: Int { framesPerTile * configuration.hopLength }
}
