public import NeuralNetwork
public import NumericCore

/// From the bottleneck back to every modality: layers 8 to 13 of the design.
public struct MultimodalDecoder: Sendable {
    /// Layers 12 and 13 of one modality that ends in a vector.
    private struct VectorBranch: Sendable {
        let stack: DenseStack
        let output: LinearLayer
        let isSigmoid: Bool
    }

    struct VectorCache: Sendable {
        let stack: DenseStack.Cache
        let hidden: Tensor<Float>
        let output: Tensor<Float>
    }

    /// What `backward` needs from `forward`.
    public struct Cache: Sendable {
        let trunk: DenseStack.Cache
        let video: VectorCache?
        let audio: (stack: DenseStack.Cache, output: AudioOutputLayer.Cache)?
        let text: VectorCache?
    }

    /// What the decoder gives; nil for a modality it does not have.
    public struct Output: Sendable {
        /// Shape (batch, numbers), each between 0 and 1.
        public let video: Tensor<Float>?
        /// Codes, logits or mel features.
        public let audio: AudioPrediction?
        /// Shape (batch, numbers).
        public let text: Tensor<Float>?
    }

    /// Gradients with respect to the outputs; nil for a modality without loss.
    public struct OutputGradient: Sendable {
        /// Shape (batch, numbers).
        public var video: Tensor<Float>?
        /// The shape of `AudioPrediction.values`.
        public var audio: Tensor<Float>?
        /// Shape (batch, numbers).
        public var text: Tensor<Float>?

        /// Puts gradients together.
        ///
        /// - Parameters:
        ///   - video: With respect to the video.
        ///   - audio: With respect to the audio's values.
        ///   - text: With respect to the text.
        public init(video: Tensor<Float>? = nil, audio: Tensor<Float>? = nil, text: Tensor<Float>? = nil) {
            self.video = video
            self.audio = audio
            self.text = text
        }
    }

    /// Sizes.
    public let configuration: DecoderConfiguration
    private let trunk: DenseStack
    private let video: VectorBranch?
    private let audio: (stack: DenseStack, output: AudioOutputLayer)?
    private let text: VectorBranch?

    /// Adds the decoder's parameters to a layout, with the names of the Python system.
    ///
    /// - Parameters:
    ///   - configuration: Sizes; the audio head must fit the audio format.
    ///   - prefix: Put in front of every name, such as `decoder.`.
    ///   - layout: The model's layout.
    public init(_ configuration: DecoderConfiguration, prefix: String = "", in layout: inout ParameterLayout) {
        self.configuration = configuration
        let names = configuration.trunkWidths.indices.map { ("\(prefix)layer\($0 + 8).0", "\(prefix)layer\($0 + 8).1") }
        trunk = Self.stack(
            names, configuration.bottleneckWidth, configuration.trunkWidths, configuration.dropoutRate, in: &layout)
        let width = trunk.outputCount
        func branch(_ name: String, _ widths: [Int], in layout: inout ParameterLayout) -> DenseStack {
            let names = widths.indices.map {
                ("\(prefix)layer12_\(name).\($0 * 4)", "\(prefix)layer12_\(name).\($0 * 4 + 1)")
            }
            return Self.stack(names, width, widths, configuration.dropoutRate, in: &layout)
        }
        func vector(
            _ name: String, _ widths: [Int], _ count: Int, isSigmoid: Bool, in layout: inout ParameterLayout
        ) -> VectorBranch {
            let stack = branch(name, widths, in: &layout)
            let outputName = "\(prefix)layer13_\(name)" + (isSigmoid ? ".0" : "")
            let output = LinearLayer(outputName, stack.outputCount, count, start: .kaimingNormal, in: &layout)
            return VectorBranch(stack: stack, output: output, isSigmoid: isSigmoid)
        }
        video = configuration.videoCount.map {
            vector("video", configuration.videoWidths, $0, isSigmoid: true, in: &layout)
        }
        audio = configuration.audio.map { format in
            let stack = branch("audio", configuration.audioWidths, in: &layout)
            let output = AudioOutputLayer(
                configuration.audioHead, format, inputCount: stack.outputCount, prefix: prefix, in: &layout)
            return (stack, output)
        }
        text = configuration.textCount.map {
            vector("text", configuration.textWidths, $0, isSigmoid: false, in: &layout)
        }
    }

    private static func stack(
        _ names: [(linear: String, normalization: String)], _ inputCount: Int, _ widths: [Int], _ rate: Double,
        in layout: inout ParameterLayout
    ) -> DenseStack {
        var width = inputCount
        var blocks: [DenseBlock] = []
        for (name, next) in zip(names, widths) {
            blocks.append(
                DenseBlock(
                    name.linear, name.normalization, width, next, dropoutRate: rate, start: .kaimingNormal,
                    in: &layout))
            width = next
        }
        return DenseStack(blocks)
    }

    /// Decodes a batch of bottlenecks.
    ///
    /// - Parameters:
    ///   - bottleneck: Shape (batch, bottleneck width); in training at least two samples.
    ///   - state: The model's numbers.
    ///   - pass: The pass.
    /// - Returns: All modalities, and what `backward` needs. Codes stay continuous in both modes.
    public func forward(
        _ bottleneck: Tensor<Float>, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Output, cache: Cache) {
        let (features, trunkCache) = trunk.forward(bottleneck, state, &pass)
        let video = self.video.map { Self.run($0, features, state, &pass) }
        let audio = self.audio.map { branch in
            let (hidden, stack) = branch.stack.forward(features, state, &pass)
            let (prediction, output) = branch.output.forward(hidden, state, &pass)
            return (prediction: prediction, cache: (stack: stack, output: output))
        }
        let text = self.text.map { Self.run($0, features, state, &pass) }
        let cache = Cache(trunk: trunkCache, video: video, audio: audio?.cache, text: text)
        return (Output(video: video?.output, audio: audio?.prediction, text: text?.output), cache)
    }

    private static func run(
        _ branch: VectorBranch, _ features: Tensor<Float>, _ state: ModelState, _ pass: inout ForwardPass
    ) -> VectorCache {
        let (hidden, stack) = branch.stack.forward(features, state, &pass)
        let sums = branch.output.forward(hidden, state)
        return VectorCache(
            stack: stack, hidden: hidden, output: branch.isSigmoid ? Activation.sigmoid(sums) : sums)
    }

    /// Adds the parameters' gradients and gives that of the bottleneck.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the outputs; at least one.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    /// - Returns: The gradient with respect to the bottleneck.
    public func backward(
        _ gradient: OutputGradient, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) -> Tensor<Float> {
        var shares: [Tensor<Float>] = []
        for (branch, kept, gradient) in [(video, cache.video, gradient.video), (text, cache.text, gradient.text)] {
            guard let branch, let kept, let gradient else { continue }
            let inner = branch.isSigmoid ? Activation.sigmoidBackward(gradient, output: kept.output) : gradient
            let hidden = branch.output.backward(inner, input: kept.hidden, state, into: &gradients)
            shares.append(branch.stack.backward(hidden, kept.stack, state, into: &gradients))
        }
        if let audio, let kept = cache.audio, let gradient = gradient.audio {
            let hidden = audio.output.backward(gradient, kept.output, state, into: &gradients)
            shares.append(audio.stack.backward(hidden, kept.stack, state, into: &gradients))
        }
        guard let first = shares.first else { preconditionFailure("a backward pass without any gradient") }
        let total = shares.dropFirst().reduce(first) { $0.adding($1) }
        return trunk.backward(total, cache.trunk, state, into: &gradients)
    }
}
