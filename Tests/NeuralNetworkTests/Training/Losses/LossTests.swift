import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct LossTests {
    @Test(arguments: RegressionLoss.allCases)
    func `regression losses and their gradients are PyTorch's`(loss: RegressionLoss) throws {
        let golden = try ModelGolden("layers")
        let result = loss.measure(try golden.floats("loss.prediction"), try golden.floats("loss.target"))
        let value = try golden.floats("loss.\(loss.rawValue).value").elements
        expectClose([Float(result.value)], value, bound: golden.forwardBound, relativeTo: .peak)
        expectClose(
            result.gradient.elements, try golden.floats("loss.\(loss.rawValue).gradient").elements,
            bound: golden.gradientBound, relativeTo: .peak)
    }

    @Test func `cross-entropy, its share of each codebook and its gradient are PyTorch's`() throws {
        let golden = try ModelGolden("layers")
        let result = CodeCrossEntropy(
            try golden.floats("loss.logits"), targets: try golden.integers("loss.codes"))
        let value = try golden.floats("loss.entropy.value").elements
        expectClose([Float(result.value)], value, bound: golden.forwardBound, relativeTo: .peak)
        let each = try golden.floats("loss.entropy.each").elements
        expectClose(
            result.valuesByCodebook.map { Float($0) }, each, bound: golden.forwardBound, relativeTo: .elementwise)
        expectClose(
            result.exactMatchByCodebook.map { Float($0) }, try golden.floats("loss.entropy.match").elements,
            bound: 1e-6, relativeTo: .absolute)
        expectClose(
            result.gradient.elements, try golden.floats("loss.entropy.gradient").elements,
            bound: golden.gradientBound, relativeTo: .peak)
    }

    @Test func `NaN in a prediction makes every loss NaN`() {
        let bad = Tensor<Float>([1, .nan], shape: [1, 1, 1, 2])
        let zero = Tensor<Float>(repeating: 0, shape: bad.shape)
        for loss in RegressionLoss.allCases { #expect(loss.measure(bad, zero).value.isNaN) }
        #expect(CodeCrossEntropy(bad, targets: Tensor([0], shape: [1, 1, 1])).value.isNaN)
    }
}
