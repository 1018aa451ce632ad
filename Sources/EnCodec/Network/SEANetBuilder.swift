internal import NeuralNetwork

/// Builds the layers of both halves from Hugging Face's tensors, in Hugging Face's order and numbering.
struct SEANetBuilder {
    let configuration: EncodecConfiguration
    var weights: WeightReader

    private var isWeightNormalized: Bool { configuration.normalization == .weightNorm }

    /// Encoder: a convolution; for each rate residual units and a strided convolution; LSTM; a convolution.
    mutating func encoder() throws(EncodecError) -> [SEANetSegment] {
        let c = configuration
        var index = 0
        var channels = c.filterCount
        var segments: [SEANetSegment] = []
        var layers = [
            try convolution(
                "encoder.layers.0",
                .init(inputCount: c.audioChannels, outputCount: channels, kernelSize: c.kernelSize), activated: false)
        ]
        for ratio in c.upsamplingRatios.reversed() {
            for unit in 0..<c.residualLayerCount {
                index += 1
                layers.append(try residual("encoder.layers.\(index)", channels, unit: unit))
            }
            index += 2  // ELU has a number of its own.
            let shape = Convolution.Shape(
                inputCount: channels, outputCount: 2 * channels, kernelSize: 2 * ratio, stride: ratio)
            layers.append(try convolution("encoder.layers.\(index)", shape, activated: true))
            segments.append(segment(layers, innerChannelCount: channels))
            layers = []
            channels *= 2
        }
        let lstm = try recurrent("encoder.layers.\(index + 1)", channels)
        let last = Convolution.Shape(inputCount: channels, outputCount: c.hiddenSize, kernelSize: c.lastKernelSize)
        layers = [lstm, try convolution("encoder.layers.\(index + 3)", last, activated: true)]
        return segments + [SEANetSegment(whole: layers)]
    }

    /// Decoder: a convolution; LSTM; for each rate a transposed convolution and residual units; a convolution.
    mutating func decoder() throws(EncodecError) -> [SEANetSegment] {
        let c = configuration
        var channels = c.innermostChannelCount
        let first = Convolution.Shape(inputCount: c.hiddenSize, outputCount: channels, kernelSize: c.kernelSize)
        var segments = [
            SEANetSegment(whole: [
                try convolution("decoder.layers.0", first, activated: false),
                try recurrent("decoder.layers.1", channels),
            ])
        ]
        var index = 1
        for (position, ratio) in c.upsamplingRatios.enumerated() {
            index += 2
            var layers = [try transposed("decoder.layers.\(index)", channels, stride: ratio)]
            channels /= 2
            for unit in 0..<c.residualLayerCount {
                index += 1
                layers.append(try residual("decoder.layers.\(index)", channels, unit: unit))
            }
            if position == c.upsamplingRatios.count - 1 {
                let last = Convolution.Shape(
                    inputCount: channels, outputCount: c.audioChannels, kernelSize: c.lastKernelSize)
                layers.append(try convolution("decoder.layers.\(index + 2)", last, activated: true))
            }
            segments.append(segment(layers, innerChannelCount: channels, inputRowsPerInnerRow: 1 / Double(ratio)))
        }
        return segments
    }

    /// Group normalisation needs the whole chunk at once; without it sub-tiles stay in cache.
    private func segment(_ layers: [SEANetLayer], innerChannelCount: Int, inputRowsPerInnerRow: Double = 1)
        -> SEANetSegment
    {
        guard isWeightNormalized else { return SEANetSegment(whole: layers) }
        return SEANetSegment(
            layers, innerChannelCount: innerChannelCount, inputRowsPerInnerRow: inputRowsPerInnerRow)
    }

    private mutating func normalization(_ name: String, _ channels: Int) throws(EncodecError) -> GroupNormalization? {
        guard !isWeightNormalized else { return nil }
        let scales = try weights.take(name + ".norm.weight", shape: [channels])
        return GroupNormalization(weights: scales, biases: try weights.take(name + ".norm.bias", shape: [channels]))
    }

