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

    /// Builds the model from tensors.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - weights: Every tensor of Hugging Face's state dict, and no other.
    /// - Throws: ``EncodecError`` that names the tensor that is missing, superfluous, mis-shaped or not finite.
    public init(configuration: EncodecConfiguration, weights: WeightSource) throws(EncodecError) {
        var builder = SEANetBuilder(configuration: configuration, weights: WeightReader(weights))
        self.configuration = configuration
        encoder = try builder.encoder()
        decoder = try builder.decoder()
        quantizer = try ResidualVectorQuantizer(configuration: configuration, weights: &builder.weights)
        try builder.weights.finish()
    }

    /// Frames of a tile: a multiple of every stage's block of rows, about 2.5 s at 75 Hz.
    static let framesPerTile = 192

    /// Samples of one tile; shorter for short signals on several threads, so that each thread gets some.
    var samplesPerTile: Int { Self.framesPerTile * configuration.hopLength }
}
