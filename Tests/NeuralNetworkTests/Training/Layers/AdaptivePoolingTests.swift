import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct AdaptivePoolingTests {
    @Test(arguments: try ModelGolden.layers("max_pool"))
    func `the maximum and its gradient are PyTorch's`(layer: ModelGolden.Layer) throws {
        let fixture = try LayerFixture(layer, ParameterLayout())
        let pool = AdaptivePooling(outputLength: fixture.upstream.shape[2])
        let (output, cache) = pool.maximum(fixture.input.swappingInnerAxes())
        try fixture.expectOutput(output.swappingInnerAxes())
        let gradient = pool.maximumBackward(fixture.upstream.swappingInnerAxes(), cache)
        try fixture.expectGradients(gradient.swappingInnerAxes())
    }

    @Test(arguments: try ModelGolden.layers("average_pool"))
    func `the mean and its gradient are PyTorch's`(layer: ModelGolden.Layer) throws {
        let fixture = try LayerFixture(layer, ParameterLayout())
        let pool = AdaptivePooling(outputLength: fixture.upstream.shape[2])
        try fixture.expectOutput(pool.average(fixture.input.swappingInnerAxes()).swappingInnerAxes())
        let gradient = pool.averageBackward(fixture.upstream.swappingInnerAxes(), length: layer.shape[2])
        try fixture.expectGradients(gradient.swappingInnerAxes())
    }

    @Test func `the first of equal values wins and NaN wins over numbers`() {
        let pool = AdaptivePooling()
        let (output, cache) = pool.maximum(Tensor([2, 7, 7, 1], shape: [1, 4, 1]))
        #expect(output.elements == [7])
        #expect(pool.maximumBackward(Tensor([3], shape: [1, 1, 1]), cache).elements == [0, 3, 0, 0])
        #expect(pool.maximum(Tensor([2, .nan, 7], shape: [1, 3, 1])).output.elements[0].isNaN)
    }
}
