import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct OptimizerTests {
    /// Two parameters; a linear layer of seven outputs and five inputs is the way to give them gradients.
    private struct Pair {
        var layout = ParameterLayout()
        let linear: LinearLayer
        let spare: LinearLayer
        var state: ModelState

        init() {
            linear = LinearLayer("", 5, 7, in: &layout)
            spare = LinearLayer("spare", 2, 3, in: &layout)
            var generator = Xoshiro256(seed: 1)
            state = ModelState(layout, using: &generator)
        }

        /// Gradients whose weight part is `weight`.
        func gradients(_ weight: Tensor<Float>) -> Gradients {
            var result = Gradients(layout)
            var identity = Tensor<Float>(repeating: 0, shape: [7, 7])
            for index in 0..<7 { identity[index, index] = 1 }
            linear.accumulate(identity, input: weight, into: &result)
            return result
        }
    }

    @Test(arguments: try ModelGolden("layers").optimisers)
    func `steps and moments are PyTorch's`(settings: ModelGolden.Optimiser) throws {
        let golden = try ModelGolden("layers")
        var pair = Pair()
        pair.state.set(".weight", to: try golden.floats("optimiser.start"))
        let spareBefore = pair.state.tensor("spare.weight")
        var options = AdamOptimizer.Settings()
        options.beta1 = settings.beta1
        options.beta2 = settings.beta2
        options.epsilon = settings.epsilon
        options.weightDecay = settings.weightDecay
        options.decay = try #require(AdamOptimizer.Decay(rawValue: settings.decay))
        var adam = AdamOptimizer(pair.layout, settings: options)
        let all = try golden.floats("optimiser.gradients").elements
        for step in 1...3 {
            let gradient = Tensor(Array(all[(step - 1) * 35..<step * 35]), shape: [7, 5])
            adam.step(&pair.state, pair.gradients(gradient), learningRate: settings.learningRate)
            guard step != 2 else { continue }
            let expected = try golden.floats("optimiser.\(settings.key).after\(step)").elements
            let actual = try #require(pair.state.tensor(".weight")).elements
            expectClose(actual, expected, bound: golden.stepBound, relativeTo: .peak, "after \(step)")
        }
        for (name, actual) in [("first", adam.firstMoment), ("second", adam.secondMoment)] {
            let expected = try golden.floats("optimiser.\(settings.key).\(name)").elements
            expectClose(Array(actual[0..<35]), expected, bound: golden.stepBound, relativeTo: .peak, name)
        }
        #expect(pair.state.tensor("spare.weight") == spareBefore, "a parameter without gradient moved")
        #expect(adam.stepCounts == [3, 3, 0, 0])
    }

    @Test(arguments: [("clipped", 1.0), ("whole", 1000.0)])
    func `clipping by the global norm is PyTorch's`(key: String, bound: Double) throws {
        let golden = try ModelGolden("layers")
        var layout = ParameterLayout()
        let linear = LinearLayer("", 5, 7, in: &layout)
        let other = LinearLayer("other", 1, 3, in: &layout)
        let all = try golden.floats("optimiser.gradients").elements
        var gradients = Gradients(layout)
        var identity = Tensor<Float>(repeating: 0, shape: [14, 7])
        // Rows 7 ... 13 cancel the bias' gradient, which PyTorch's pair of parameters does not have.
        for index in 0..<7 { (identity[index, index], identity[index + 7, index]) = (1, -1) }
        let input = Tensor(Array(all[70..<105]) + [Float](repeating: 0, count: 35), shape: [14, 5])
        linear.accumulate(identity, input: input, into: &gradients)
        let column = Tensor<Float>([3, -4, 12, -3, 4, -12], shape: [2, 3])
        other.accumulate(column, input: Tensor([1, 0], shape: [2, 1]), into: &gradients)
        let norm = gradients.clip(toGlobalNorm: bound)
        expectClose([Float(norm)], try golden.floats("clip.\(key).norm").elements, bound: 1e-6, relativeTo: .peak)
        for (name, part) in [(".weight", "first"), ("other.weight", "second")] {
            let expected = try golden.floats("clip.\(key).\(part)").elements
            let actual = try #require(gradients.tensor(name)).elements
            expectClose(actual, expected, bound: 1e-6, relativeTo: .peak, name)
        }
    }

    @Test func `the learning rate is PyTorch's for both hinges`() throws {
        let schedules = try ModelGolden("layers").schedules
        #expect(schedules.count == 4)
        for trace in schedules {
            let schedule = WarmupCosineSchedule(
                rate: trace.rate, start: trace.start, minimum: trace.minimum, warmupSteps: trace.warm,
                totalSteps: trace.total, hinge: try #require(WarmupCosineSchedule.Hinge(rawValue: trace.hinge)))
            expectClose(
                trace.steps.map { schedule.learningRate(after: $0) }, trace.rates, bound: 1e-9, relativeTo: .peak,
                "\(trace.hinge) of \(trace.total)")
        }
    }

    @Test func `the early hinge repeats the recorded run of the Python system`() {
        let schedule = WarmupCosineSchedule(rate: 1e-3, warmupSteps: 470, totalSteps: 2350, hinge: .early)
        let found = [469, 47, 1363].map { schedule.learningRate(after: $0) }
        expectClose(found, [9.97893617e-4, 1.09e-4, 5.377240733e-4], bound: 1e-9, relativeTo: .elementwise)
    }
}
