public import NeuralNetwork
public import NumericCore

/// All modalities to one bottleneck, and from there, if wanted, to voxels: layers 1 to 7 of the design.
public struct MultimodalEncoder: Sendable {
    /// What `backward` needs from `forward`.
    public struct Cache: Sendable {
        let video: DenseStack.Cache?
        let audio: AudioEncoder.Cache?
        let text: DenseStack.Cache?
        let trunk: DenseStack.Cache
        let voxels: (block: DenseBlock.Cache, hidden: Tensor<Float>)?
    }

    /// What the encoder gives.
    public struct Output: Sendable {
        /// Shape (batch, bottleneck width).
        public let bottleneck: Tensor<Float>
        /// Shape (batch, voxels); nil without a voxel head.
        public let voxels: Tensor<Float>?
    }

    /// Sizes.
    public let configuration: EncoderConfiguration
    private let video: DenseStack?
    private let audio: AudioEncoder?
    private let text: DenseStack?
    private let trunk: DenseStack
    private let voxelBlock: DenseBlock?
    private let voxelOutput: LinearLayer?

    /// Adds the encoder's parameters to a layout, with the names of the Python system.
    ///
    /// - Parameters:
    ///   - configuration: Sizes; at least one modality.
    ///   - prefix: Put in front of every name, such as `encoder.`.
    ///   - layout: The model's layout.
    public init(_ configuration: EncoderConfiguration, prefix: String = "", in layout: inout ParameterLayout) {
        self.configuration = configuration
        let usesDropout = configuration.usesDropout
        video = configuration.video.map {
            VectorEncoder.make($0, prefix: prefix + "video_encoder.", usesDropout: usesDropout, in: &layout)
        }
        audio = configuration.audio.map { AudioEncoder($0, prefix: prefix + "audio_encoder.", in: &layout) }
        text = configuration.text.map {
            VectorEncoder.make($0, prefix: prefix + "text_encoder.", usesDropout: usesDropout, in: &layout)
        }
        trunk = Self.trunk(configuration, prefix: prefix, in: &layout)
        let name = prefix + "bottleneck_to_voxels"
        voxelBlock = configuration.voxelCount.map { _ in
            DenseBlock(
                name + ".0", name + ".1", configuration.bottleneckWidth, configuration.voxelHiddenWidth,
                dropoutRate: usesDropout ? 0.3 : 0, in: &layout)
        }
        voxelOutput = configuration.voxelCount.map {
            LinearLayer(name + ".4", configuration.voxelHiddenWidth, $0, in: &layout)
        }
    }

    private static func trunk(
        _ configuration: EncoderConfiguration, prefix: String, in layout: inout ParameterLayout
    ) -> DenseStack {
        let features = configuration.featureWidth
        precondition(features > 0, "an encoder without a modality")
        let hidden = configuration.hiddenWidths.enumerated().map { ("layer\($0.offset + 5)", $0.element, 0.3) }
        var blocks: [DenseBlock] = []
        var width = features
        for (name, next, rate) in [("feature_conv", features, 0.2)] + hidden {
            blocks.append(
                DenseBlock(
                    "\(prefix)\(name).0", "\(prefix)\(name).1", width, next,
                    dropoutRate: configuration.usesDropout ? rate : 0, in: &layout))
            width = next
        }
        let name = "\(prefix)layer\(configuration.hiddenWidths.count + 5)_bottleneck"
        blocks.append(
            DenseBlock(
                name + ".0", name + ".1", width, configuration.bottleneckWidth, isRectified: false, in: &layout))
        return DenseStack(blocks)
    }

    /// Encodes a batch.
    ///
    /// - Parameters:
    ///   - input: Features, checked by `MultimodalInput.check`; in training at least two samples.
    ///   - state: The model's numbers.
    ///   - pass: The pass.
    /// - Returns: Bottleneck and voxels, and what `backward` needs.
    public func forward(
        _ input: MultimodalInput, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Output, cache: Cache) {
        let video = Self.run(self.video, input.video, state, &pass)
        var audio: (output: Tensor<Float>, cache: AudioEncoder.Cache)?
        if let encoder = self.audio, let features = input.audio { audio = encoder.forward(features, state, &pass) }
        let text = Self.run(self.text, input.text, state, &pass)
        let parts = [video?.output, audio?.output, text?.output].compactMap { $0 }
        let (bottleneck, trunkCache) = trunk.forward(.joiningColumns(parts), state, &pass)
        var voxels: (output: Tensor<Float>, cache: (block: DenseBlock.Cache, hidden: Tensor<Float>))?
        if let voxelBlock, let voxelOutput {
            let (hidden, cache) = voxelBlock.forward(bottleneck, state, &pass)
            voxels = (voxelOutput.forward(hidden, state), (cache, hidden))
        }
        let cache = Cache(
            video: video?.cache, audio: audio?.cache, text: text?.cache, trunk: trunkCache, voxels: voxels?.cache)
        return (Output(bottleneck: bottleneck, voxels: voxels?.output), cache)
    }

    private static func run(
        _ stack: DenseStack?, _ input: Tensor<Float>?, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: DenseStack.Cache)? {
        precondition((stack == nil) == (input == nil), "a modality that the model or the batch lacks")
        guard let stack, let input else { return nil }
        return stack.forward(input, state, &pass)
    }

    /// Adds the parameters' gradients.
    ///
    /// - Parameters:
    ///   - bottleneck: The gradient with respect to the bottleneck, from the decoder.
    ///   - voxels: The gradient with respect to the voxels; nil when they are not trained.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    public func backward(
        bottleneck: Tensor<Float>, voxels: Tensor<Float>?, _ cache: Cache, _ state: ModelState,
        into gradients: inout Gradients
    ) {
        var total = bottleneck
        if let voxels, let voxelBlock, let voxelOutput, let kept = cache.voxels {
            let hidden = voxelOutput.backward(voxels, input: kept.hidden, state, into: &gradients)
            total = total.adding(voxelBlock.backward(hidden, kept.block, state, into: &gradients))
        }
        let joined = trunk.backward(total, cache.trunk, state, into: &gradients)
        let widths = [video?.outputCount, audio?.configuration.outputWidth, text?.outputCount]
        var parts = joined.splittingColumns(widths.compactMap { $0 })[...]
        if let video, let cache = cache.video, let part = parts.popFirst() {
            video.accumulate(part, cache, state, into: &gradients)
        }
        if let audio, let cache = cache.audio, let part = parts.popFirst() {
            audio.backward(part, cache, state, into: &gradients)
        }
        if let text, let cache = cache.text, let part = parts.popFirst() {
            text.accumulate(part, cache, state, into: &gradients)
        }
    }
}
