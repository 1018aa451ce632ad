import Autoencoder
import NeuralNetwork
import NumericCore

/// Our side of one case: a model with its numbers, a batch, and what a training step needs.
struct ModelRun {
    private enum Model {
        case encoder(AudioEncoder)
        case whole(MultimodalAutoencoder)
    }

    let parameterCount: Int
    private let threads: Int
    private let model: Model
    private let input: AudioInput
    private let isStep: Bool
    private var state: ModelState
    private var gradients: Gradients
    private var optimizer: AdamOptimizer
    private var step: UInt64 = 0

    /// Draws a model's first values and a batch.
    init(_ modelCase: ModelCase, _ configuration: AutoencoderConfiguration, batch: Int, threads: Int) throws {
        let layout: ParameterLayout
        if modelCase.isEncoderAlone, let audio = configuration.encoder.audio {
            var encoderLayout = ParameterLayout()
            model = .encoder(AudioEncoder(audio, in: &encoderLayout))
            (layout, self.threads) = (encoderLayout, threads)
        } else {
            let whole = MultimodalAutoencoder(configuration)
            (model, layout, self.threads) = (.whole(whole), whole.layout, whole.usefulThreadCount(of: threads))
        }
        (input, isStep, parameterCount) = (modelCase.audio(batch: batch), modelCase.isStep, layout.parameterCount)
        var generator = Xoshiro256(seed: 0)
        state = ModelState(layout, using: &generator)
        // A forward pass needs neither gradients nor moments, which at the design's widths are gigabytes.
        let trained = modelCase.isStep ? layout : ParameterLayout()
        gradients = Gradients(trained)
        var settings = AdamOptimizer.Settings()
        settings.weightDecay = 1e-5
        optimizer = AdamOptimizer(trained, settings: settings)
    }

    /// Does it once.
    ///
    /// - Returns: A number that depends on all of the output, so that nothing can be left out.
    mutating func callAsFunction() -> Double { BLASRuntime.withThreadCount(threads) { once() } }

    private mutating func once() -> Double {
        guard isStep else {
            var pass = ForwardPass.evaluation
            return Double(forward(&pass).elements.last ?? 0)
        }
        step += 1
        var pass = ForwardPass.training(seed: step)
        gradients.reset()
        let loss: Double
        switch model {
        case .encoder(let encoder):
            let (output, cache) = encoder.forward(input, state, &pass)
            let result = RegressionLoss.meanSquared.measure(output, Tensor(repeating: 0, shape: output.shape))
            encoder.backward(result.gradient, cache, state, into: &gradients)
            loss = result.value
        case .whole(let model):
            let (output, cache) = model.forward(MultimodalInput(audio: input), state, &pass)
            let (value, gradient) = measure(output.decoded.audio)
            model.backward(.init(audio: gradient), voxels: nil, cache, state, into: &gradients)
            loss = value
        }
        gradients.clip(toGlobalNorm: 1)
        optimizer.step(&state, gradients, learningRate: 1e-4)
        state.absorb(pass)
        return loss
    }

    private func forward(_ pass: inout ForwardPass) -> Tensor<Float> {
        switch model {
        case .encoder(let encoder): return encoder.forward(input, state, &pass).output
        case .whole(let model):
            let output = model.forward(MultimodalInput(audio: input), state, &pass).output
            return output.decoded.audio?.values ?? output.encoded.bottleneck
        }
    }

    private func measure(_ prediction: AudioPrediction?) -> (loss: Double, gradient: Tensor<Float>?) {
        switch (prediction, input) {
        case (.logits(let logits), .codes(let codes)):
            let result = CodeCrossEntropy(logits, targets: codes)
            return (result.value, result.gradient)
        case (.some(let audio), .codes(let codes)):
            let target = Tensor(codes.elements.map { Float($0) }, shape: codes.shape)
            let result = RegressionLoss.meanSquared.measure(audio.values, target)
            return (result.value, result.gradient)
        case (.some(let audio), .mel(let mel)):
            let result = RegressionLoss.meanSquared.measure(audio.values, mel)
            return (result.value, result.gradient)
        case (nil, _): return (0, nil)
        }
    }
}
