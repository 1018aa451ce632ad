import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct PointwiseLayerTests {
    @Test func `ReLU and its gradient are PyTorch's`() throws {
        let fixture = try LayerFixture(try ModelGolden.layers("relu")[0], ParameterLayout())
        let output = Activation.rectify(fixture.input)
        try fixture.expectOutput(output)
        try fixture.expectGradients(Activation.rectifyBackward(fixture.upstream, output: output))
        #expect(Activation.rectify(Tensor([.nan], shape: [1])).elements[0].isNaN)
    }

    @Test func `the sigmoid and its gradient are PyTorch's, also far out`() throws {
        let fixture = try LayerFixture(try ModelGolden.layers("sigmoid")[0], ParameterLayout())
        let output = Activation.sigmoid(fixture.input)
        try fixture.expectOutput(output)
        try fixture.expectGradients(Activation.sigmoidBackward(fixture.upstream, output: output))
        let tail = try fixture.golden.floats("sigmoid.output").elements
        expectClose(
            [output.elements[0], output.elements[3]], [tail[0], tail[3]], bound: 1e-5, relativeTo: .elementwise)
    }

    @Test func `dropout with PyTorch's mask gives PyTorch's numbers`() throws {
        let golden = try ModelGolden("layers")
        let mask = try golden.floats("dropout.mask").elements.map { $0 == 0 ? 0 : Float(1 / 0.7) }
        let cache = Dropout.Cache(mask: mask)
        let dropout = Dropout(rate: 0.3)
        let output = dropout.apply(cache, to: try golden.floats("dropout.input"))
        expectClose(
            output.elements, try golden.floats("dropout.output").elements, bound: 1e-6, relativeTo: .elementwise)
        let gradient = dropout.apply(cache, to: try golden.floats("dropout.upstream"))
        expectClose(
            gradient.elements, try golden.floats("dropout.inputGradient").elements, bound: 1e-6,
            relativeTo: .elementwise)
    }

    @Test func `equal seeds drop the same share of the same elements`() {
        let dropout = Dropout(rate: 0.3)
        let ones = Tensor<Float>(repeating: 1, shape: [200, 500])
        func output(_ pass: ForwardPass) -> Tensor<Float> {
            var pass = pass
            return dropout.forward(ones, &pass).output
        }
        let first = output(.training(seed: 5))
        #expect(first == output(.training(seed: 5)))
        #expect(first != output(.training(seed: 6)))
        let dropped = first.elements.count { $0 == 0 }
        // 100 000 draws of probability 0.3: standard deviation 145; five of these.
        #expect((dropped - 30_000).magnitude < 725)
        #expect(first.elements.allSatisfy { $0 == 0 || $0 == Float(1 / 0.7) })
        #expect(output(.evaluation) == ones)
        #expect(output(.trainingWithoutDropout) == ones)
    }

    @Test func `two dropouts of one pass draw different masks`() {
        var pass = ForwardPass.training(seed: 5)
        let ones = Tensor<Float>(repeating: 1, shape: [100])
        let dropout = Dropout(rate: 0.5)
        #expect(dropout.forward(ones, &pass).output != dropout.forward(ones, &pass).output)
    }
}
