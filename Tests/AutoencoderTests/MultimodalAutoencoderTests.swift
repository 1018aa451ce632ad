import Autoencoder
import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct MultimodalAutoencoderTests {
    private static let cases = ["autoencoder_regression", "autoencoder_python"]
    /// The case whose goldens hold gradients in evaluation mode and a step.
    private static let complete = "autoencoder_regression"

    /// A golden model with its numbers and features.
    private struct Fixture {
        let golden: AssembledGolden<AutoencoderConfiguration>
        let model: MultimodalAutoencoder
        let state: ModelState
        let input: MultimodalInput

        init(_ name: String) throws {
            golden = try AssembledGolden(name)
            model = MultimodalAutoencoder(golden.configuration)
            state = try golden.state(model.layout)
            let format = try #require(golden.configuration.encoder.audio).format
            input = MultimodalInput(
                video: try golden.arrays.floats("input.video"), audio: try golden.audio(format),
                text: try golden.arrays.floats("input.text"))
            try input.check(golden.configuration.encoder)
        }

        func expectOutputs(_ output: MultimodalAutoencoder.Output, _ mode: String) throws {
            try golden.expectOutput(output.encoded.bottleneck, "\(mode).output.bottleneck")
            try golden.expectOutput(output.encoded.voxels, "\(mode).output.voxels")
            try golden.expectOutput(output.decoded.video, "\(mode).output.video")
            try golden.expectOutput(output.decoded.audio?.values, "\(mode).output.audio")
            try golden.expectOutput(output.decoded.text, "\(mode).output.text")
        }

        func gradients(_ cache: MultimodalAutoencoder.Cache) throws -> Gradients {
            var gradients = Gradients(model.layout)
            let upstream = MultimodalDecoder.OutputGradient(
                video: try golden.arrays.floats("upstream.video"), audio: try golden.arrays.floats("upstream.audio"),
                text: try golden.arrays.floats("upstream.text"))
            model.backward(
                upstream, voxels: try golden.arrays.floats("upstream.voxels"), cache, state, into: &gradients)
            return gradients
        }
    }

    @Test(arguments: cases)
    func `training passes give PyTorch's outputs, gradients and running statistics`(name: String) throws {
        let fixture = try Fixture(name)
        var pass = ForwardPass.trainingWithoutDropout
        let (output, cache) = fixture.model.forward(fixture.input, fixture.state, &pass)
        try fixture.expectOutputs(output, "train")
        let gradients = try fixture.gradients(cache)
        try fixture.golden.expectGradients(gradients, "train.gradient.")
        var after = fixture.state
        after.absorb(pass)
        try fixture.golden.expectStatistics(after)
        if name == Self.complete { try fixture.golden.expectStep(after, gradients) }
    }

    @Test(arguments: cases)
    func `evaluation passes give PyTorch's outputs`(name: String) throws {
        let fixture = try Fixture(name)
        var pass = ForwardPass.evaluation
        let (output, cache) = fixture.model.forward(fixture.input, fixture.state, &pass)
        try fixture.expectOutputs(output, "eval")
        guard name == Self.complete else { return }
        try fixture.golden.expectGradients(try fixture.gradients(cache), "eval.gradient.")
    }

    @Test func `modalities that are left out leave no parameters and no outputs`() throws {
        var configuration = try Fixture("autoencoder_regression").golden.configuration
        configuration.encoder.video = nil
        configuration.encoder.text = nil
        configuration.encoder.voxelCount = nil
        configuration.decoder.videoCount = nil
        configuration.decoder.textCount = nil
        let model = MultimodalAutoencoder(configuration)
        #expect(model.layout.entries.allSatisfy { !$0.name.contains("video") && !$0.name.contains("text") })
        var generator = Xoshiro256(seed: 4)
        let state = ModelState(model.layout, using: &generator)
        var pass = ForwardPass.training(seed: 1)
        let audio = try Fixture("autoencoder_regression").input.audio
        let (output, cache) = model.forward(MultimodalInput(audio: audio), state, &pass)
        #expect(output.decoded.video == nil && output.decoded.text == nil && output.encoded.voxels == nil)
        let values = try #require(output.decoded.audio).values
        var gradients = Gradients(model.layout)
        model.backward(.init(audio: values), voxels: nil, cache, state, into: &gradients)
        #expect(gradients.presentIndices.count == model.layout.entries.count { $0.kind == .parameter })
    }

    @Test func `a batch that lacks a modality is refused by name`() throws {
        let fixture = try Fixture("autoencoder_regression")
        var input = fixture.input
        input.text = nil
        #expect(throws: ModelInputError.kind(expected: "text features", found: "none")) {
            try input.check(fixture.golden.configuration.encoder)
        }
        input.text = Tensor(repeating: 0, shape: [3, 10])
        #expect(throws: ModelInputError.self) { try input.check(fixture.golden.configuration.encoder) }
    }
}
