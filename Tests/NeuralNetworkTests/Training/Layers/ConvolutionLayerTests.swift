import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct ConvolutionLayerTests {
    /// Stride and padding of the golden cases; the kernel is in the weight's shape.
    private static let geometry: [String: (stride: Int, padding: Int)] = [
        "conv_k3": (1, 1), "conv_k5": (1, 2), "conv_k7": (1, 3), "conv_stride2": (2, 1), "conv_stride3": (3, 0),
        "conv_short": (1, 2), "conv_pointwise": (1, 0), "transposed_up": (2, 1), "transposed_gap": (3, 0),
        "transposed_one": (1, 2),
    ]

    @Test(arguments: try ModelGolden.layers("conv_"))
    func `a convolution and its gradients are PyTorch's`(layer: ModelGolden.Layer) throws {
        let shape = try ModelGolden("layers").floats("\(layer.key).state.weight").shape
        let (stride, padding) = try #require(Self.geometry[layer.key])
        var layout = ParameterLayout()
        let convolution = ConvolutionLayer(
            "", shape[1], shape[0], kernelSize: shape[2], stride: stride, padding: padding, in: &layout)
        var fixture = try LayerFixture(layer, layout)
        let (output, cache) = convolution.forward(fixture.input.swappingInnerAxes(), fixture.state)
        #expect(output.shape[1] == convolution.outputLength(for: layer.shape[2]))
        try fixture.expectOutput(output.swappingInnerAxes())
        let gradient = convolution.backward(
            fixture.upstream.swappingInnerAxes(), cache, fixture.state, into: &fixture.gradients)
        try fixture.expectGradients(gradient.swappingInnerAxes())
    }

    @Test(arguments: try ModelGolden.layers("transposed_"))
    func `a transposed convolution and its gradients are PyTorch's`(layer: ModelGolden.Layer) throws {
        let shape = try ModelGolden("layers").floats("\(layer.key).state.weight").shape
        let (stride, padding) = try #require(Self.geometry[layer.key])
        var layout = ParameterLayout()
        let convolution = TransposedConvolutionLayer(
            "", shape[0], shape[1], kernelSize: shape[2], stride: stride, padding: padding, in: &layout)
        var fixture = try LayerFixture(layer, layout)
        let (output, cache) = convolution.forward(fixture.input.swappingInnerAxes(), fixture.state)
        try fixture.expectOutput(output.swappingInnerAxes())
        let gradient = convolution.backward(
            fixture.upstream.swappingInnerAxes(), cache, fixture.state, into: &fixture.gradients)
        try fixture.expectGradients(gradient.swappingInnerAxes())
    }

    @Test func `an input shorter than the kernel has no output rows`() {
        var layout = ParameterLayout()
        let convolution = ConvolutionLayer("", 2, 2, kernelSize: 5, padding: 1, in: &layout)
        #expect((0...4).map { convolution.outputLength(for: $0) } == [0, 0, 0, 1, 2])
    }
}
