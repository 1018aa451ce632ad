import NeuralNetwork
import NumericCore
import TestSupport
import Testing

/// The fused bank against its plain twin: convolution, normalisation, ReLU and pool one after another.
struct PooledConvolutionBankTests {
    private struct Twin {
        var layout = ParameterLayout()
        let layers: [(convolution: ConvolutionLayer, normalization: BatchNormLayer)]

        init(_ kernels: [Int], _ inputs: Int, _ width: Int) {
            var layout = ParameterLayout()
            layers = kernels.map { kernel in
                let convolution = ConvolutionLayer(
                    "c\(kernel)", inputs, width, kernelSize: kernel, padding: kernel / 2, in: &layout)
                return (convolution, BatchNormLayer("n\(kernel)", width, in: &layout))
            }
            self.layout = layout
        }

        /// Output, and input gradient for `upstream`, whose parameters' share goes to `gradients`.
        func run(
            _ input: Tensor<Float>, _ upstream: Tensor<Float>, _ state: ModelState, _ pass: inout ForwardPass,
            into gradients: inout Gradients
        ) -> (output: Tensor<Float>, gradient: Tensor<Float>) {
            let pool = AdaptivePooling()
            let width = upstream.shape[1] / layers.count
            let parts = upstream.splittingColumns(layers.map { _ in width })
            var outputs: [Tensor<Float>] = []
            var total = Tensor<Float>(repeating: 0, shape: input.shape)
            for (layer, part) in zip(layers, parts) {
                let (sums, convolution) = layer.convolution.forward(input, state)
                let (normalized, moments) = layer.normalization.forward(sums, state, &pass)
                let rectified = Activation.rectify(normalized)
                let (maximum, winners) = pool.maximum(rectified)
                outputs.append(maximum.reshaped(to: part.shape))
                let spread = pool.maximumBackward(part.reshaped(to: maximum.shape), winners)
                let active = Activation.rectifyBackward(spread, output: rectified)
                let inner = layer.normalization.backward(active, moments, state, into: &gradients)
                total = total.adding(layer.convolution.backward(inner, convolution, state, into: &gradients))
            }
            return (.joiningColumns(outputs), total)
        }
    }

    @Test(
        arguments: [([3, 5, 7], 6, 5, 3, 17), ([3], 4, 3, 6, 1), ([1, 9], 3, 4, 1, 4), ([1], 2, 3, 4, 5)],
        [true, false])
    func `the fused bank equals its plain twin, forward and backward`(
        sizes: (kernels: [Int], inputs: Int, width: Int, batch: Int, length: Int), isTraining: Bool
    ) throws {
        let twin = Twin(sizes.kernels, sizes.inputs, sizes.width)
        var layout = ParameterLayout()
        let bank = PooledConvolutionBank(
            sizes.kernels.map { ($0, "c\($0)", "n\($0)") }, sizes.inputs, width: sizes.width, in: &layout)
        #expect(layout == twin.layout)
        var generator = Xoshiro256(seed: 8)
        var state = ModelState(layout, using: &generator)
        for entry in layout.entries where entry.kind != .counter && entry.name.hasPrefix("n") {
            let values = (0..<entry.count).map { _ in 0.5 + generator.uniformFloat() }
            state.set(entry.name, to: Tensor(values, shape: entry.shape))
        }
        let input = generator.normalTensor(shape: [sizes.batch, sizes.length, sizes.inputs])
        let upstream = generator.normalTensor(shape: [sizes.batch, sizes.width * sizes.kernels.count])
        var passes = (ForwardPass.evaluation, ForwardPass.evaluation)
        if isTraining { passes = (.trainingWithoutDropout, .trainingWithoutDropout) }
        var (ours, theirs) = (Gradients(layout), Gradients(layout))
        let expected = twin.run(input, upstream, state, &passes.1, into: &theirs)
        let (output, cache) = bank.forward(PaddedRows(input, padding: bank.padding), state, &passes.0)
        let gradient = bank.backward(upstream, cache, state, into: &ours).tensor
        expectClose(output.elements, expected.output.elements, bound: 2e-6, relativeTo: .peak, "output")
        expectClose(gradient.elements, expected.gradient.elements, bound: 1e-5, relativeTo: .peak, "input")
        for entry in layout.entries where entry.kind == .parameter {
            let actual = try #require(ours.tensor(entry.name)).elements
            let wanted = try #require(theirs.tensor(entry.name)).elements
            // A bias before a training normalisation has the gradient 0: both sides are rounding noise.
            let isFree = isTraining && entry.name.hasPrefix("c") && entry.name.hasSuffix("bias")
            expectClose(actual, wanted, bound: 1e-5, relativeTo: isFree ? .absolute : .peak, entry.name)
        }
        var states = (state, state)
        states.0.absorb(passes.0)
        states.1.absorb(passes.1)
        expectClose(states.0.statistics, states.1.statistics, bound: 1e-6, relativeTo: .peak, "statistics")
        #expect(states.0.counters == states.1.counters)
    }

    @Test func `a NaN row wins the maximum and stays NaN`() {
        var layout = ParameterLayout()
        let bank = PooledConvolutionBank([(1, "c", "n")], 1, width: 1, in: &layout)
        var generator = Xoshiro256(seed: 8)
        let state = ModelState(layout, using: &generator)
        var pass = ForwardPass.evaluation
        let rows = PaddedRows(Tensor([1, .nan, 2, 3], shape: [1, 4, 1]), padding: 0)
        #expect(bank.forward(rows, state, &pass).output.elements[0].isNaN)
    }
}
