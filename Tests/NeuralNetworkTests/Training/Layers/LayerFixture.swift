import NeuralNetwork
import NumericCore
import TestSupport
import Testing

/// A layer alone in a model, filled with what PyTorch stored, and the comparison of all its gradients.
struct LayerFixture {
    let golden: ModelGolden
    let layer: ModelGolden.Layer
    var state: ModelState
    var gradients: Gradients
    let input: Tensor<Float>
    let upstream: Tensor<Float>

    init(_ layer: ModelGolden.Layer, _ layout: ParameterLayout) throws {
        golden = try ModelGolden("layers")
        self.layer = layer
        var generator = Xoshiro256(seed: 1)
        state = ModelState(layout, using: &generator)
        gradients = Gradients(layout)
        for entry in layout.entries where entry.kind != .counter {
            state.set(entry.name, to: try golden.floats("\(layer.key).state\(entry.name)"))
        }
        input = try golden.floats("\(layer.key).input")
        upstream = try golden.floats("\(layer.key).upstream")
    }

    var pass: ForwardPass { layer.mode == "train" ? .trainingWithoutDropout : .evaluation }

    func expectOutput(_ output: Tensor<Float>, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let expected = try golden.floats("\(layer.key).output")
        #expect(output.shape == expected.shape, sourceLocation: sourceLocation)
        expectClose(
            output.elements, expected.elements, bound: golden.forwardBound, relativeTo: .peak, "output",
            sourceLocation: sourceLocation)
    }

    func expectGradients(_ inputGradient: Tensor<Float>, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let expected = try golden.floats("\(layer.key).inputGradient")
        #expect(inputGradient.shape == expected.shape, sourceLocation: sourceLocation)
        expectClose(
            inputGradient.elements, expected.elements, bound: golden.gradientBound, relativeTo: .peak, "input",
            sourceLocation: sourceLocation)
        let names = golden.names(after: "\(layer.key).gradient")
        #expect(names.sorted() == gradients.presentNames, sourceLocation: sourceLocation)
        for name in names {
            let expected = try golden.floats("\(layer.key).gradient\(name)")
            let actual = try #require(gradients.tensor(name), sourceLocation: sourceLocation)
            expectClose(
                actual.elements, expected.elements, bound: golden.gradientBound, relativeTo: .peak, name,
                sourceLocation: sourceLocation)
        }
    }
}

extension Gradients {
    /// Names of the parameters that have a gradient, sorted.
    var presentNames: [String] { presentIndices.map { layout.entries[$0].name }.sorted() }
}
