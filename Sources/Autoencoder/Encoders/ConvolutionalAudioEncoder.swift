import NeuralNetwork
import NumericCore

/// The design document's audio encoder: embeddings or mel bins, convolutions of three reaches, maximum over time.
struct ConvolutionalAudioEncoder: Sendable {
    struct Cache: Sendable {
        let input: AudioInput
        let bank: PooledConvolutionBank.Cache
        let hidden: DenseBlock.Cache
        let hiddenOutput: Tensor<Float>
    }

    private let embedding: CodebookEmbedding?
    private let bank: PooledConvolutionBank
    private let hidden: DenseBlock
    private let output: LinearLayer

    init(_ configuration: AudioEncoderConfiguration, prefix: String, in layout: inout ParameterLayout) {
        let channels: Int
        switch configuration.format {
        case .codes(let codebooks, _, let vocabulary):
            let embedding = CodebookEmbedding(
                configuration, codebookCount: codebooks, vocabularySize: vocabulary, prefix: prefix, in: &layout)
            channels = embedding.channelCount
            self.embedding = embedding
        case .mel(let bins, _): (channels, embedding) = (bins, nil)
        }
        let kernels = [3, 5, 7].map {
            (size: $0, convolution: "\(prefix)temporal_conv_k\($0)", normalization: "\(prefix)bn_k\($0)")
        }
        bank = PooledConvolutionBank(kernels, channels, width: configuration.scaleWidth, in: &layout)
        hidden = DenseBlock(
            "\(prefix)fc.0", "\(prefix)fc.1", bank.channelCount, configuration.hiddenWidth,
            dropoutRate: configuration.usesDropout ? 0.2 : 0, in: &layout)
        output = LinearLayer("\(prefix)fc.4", configuration.hiddenWidth, configuration.outputWidth, in: &layout)
    }

    func forward(
        _ input: AudioInput, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: Cache) {
        let (pooled, bankCache) = bank.forward(rows(of: input, state), state, &pass)
        let (hiddenOutput, hiddenCache) = hidden.forward(pooled, state, &pass)
        let cache = Cache(input: input, bank: bankCache, hidden: hiddenCache, hiddenOutput: hiddenOutput)
        return (output.forward(hiddenOutput, state), cache)
    }

    /// Time-major rows for the convolutions.
    private func rows(of input: AudioInput, _ state: ModelState) -> PaddedRows {
        switch (input, embedding) {
        case (.codes(let codes), .some(let embedding)):
            return embedding.forward(codes, state, padding: bank.padding)
        case (.mel(let mel), .none): return PaddedRows(mel.swappingInnerAxes(), padding: bank.padding)
        case (.codes, .none), (.mel, .some): preconditionFailure("features of another kind than the encoder's")
        }
    }

    func backward(_ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients) {
        let hiddenGradient = output.backward(gradient, input: cache.hiddenOutput, state, into: &gradients)
        let pooled = hidden.backward(hiddenGradient, cache.hidden, state, into: &gradients)
        guard case .codes(let codes) = cache.input, let embedding else {
            return bank.accumulate(pooled, cache.bank, into: &gradients)
        }
        let rows = bank.backward(pooled, cache.bank, state, into: &gradients)
        embedding.backward(rows, codes: codes, into: &gradients)
    }
}
