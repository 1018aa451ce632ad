/// A tensor of Hugging Face's state dict: its name, shape and what it is for.
public struct TensorDescription: Sendable, Equatable {
    /// What a tensor is for.
    public enum Role: Sendable, Equatable {
        /// Kernel of a convolution.
        case kernel
        /// Kernel of a transposed convolution with this stride.
        case transposedKernel(stride: Int)
        /// Lengths of a weight-normed convolution's kernel.
        case kernelLength
        /// Lengths of a weight-normed transposed convolution's kernel.
        case transposedKernelLength(stride: Int)
        /// Bias of a convolution or of a group normalisation.
        case bias
        /// Scale of a group normalisation.
        case normScale
        /// Weight or bias of an LSTM of this width.
        case recurrent(size: Int)
        /// Entries of a codebook.
        case codebook(index: Int)
    }

    /// Name, with weight norm in the `parametrizations` spelling.
    public let name: String
    /// Extents, PyTorch's order.
    public let shape: [Int]
    /// What it is for.
    public let role: Role

    /// A description.
    ///
    /// - Parameters:
    ///   - name: Hugging Face's name.
    ///   - shape: Extents, PyTorch's order.
    ///   - role: What the tensor is for.
    public init(name: String, shape: [Int], role: Role) {
        self.name = name
        self.shape = shape
        self.role = role
    }
}

extension EncodecConfiguration {
    /// Every tensor that inference needs, in the order of the network.
    public var tensors: [TensorDescription] {
        encoderTensors + decoderTensors
            + (0..<codebookCount).map { index in
                TensorDescription(
                    name: "quantizer.layers.\(index).codebook.embed", shape: [codebookSize, hiddenSize],
                    role: .codebook(index: index))
            }
    }

    private var encoderTensors: [TensorDescription] {
        var channels = filterCount
        var index = 0
        var result = convolution("encoder.layers.0", audioChannels, channels, kernelSize)
        for ratio in upsamplingRatios.reversed() {
            for _ in 0..<residualLayerCount {
                index += 1
                result += residual("encoder.layers.\(index)", channels)
            }
            index += 2
            result += convolution("encoder.layers.\(index)", channels, 2 * channels, 2 * ratio)
            channels *= 2
        }
        return result + recurrent("encoder.layers.\(index + 1)", channels)
            + convolution("encoder.layers.\(index + 3)", channels, hiddenSize, lastKernelSize)
    }

    private var decoderTensors: [TensorDescription] {
        var channels = innermostChannelCount
        var index = 1
        var result = convolution("decoder.layers.0", hiddenSize, channels, kernelSize)
        result += recurrent("decoder.layers.1", channels)
        for ratio in upsamplingRatios {
            index += 2
            result += kernel(
                "decoder.layers.\(index)", [channels, channels / 2, 2 * ratio], .transposedKernel(stride: ratio),
                .transposedKernelLength(stride: ratio), outputCount: channels / 2)
            channels /= 2
            for _ in 0..<residualLayerCount {
                index += 1
                result += residual("decoder.layers.\(index)", channels)
            }
        }
        return result + convolution("decoder.layers.\(index + 2)", channels, audioChannels, lastKernelSize)
    }

    private func residual(_ name: String, _ channels: Int) -> [TensorDescription] {
        let hidden = channels / compress
        return convolution(name + ".block.1", channels, hidden, residualKernelSize)
            + convolution(name + ".block.3", hidden, channels, 1)
            + (usesConvolutionShortcut ? convolution(name + ".shortcut", channels, channels, 1) : [])
    }

    private func convolution(_ name: String, _ inputs: Int, _ outputs: Int, _ taps: Int) -> [TensorDescription] {
        kernel(name, [outputs, inputs, taps], .kernel, .kernelLength, outputCount: outputs)
    }

    private func kernel(
        _ name: String, _ shape: [Int], _ kernel: TensorDescription.Role, _ length: TensorDescription.Role,
        outputCount: Int
    ) -> [TensorDescription] {
        let bias = TensorDescription(name: name + ".conv.bias", shape: [outputCount], role: .bias)
        guard normalization == .weightNorm else {
            return [
                TensorDescription(name: name + ".conv.weight", shape: shape, role: kernel), bias,
                TensorDescription(name: name + ".norm.weight", shape: [outputCount], role: .normScale),
                TensorDescription(name: name + ".norm.bias", shape: [outputCount], role: .bias),
            ]
        }
        let prefix = name + ".conv.parametrizations.weight.original"
        return [
            TensorDescription(name: prefix + "0", shape: [shape[0], 1, 1], role: length),
            TensorDescription(name: prefix + "1", shape: shape, role: kernel), bias,
        ]
    }

    private func recurrent(_ name: String, _ size: Int) -> [TensorDescription] {
        (0..<lstmLayerCount).flatMap { layer in
            [
                ("weight_ih", [4 * size, size]), ("weight_hh", [4 * size, size]), ("bias_ih", [4 * size]),
                ("bias_hh", [4 * size]),
            ]
            .map { kind, shape in
                TensorDescription(
                    name: "\(name).lstm.\(kind)_l\(layer)", shape: shape, role: .recurrent(size: size))
            }
        }
    }
}
