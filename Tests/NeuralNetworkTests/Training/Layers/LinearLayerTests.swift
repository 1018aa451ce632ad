import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct LinearLayerTests {
    @Test(arguments: try ModelGolden.layers("linear"))
    func `rows and every gradient are PyTorch's`(layer: ModelGolden.Layer) throws {
        let golden = try ModelGolden("layers")
        let shape = try golden.floats("\(layer.key).state.weight").shape
        var layout = ParameterLayout()
        let linear = LinearLayer("", shape[1], shape[0], in: &layout)
        var fixture = try LayerFixture(layer, layout)
        try fixture.expectOutput(linear.forward(fixture.input, fixture.state))
        let gradient = linear.backward(
            fixture.upstream, input: fixture.input, fixture.state, into: &fixture.gradients)
        try fixture.expectGradients(gradient)
    }

    @Test func `a second backward adds to the gradients, and reset forgets them`() throws {
        var layout = ParameterLayout()
        let linear = LinearLayer("", 13, 7, in: &layout)
        var fixture = try LayerFixture(try ModelGolden.layers("linear")[0], layout)
        for _ in 0..<2 { linear.accumulate(fixture.upstream, input: fixture.input, into: &fixture.gradients) }
        let twice = try #require(fixture.gradients.tensor(".weight"))
        let once = try fixture.golden.floats("linear.gradient.weight")
        expectClose(twice.elements, once.elements.map { 2 * $0 }, bound: 1e-4, relativeTo: .peak)
        fixture.gradients.reset()
        #expect(fixture.gradients.tensor(".weight") == nil)
        linear.accumulate(fixture.upstream, input: fixture.input, into: &fixture.gradients)
        let again = try #require(fixture.gradients.tensor(".weight"))
        expectClose(again.elements, once.elements, bound: 1e-4, relativeTo: .peak)
    }

    @Test func `first values keep to PyTorch's bounds`() throws {
        var layout = ParameterLayout()
        _ = LinearLayer("plain", 400, 50, in: &layout)
        _ = LinearLayer("kaiming", 50, 800, start: .kaimingNormal, in: &layout)
        var generator = Xoshiro256(seed: 3)
        let state = ModelState(layout, using: &generator)
        let plain = try #require(state.tensor("plain.weight")).elements
        // Uniform within 1/20: the largest of 20 000 draws misses the bound by about 1/20 000 of it.
        #expect(plain.allSatisfy { $0.magnitude <= 0.05 })
        #expect(plain.contains { $0 > 0.0499 } && plain.contains { $0 < -0.0499 })
        let variance = plain.reduce(0) { $0 + Double($1) * Double($1) } / Double(plain.count)
        #expect((variance / (0.05 * 0.05 / 3) - 1).magnitude < 0.03)
        let kaiming = try #require(state.tensor("kaiming.weight")).elements
        let spread = kaiming.reduce(0) { $0 + Double($1) * Double($1) } / Double(kaiming.count)
        // 40 000 squares: standard error of the variance is sqrt(2 / 40 000) = 0.7 %; four of these.
        #expect((spread / (2.0 / 800) - 1).magnitude < 0.03)
        #expect(try #require(state.tensor("kaiming.bias")).elements.allSatisfy { $0 == 0 })
        var same = Xoshiro256(seed: 3)
        #expect(ModelState(layout, using: &same) == state)
    }
}
