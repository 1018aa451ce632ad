import Autoencoder
import Foundation
import NeuralNetwork
import NumericCore
import TestSupport
import Testing

/// A small model of `GoldenData/models`: its configuration, its features, and the comparisons all models share.
struct AssembledGolden<Configuration: Decodable> {
    private struct Manifest: Decodable { let configuration: Configuration }

    let arrays: ModelGolden
    let configuration: Configuration

    init(_ name: String) throws {
        arrays = try ModelGolden(name)
        let data = try Data(contentsOf: arrays.folder.appendingPathComponent("manifest.json"))
        configuration = try JSONDecoder().decode(Manifest.self, from: data).configuration
    }

    func state(_ layout: ParameterLayout) throws -> ModelState {
        try ModelState(path: arrays.folder.appendingPathComponent("model.safetensors").path, layout: layout)
    }

    func audio(_ format: AudioFormat) throws -> AudioInput {
        switch format {
        case .codes: .codes(try arrays.integers("input.audio"))
        case .mel: .mel(try arrays.floats("input.audio"))
        }
    }

    func expectOutput(_ actual: Tensor<Float>?, _ name: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let expected = try arrays.floats(name)
        let actual = try #require(actual, sourceLocation: sourceLocation)
        #expect(actual.shape == expected.shape, "\(name)", sourceLocation: sourceLocation)
        expectClose(
            actual.elements, expected.elements, bound: arrays.forwardBound, relativeTo: .peak, name,
            sourceLocation: sourceLocation)
    }

    /// Every parameter has PyTorch's gradient; where that is 0 in exact arithmetic ours is rounding noise.
    func expectGradients(_ gradients: Gradients, _ prefix: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let names = arrays.names(after: prefix)
        let present = gradients.presentIndices.map { gradients.layout.entries[$0].name }
        #expect(names.sorted() == present.sorted(), sourceLocation: sourceLocation)
        let isTraining = prefix.hasPrefix("train")
        let peak = try names.flatMap { try arrays.floats(prefix + $0).elements }.map(\.magnitude).max() ?? 0
        for name in names {
            let expected = try arrays.floats(prefix + name).elements
            let actual = try #require(gradients.tensor(name), sourceLocation: sourceLocation).elements
            if isTraining, arrays.unstepped.contains(name) {
                #expect(actual.allSatisfy { $0.magnitude < 1e-5 * peak }, "\(name)", sourceLocation: sourceLocation)
            } else {
                expectClose(
                    actual, expected, bound: arrays.gradientBound, relativeTo: .peak, prefix + name,
                    sourceLocation: sourceLocation)
            }
        }
    }

    func expectStatistics(_ state: ModelState, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let entries = state.layout.entries.filter { $0.kind == .statistic }
        #expect(!entries.isEmpty && state.counters.allSatisfy { $0 == 1 }, sourceLocation: sourceLocation)
        for entry in entries {
            let actual = try #require(state.tensor(entry.name), sourceLocation: sourceLocation).elements
            expectClose(
                actual, try arrays.floats("after.\(entry.name)").elements, bound: arrays.forwardBound,
                relativeTo: .peak, entry.name, sourceLocation: sourceLocation)
        }
    }

    /// One AdamW step with the settings of the manifest.
    ///
    /// Adam's first step is the learning rate times the sign of the gradient, so an element whose gradient is 0 in exact
    /// arithmetic is moved by rounding noise, in PyTorch too. These elements only must not move further than one step.
    func expectStep(
        _ state: ModelState, _ gradients: Gradients, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (rate, decay) = (1e-4, 0.01)
        var settings = AdamOptimizer.Settings()
        settings.weightDecay = decay
        var after = state
        var adam = AdamOptimizer(state.layout, settings: settings)
        adam.step(&after, gradients, learningRate: rate)
        let names = arrays.names(after: "step.")
        let slopes = try names.map { try arrays.floats("train.gradient.\($0)").elements }
        let noise = 1e-5 * (slopes.joined().map(\.magnitude).max() ?? 0)
        var comparedCount = 0
        for (name, slopes) in zip(names, slopes) {
            let actual = try #require(after.tensor(name), sourceLocation: sourceLocation).elements
            let before = try #require(state.tensor(name), sourceLocation: sourceLocation).elements
            let expected = try arrays.floats("step.\(name)").elements
            let isFree = arrays.unstepped.contains(name)
            let firm = actual.indices.filter { slopes[$0].magnitude > noise || (slopes[$0] == 0 && !isFree) }
            comparedCount += firm.count
            expectClose(
                firm.map { actual[$0] }, firm.map { expected[$0] }, bound: arrays.stepBound, relativeTo: .peak,
                "step of \(name)", sourceLocation: sourceLocation)
            let farthest = zip(actual, before).map { Double(($0 - $1 * Float(1 - rate * decay)).magnitude) }.max() ?? 0
            #expect(farthest <= 1.001 * rate, "\(name)", sourceLocation: sourceLocation)
        }
        let count = state.layout.parameterCount
        #expect(names.count > 0 && comparedCount * 10 > count * 8, "only \(comparedCount) of \(count)")
    }
}
