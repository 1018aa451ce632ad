public import NeuralNetwork
public import NumericCore

/// Audio features of one TR to a vector; a description that knows the places of its parameters.
public struct AudioEncoder: Sendable {
    private enum Network: Sendable {
        case convolution(ConvolutionalAudioEncoder)
        case linear(DenseStack)
    }

    /// What `backward` needs from `forward`.
    public enum Cache: Sendable {
        /// Of the convolution design.
        case convolution(ConvolutionalCache)
        /// Of the linear design.
        case linear(DenseStack.Cache)
    }

    /// What the convolution design keeps.
    public struct ConvolutionalCache: Sendable {
        let value: ConvolutionalAudioEncoder.Cache
    }

    /// Sizes and choices.
    public let configuration: AudioEncoderConfiguration
    private let network: Network

    /// Adds the encoder's parameters to a layout.
    ///
    /// Names of the convolution design: `embeddings.Q` (or `code_embedding`), `temporal_conv_kK`, `bn_kK`, `fc.0`,
    /// `fc.1`, `fc.4`; of the linear one `fc1`, `bn1`, `fc2`, `bn2`.
    ///
    /// - Parameters:
    ///   - configuration: Sizes and choices; every size at least 1.
    ///   - prefix: Put in front of every name, such as `encoder.audio_encoder.`.
    ///   - layout: The model's layout.
    public init(_ configuration: AudioEncoderConfiguration, prefix: String = "", in layout: inout ParameterLayout) {
        self.configuration = configuration
        switch configuration.design {
        case .convolution:
            network = .convolution(ConvolutionalAudioEncoder(configuration, prefix: prefix, in: &layout))
        case .linear:
            let stack = VectorEncoderConfiguration(
                inputCount: configuration.format.count,
                widths: [configuration.hiddenWidth, configuration.outputWidth], dropoutRates: [0.3, 0.2])
            network = .linear(
                VectorEncoder.make(stack, prefix: prefix, usesDropout: configuration.usesDropout, in: &layout))
        }
    }

    /// Encodes a batch.
    ///
    /// - Parameters:
    ///   - input: Features of the configured format, checked by `AudioInput.check`; in training at least two samples.
    ///   - state: The model's numbers.
    ///   - pass: The pass.
    /// - Returns: Shape (batch, `outputWidth`), and what `backward` needs.
    public func forward(
        _ input: AudioInput, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: Cache) {
        switch network {
        case .convolution(let encoder):
            let (output, cache) = encoder.forward(input, state, &pass)
            return (output, .convolution(ConvolutionalCache(value: cache)))
        case .linear(let stack):
            let (output, cache) = stack.forward(input.flattened, state, &pass)
            return (output, .linear(cache))
        }
    }

    /// Adds the parameters' gradients.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    public func backward(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) {
        switch (network, cache) {
        case (.convolution(let encoder), .convolution(let cache)):
            encoder.backward(gradient, cache.value, state, into: &gradients)
        case (.linear(let stack), .linear(let cache)):
            stack.accumulate(gradient, cache, state, into: &gradients)
        case (.convolution, .linear), (.linear, .convolution): preconditionFailure("a cache of another design")
        }
    }
}
