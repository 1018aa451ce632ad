import NeuralNetwork
import NumericCore

/// The design document's audio encoder: embeddings or mel bins, convolutions of three reaches, maximum over time.
struct ConvolutionalAudioEncoder: Sendable {
    /// One reach: convolution, normalisation, ReLU, maximum over time.
    private struct Scale: Sendable {
        let convolution: ConvolutionLayer
        let normalization: BatchNormLayer
    }

    struct ScaleCache: Sendable {
        let convolution: ConvolutionLayer.Cache
        let normalization: BatchNormLayer.Cache
        let rectified: Tensor<Float>
        let pool: AdaptivePooling.Cache
    }

    struct Cache: Sendable {
        let input: AudioInput
        let scales: [ScaleCache]
        let hidden: DenseBlock.Cache
        let hiddenOutput: Tensor<Float>
    }

    private static let pool = AdaptivePooling(outputLength: 1)
    private let embedding: CodebookEmbedding?
    private let scales: [Scale]
    private let scaleWidth: Int
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
        scaleWidth = configuration.scaleWidth
        scales = [3, 5, 7].map { kernel in
            Scale(
                convolution: ConvolutionLayer(
                    "\(prefix)temporal_conv_k\(kernel)", channels, configuration.scaleWidth, kernelSize: kernel,
                    padding: kernel / 2, in: &layout),
                normalization: BatchNormLayer("\(prefix)bn_k\(kernel)", configuration.scaleWidth, in: &layout))
        }
        hidden = DenseBlock(
            "\(prefix)fc.0", "\(prefix)fc.1", 3 * configuration.scaleWidth, configuration.hiddenWidth,
            dropoutRate: configuration.usesDropout ? 0.2 : 0, in: &layout)
        output = LinearLayer("\(prefix)fc.4", configuration.hiddenWidth, configuration.outputWidth, in: &layout)
    }

    func forward(
        _ input: AudioInput, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: Cache) {
        let rows = rows(of: input, state)
        var pooled: [Tensor<Float>] = []
        var caches: [ScaleCache] = []
        for scale in scales {
            let (sums, convolution) = scale.convolution.forward(rows, state)
            let (normalized, normalization) = scale.normalization.forward(sums, state, &pass)
            let rectified = Activation.rectify(normalized)
            let (maximum, pool) = Self.pool.maximum(rectified)
            pooled.append(maximum.reshaped(to: [rows.shape[0], scaleWidth]))
            caches.append(
                ScaleCache(
                    convolution: convolution, normalization: normalization, rectified: rectified, pool: pool))
        }
        let (hiddenOutput, hiddenCache) = hidden.forward(.joiningColumns(pooled), state, &pass)
        let cache = Cache(input: input, scales: caches, hidden: hiddenCache, hiddenOutput: hiddenOutput)
        return (output.forward(hiddenOutput, state), cache)
    }

    /// Time-major rows for the convolutions.
    private func rows(of input: AudioInput, _ state: ModelState) -> Tensor<Float> {
        switch (input, embedding) {
        case (.codes(let codes), .some(let embedding)): return embedding.forward(codes, state)
        case (.mel(let mel), .none): return mel.swappingInnerAxes()
        case (.codes, .none), (.mel, .some): preconditionFailure("features of another kind than the encoder's")
        }
    }

    func backward(_ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients) {
        let hiddenGradient = output.backward(gradient, input: cache.hiddenOutput, state, into: &gradients)
        let joined = hidden.backward(hiddenGradient, cache.hidden, state, into: &gradients)
        let parts = joined.splittingColumns(scales.map { _ in scaleWidth })
        var rowGradient: Tensor<Float>?
        for ((scale, cache), part) in zip(zip(scales, cache.scales), parts) {
            let pooled = part.reshaped(to: [part.shape[0], 1, scaleWidth])
            let spread = Self.pool.maximumBackward(pooled, cache.pool)
            let active = Activation.rectifyBackward(spread, output: cache.rectified)
            let sums = scale.normalization.backward(active, cache.normalization, state, into: &gradients)
            let share = scale.convolution.backward(sums, cache.convolution, state, into: &gradients)
            rowGradient = rowGradient?.adding(share) ?? share
        }
        if case .codes(let codes) = cache.input, let embedding, let rowGradient {
            embedding.backward(rowGradient, codes: codes, into: &gradients)
        }
    }
}
