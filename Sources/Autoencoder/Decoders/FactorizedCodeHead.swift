import NeuralNetwork
import NumericCore

/// Logits in two steps: features of each frame, then one table a codebook that all frames share.
///
/// With the design's sizes and 64 features this has 15.2 million weights where one layer would have 1.88 billion.
struct FactorizedCodeHead: Sendable {
    private let frames: LinearLayer
    private let heads: [LinearLayer]
    private let frameCount: Int
    private let width: Int
    private let vocabularySize: Int

    struct Cache: Sendable {
        let input: Tensor<Float>
        let features: Tensor<Float>
    }

    /// Adds `layer13_audio` (frames x width outputs) and `code_heads.Q` (vocabulary, width) to a layout.
    init(
        inputCount: Int, codebookCount: Int, frameCount: Int, vocabularySize: Int, width: Int, prefix: String,
        in layout: inout ParameterLayout
    ) {
        self.frameCount = frameCount
        self.width = width
        self.vocabularySize = vocabularySize
        frames = LinearLayer(
            "\(prefix)layer13_audio", inputCount, frameCount * width, start: .kaimingNormal, in: &layout)
        heads = (0..<codebookCount).map {
            LinearLayer("\(prefix)code_heads.\($0)", width, vocabularySize, in: &layout)
        }
    }

    func forward(_ input: Tensor<Float>, _ state: ModelState) -> (output: Tensor<Float>, cache: Cache) {
        let features = frames.forward(input, state)
        let shape = [input.shape[0], heads.count, frameCount, vocabularySize]
        let count = shape.reduce(1, *)
        let logits = [Float](unsafeUninitializedCapacity: count) { logits, initialized in
            if let target = logits.baseAddress {
                forEachPlane(features) { head, rows, start in
                    head.apply(rows, rows: frameCount, state, into: target + start)
                }
            }
            initialized = count
        }
        return (Tensor(logits, shape: shape), Cache(input: input, features: features))
    }

    func backward(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) -> Tensor<Float> {
        var inner = [Float](repeating: 0, count: cache.features.count)
        gradient.elements.withUnsafeBufferPointer { gradient in
            inner.withUnsafeMutableBufferPointer { inner in
                guard let source = gradient.baseAddress, let target = inner.baseAddress else { return }
                let sample = frameCount * width
                forEachPlane(cache.features) { head, rows, start in
                    let index = start / (heads.count * frameCount * vocabularySize)
                    head.accumulate(source + start, input: rows, rows: frameCount, into: &gradients)
                    head.spread(source + start, rows: frameCount, state, into: target + index * sample, beta: 1)
                }
            }
        }
        let shaped = Tensor(inner, shape: cache.features.shape)
        return frames.backward(shaped, input: cache.input, state, into: &gradients)
    }

    /// Calls `body` for each sample and codebook with the table, the sample's frames, and where its logits start.
    private func forEachPlane(_ features: Tensor<Float>, _ body: (LinearLayer, UnsafePointer<Float>, Int) -> Void) {
        features.elements.withUnsafeBufferPointer { features in
            guard let base = features.baseAddress else { return }
            let plane = frameCount * vocabularySize
            for index in 0..<features.count / (frameCount * width) * heads.count {
                let (sample, codebook) = index.quotientAndRemainder(dividingBy: heads.count)
                body(heads[codebook], base + sample * frameCount * width, index * plane)
            }
        }
    }
}
