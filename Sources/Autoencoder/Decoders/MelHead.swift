import NeuralNetwork
import NumericCore

/// The legacy audio head: 8 frames, doubled three times by transposed convolutions, adjusted to the stored width.
struct MelHead: Sendable {
    private static let seedFrames = 8
    private let linear: LinearLayer
    private let stages: [(convolution: TransposedConvolutionLayer, normalization: BatchNormLayer)]
    private let adjust: ConvolutionLayer
    private let binCount: Int
    private let frameCount: Int
    private let tail: AudioHead.MelTail

    struct StageCache: Sendable {
        let convolution: TransposedConvolutionLayer.Cache
        let normalization: BatchNormLayer.Cache
        let rectified: Tensor<Float>
    }

    struct Cache: Sendable {
        let input: Tensor<Float>
        let stages: [StageCache]
        let adjust: ConvolutionLayer.Cache
        let length: Int
    }

    /// Adds `layer13_audio`, `audio_temporal_upsample.{0,1,3,4,6,7}` and `audio_temporal_adjust` to a layout.
    init(
        inputCount: Int, binCount: Int, frameCount: Int, tail: AudioHead.MelTail, prefix: String,
        in layout: inout ParameterLayout
    ) {
        self.binCount = binCount
        self.frameCount = frameCount
        self.tail = tail
        linear = LinearLayer(
            "\(prefix)layer13_audio", inputCount, binCount * Self.seedFrames, start: .kaimingNormal, in: &layout)
        let name = "\(prefix)audio_temporal_upsample"
        stages = [0, 3, 6].map { index in
            (
                TransposedConvolutionLayer(
                    "\(name).\(index)", binCount, binCount, kernelSize: 4, stride: 2, padding: 1, in: &layout),
                BatchNormLayer("\(name).\(index + 1)", binCount, in: &layout)
            )
        }
        adjust = ConvolutionLayer(
            "\(prefix)audio_temporal_adjust", binCount, binCount, kernelSize: 3, padding: 1, in: &layout)
    }

    func forward(
        _ input: Tensor<Float>, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: Cache) {
        let flat = linear.forward(input, state)
        var rows = flat.reshaped(to: [input.shape[0], binCount, Self.seedFrames]).swappingInnerAxes()
        var caches: [StageCache] = []
        for stage in stages {
            let (spread, convolution) = stage.convolution.forward(rows, state)
            let (normalized, normalization) = stage.normalization.forward(spread, state, &pass)
            rows = Activation.rectify(normalized)
            caches.append(StageCache(convolution: convolution, normalization: normalization, rectified: rows))
        }
        let (adjusted, adjustCache) = adjust.forward(rows, state)
        let cache = Cache(input: input, stages: caches, adjust: adjustCache, length: adjusted.shape[1])
        return (fitted(adjusted).swappingInnerAxes(), cache)
    }

    /// Cut or extended to the stored number of frames.
    private func fitted(_ rows: Tensor<Float>) -> Tensor<Float> {
        let (batch, length) = (rows.shape[0], rows.shape[1])
        var result = [Float](repeating: 0, count: batch * frameCount * binCount)
        for index in 0..<batch * frameCount {
            let (sample, frame) = index.quotientAndRemainder(dividingBy: frameCount)
            if frame >= length, tail == .zero { continue }
            let source = (sample * length + min(frame, length - 1)) * binCount
            result.replaceSubrange(
                index * binCount..<(index + 1) * binCount, with: rows.elements[source..<source + binCount])
        }
        return Tensor(result, shape: [batch, frameCount, binCount])
    }

    private func unfitted(_ gradient: Tensor<Float>, length: Int) -> Tensor<Float> {
        let batch = gradient.shape[0]
        var result = [Float](repeating: 0, count: batch * length * binCount)
        for index in 0..<batch * frameCount {
            let (sample, frame) = index.quotientAndRemainder(dividingBy: frameCount)
            if frame >= length, tail == .zero { continue }
            let target = (sample * length + min(frame, length - 1)) * binCount
            for bin in 0..<binCount { result[target + bin] += gradient.elements[index * binCount + bin] }
        }
        return Tensor(result, shape: [batch, length, binCount])
    }

    func backward(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) -> Tensor<Float> {
        let rows = unfitted(gradient.swappingInnerAxes(), length: cache.length)
        var inner = adjust.backward(rows, cache.adjust, state, into: &gradients)
        for (stage, kept) in zip(stages, cache.stages).reversed() {
            let active = Activation.rectifyBackward(inner, output: kept.rectified)
            let spread = stage.normalization.backward(active, kept.normalization, state, into: &gradients)
            inner = stage.convolution.backward(spread, kept.convolution, state, into: &gradients)
        }
        let flat = inner.swappingInnerAxes().reshaped(to: [inner.shape[0], binCount * Self.seedFrames])
        return linear.backward(flat, input: cache.input, state, into: &gradients)
    }
}
