public import NeuralNetwork
public import NumericCore

/// The design's whole model: features to a bottleneck and voxels, and back to features.
///
/// A description: it holds no numbers, so a model of any size can be built and counted.
public struct MultimodalAutoencoder: Sendable {
    /// What the model gives.
    public struct Output: Sendable {
        /// Bottleneck and voxels.
        public let encoded: MultimodalEncoder.Output
        /// All modalities.
        public let decoded: MultimodalDecoder.Output
    }

    /// What `backward` needs from `forward`.
    public struct Cache: Sendable {
        let encoder: MultimodalEncoder.Cache
        let decoder: MultimodalDecoder.Cache
    }

    /// Sizes.
    public let configuration: AutoencoderConfiguration
    /// Names, shapes and places of all numbers; keys start with `encoder.` and `decoder.`.
    public let layout: ParameterLayout
    /// Layers 1 to 7.
    public let encoder: MultimodalEncoder
    /// Layers 8 to 13.
    public let decoder: MultimodalDecoder

    /// Describes a model.
    ///
    /// - Parameter configuration: Sizes; both sides of the same bottleneck width.
    public init(_ configuration: AutoencoderConfiguration) {
        precondition(
            configuration.encoder.bottleneckWidth == configuration.decoder.bottleneckWidth,
            "\(configuration.encoder.bottleneckWidth) into \(configuration.decoder.bottleneckWidth)")
        self.configuration = configuration
        var layout = ParameterLayout()
        encoder = MultimodalEncoder(configuration.encoder, prefix: "encoder.", in: &layout)
        decoder = MultimodalDecoder(configuration.decoder, prefix: "decoder.", in: &layout)
        self.layout = layout
    }

    /// How many of some threads matrix products of this model should share.
    ///
    /// Products of a model with fewer than two million parameters take microseconds; sharing them costs more than it saves,
    /// and much more beside other programs.
    ///
    /// - Parameter available: Threads there are, at least 1.
    /// - Returns: 1 or all.
    public func usefulThreadCount(of available: Int) -> Int { layout.parameterCount < 2_000_000 ? 1 : available }

    /// Runs a batch through the model.
    ///
    /// - Parameters:
    ///   - input: Features, checked by `MultimodalInput.check`; in training at least two samples.
    ///   - state: The model's numbers.
    ///   - pass: The pass.
    /// - Returns: Everything predicted, and what `backward` needs.
    public func forward(
        _ input: MultimodalInput, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Output, cache: Cache) {
        let (encoded, encoderCache) = encoder.forward(input, state, &pass)
        let (decoded, decoderCache) = decoder.forward(encoded.bottleneck, state, &pass)
        return (Output(encoded: encoded, decoded: decoded), Cache(encoder: encoderCache, decoder: decoderCache))
    }

    /// Adds the gradients of all parameters.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the modalities; at least one.
    ///   - voxels: With respect to the voxels; nil when they are not trained.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    public func backward(
        _ gradient: MultimodalDecoder.OutputGradient, voxels: Tensor<Float>?, _ cache: Cache, _ state: ModelState,
        into gradients: inout Gradients
    ) {
        let bottleneck = decoder.backward(gradient, cache.decoder, state, into: &gradients)
        encoder.backward(bottleneck: bottleneck, voxels: voxels, cache.encoder, state, into: &gradients)
    }
}
