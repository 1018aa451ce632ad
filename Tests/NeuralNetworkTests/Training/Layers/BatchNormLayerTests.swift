import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct BatchNormLayerTests {
    @Test(arguments: try ModelGolden.layers("norm_"))
    func `output, gradients and running statistics are PyTorch's`(layer: ModelGolden.Layer) throws {
        var layout = ParameterLayout()
        let normalization = BatchNormLayer("", layer.shape[1], in: &layout)
        var fixture = try LayerFixture(layer, layout)
        // PyTorch has channels before time, the layer after it.
        let swaps = layer.shape.count == 3
        func ordered(_ tensor: Tensor<Float>) -> Tensor<Float> { swaps ? tensor.swappingInnerAxes() : tensor }
        var pass = fixture.pass
        let (output, cache) = normalization.forward(ordered(fixture.input), fixture.state, &pass)
        try fixture.expectOutput(ordered(output))
        let gradient = normalization.backward(
            ordered(fixture.upstream), cache, fixture.state, into: &fixture.gradients)
        try fixture.expectGradients(ordered(gradient))
        fixture.state.absorb(pass)
        for name in [".running_mean", ".running_var"] {
            let expected = try fixture.golden.floats("\(layer.key).after\(name)").elements
            let actual = try #require(fixture.state.tensor(name)).elements
            expectClose(actual, expected, bound: fixture.golden.forwardBound, relativeTo: .peak, name)
        }
        let count = try fixture.golden.integers("\(layer.key).after.num_batches_tracked").elements
        #expect(fixture.state.counters.map { Int32($0) } == count)
    }

    @Test func `a batch far from zero keeps its precision`() throws {
        var layout = ParameterLayout()
        let normalization = BatchNormLayer("", 1, in: &layout)
        var generator = Xoshiro256(seed: 1)
        let state = ModelState(layout, using: &generator)
        var pass = ForwardPass.trainingWithoutDropout
        // Exact in Float: 100 000 +- 1; a one-pass variance in Float would lose it.
        let input = Tensor<Float>([99_999, 100_001, 99_999, 100_001], shape: [4, 1])
        let output = normalization.forward(input, state, &pass).output
        expectClose(
            output.elements, [-1, 1, -1, 1].map { $0 / (1 + 1e-5).squareRoot() }, bound: 1e-6, relativeTo: .peak)
    }
}
