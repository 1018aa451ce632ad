import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct EmbeddingLayerTests {
    @Test func `vectors and the table's gradient are PyTorch's`() throws {
        let golden = try ModelGolden("layers")
        var layout = ParameterLayout()
        let embedding = EmbeddingLayer("", vocabularySize: 11, width: 4, in: &layout)
        var generator = Xoshiro256(seed: 1)
        var state = ModelState(layout, using: &generator)
        state.set(".weight", to: try golden.floats("embedding.state.weight"))
        let codes = try golden.integers("embedding.codes")
        #expect(embedding.forward(codes, state) == (try golden.floats("embedding.output")))
        var gradients = Gradients(layout)
        embedding.backward(try golden.floats("embedding.upstream"), codes: codes, into: &gradients)
        let expected = try golden.floats("embedding.gradient.weight")
        expectClose(
            try #require(gradients.tensor(".weight")).elements, expected.elements, bound: golden.gradientBound,
            relativeTo: .peak)
    }
}