    private mutating func packedConvolution(_ name: String, _ shape: Convolution.Shape)
        throws(EncodecError) -> Convolution
    {
        let values = try weights.takeConvolutionWeight(
            name + ".conv", shape: [shape.outputCount, shape.inputCount, shape.kernelSize],
            isWeightNormalized: isWeightNormalized)
        let bias = try weights.take(name + ".conv.bias", shape: [shape.outputCount])
        return Convolution(
            shape, weights: values, bias: bias, isCausal: configuration.isCausal,
            paddingMode: configuration.paddingMode, normalization: try normalization(name, shape.outputCount))
    }

    private mutating func convolution(_ name: String, _ shape: Convolution.Shape, activated: Bool)
        throws(EncodecError) -> SEANetLayer
    {
        SEANetLayer(
            name: name, kind: .convolution(try packedConvolution(name, shape), readsActivated: activated),
            inputCount: shape.inputCount, outputCount: shape.outputCount)
    }

    private mutating func residual(_ name: String, _ channels: Int, unit: Int) throws(EncodecError) -> SEANetLayer {
        let c = configuration
        let hidden = channels / c.compress
        var dilation = 1
        for _ in 0..<unit { dilation *= c.dilationGrowthRate }
        let wide = Convolution.Shape(
            inputCount: channels, outputCount: hidden, kernelSize: c.residualKernelSize, dilation: dilation)
        let pointwise = Convolution.Shape(inputCount: hidden, outputCount: channels, kernelSize: 1)
        let straight = Convolution.Shape(inputCount: channels, outputCount: channels, kernelSize: 1)
        let block = ResidualBlock(
            wide: try packedConvolution(name + ".block.1", wide),
            pointwise: try packedConvolution(name + ".block.3", pointwise),
            shortcut: c.usesConvolutionShortcut ? try packedConvolution(name + ".shortcut", straight) : nil)
        return SEANetLayer(name: name, kind: .residual(block), inputCount: channels, outputCount: channels)
    }

    private mutating func transposed(_ name: String, _ channels: Int, stride: Int) throws(EncodecError) -> SEANetLayer {
        let c = configuration
        let outputs = channels / 2
        let values = try weights.takeConvolutionWeight(
            name + ".conv", shape: [channels, outputs, 2 * stride], isWeightNormalized: isWeightNormalized)
        let bias = try weights.take(name + ".conv.bias", shape: [outputs])
        let trim = c.isCausal ? Int((Double(stride) * c.trimRightRatio).rounded(.up)) : stride / 2
        let layer = TransposedConvolution(
            inputCount: channels, outputCount: outputs, stride: stride, weights: values, bias: bias, trimRight: trim,
            normalization: try normalization(name, outputs))
        return SEANetLayer(name: name, kind: .transposed(layer), inputCount: channels, outputCount: outputs)
    }

    private mutating func recurrent(_ name: String, _ size: Int) throws(EncodecError) -> SEANetLayer {
        var layers: [LongShortTermMemory.Layer] = []
        for layer in 0..<configuration.lstmLayerCount {
            layers.append(
                LongShortTermMemory.Layer(
                    size: size,
                    inputWeights: try weights.take("\(name).lstm.weight_ih_l\(layer)", shape: [4 * size, size]),
                    recurrentWeights: try weights.take("\(name).lstm.weight_hh_l\(layer)", shape: [4 * size, size]),
                    inputBias: try weights.take("\(name).lstm.bias_ih_l\(layer)", shape: [4 * size]),
                    recurrentBias: try weights.take("\(name).lstm.bias_hh_l\(layer)", shape: [4 * size])))
        }
        let network = LongShortTermMemory(size: size, layers: layers)
        return SEANetLayer(name: name, kind: .recurrent(network), inputCount: size, outputCount: size)
    }
}
