import NeuralNetwork
import NumericCore

/// Layer 13 for audio in each of its forms.
enum AudioOutputLayer: Sendable {
    case regression(LinearLayer, shape: [Int], top: Float)
    case classification(LinearLayer, shape: [Int])
    case factorized(FactorizedCodeHead)
    case mel(MelHead)

    enum Cache: Sendable {
        case regression(input: Tensor<Float>, share: Tensor<Float>)
        case classification(input: Tensor<Float>)
        case factorized(FactorizedCodeHead.Cache)
        case mel(MelHead.Cache)
    }

    init(
        _ head: AudioHead, _ format: AudioFormat, inputCount: Int, prefix: String, in layout: inout ParameterLayout
    ) {
        let name = "\(prefix)layer13_audio"
        switch (head, format) {
        case (.regression, .codes(let codebooks, let frames, let vocabulary)):
            let linear = LinearLayer(name, inputCount, codebooks * frames, start: .kaimingNormal, in: &layout)
            self = .regression(linear, shape: [codebooks, frames], top: Float(vocabulary - 1))
        case (.classification, .codes(let codebooks, let frames, let vocabulary)):
            let linear = LinearLayer(
                name, inputCount, codebooks * frames * vocabulary, start: .kaimingNormal, in: &layout)
            self = .classification(linear, shape: [codebooks, frames, vocabulary])
        case (.factorizedClassification(let width), .codes(let codebooks, let frames, let vocabulary)):
            self = .factorized(
                FactorizedCodeHead(
                    inputCount: inputCount, codebookCount: codebooks, frameCount: frames,
                    vocabularySize: vocabulary, width: width, prefix: prefix, in: &layout))
        case (.mel(let tail), .mel(let bins, let frames)):
            self = .mel(
                MelHead(
                    inputCount: inputCount, binCount: bins, frameCount: frames, tail: tail, prefix: prefix,
                    in: &layout))
        case (.mel, .codes), (.regression, .mel), (.classification, .mel), (.factorizedClassification, .mel):
            preconditionFailure("the audio head \(head) for \(format)")
        }
    }

    func forward(
        _ input: Tensor<Float>, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: AudioPrediction, cache: Cache) {
        let batch = input.shape[0]
        switch self {
        case .regression(let linear, let shape, let top):
            let share = Activation.sigmoid(linear.forward(input, state)).reshaped(to: [batch] + shape)
            return (.codes(share.scaled(by: top)), .regression(input: input, share: share))
        case .classification(let linear, let shape):
            return (
                .logits(linear.forward(input, state).reshaped(to: [batch] + shape)), .classification(input: input)
            )
        case .factorized(let head):
            let (logits, cache) = head.forward(input, state)
            return (.logits(logits), .factorized(cache))
        case .mel(let head):
            let (mel, cache) = head.forward(input, state, &pass)
            return (.mel(mel), .mel(cache))
        }
    }

    func backward(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) -> Tensor<Float> {
        let flat = [gradient.shape[0], gradient.count / gradient.shape[0]]
        switch (self, cache) {
        case (.regression(let linear, _, let top), .regression(let input, let share)):
            let inner = Activation.sigmoidBackward(gradient.scaled(by: top), output: share)
            return linear.backward(inner.reshaped(to: flat), input: input, state, into: &gradients)
        case (.classification(let linear, _), .classification(let input)):
            return linear.backward(gradient.reshaped(to: flat), input: input, state, into: &gradients)
        case (.factorized(let head), .factorized(let cache)):
            return head.backward(gradient, cache, state, into: &gradients)
        case (.mel(let head), .mel(let cache)): return head.backward(gradient, cache, state, into: &gradients)
        default: preconditionFailure("a cache of another head")
        }
    }
}
