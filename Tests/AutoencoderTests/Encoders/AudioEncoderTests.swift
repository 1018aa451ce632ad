import Autoencoder
import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct AudioEncoderTests {
    private static let cases = [
        "audio_convolution", "audio_seed_view", "audio_shared", "audio_mel", "audio_linear", "audio_linear_mel",
    ]
    /// The cases whose goldens hold gradients in evaluation mode and a step.
    private static let complete = ["audio_convolution", "audio_linear"]

    /// A golden encoder with its numbers.
    private struct Fixture {
        let golden: AssembledGolden<AudioEncoderConfiguration>
        let encoder: AudioEncoder
        let state: ModelState
        let input: AudioInput
        let upstream: Tensor<Float>

        init(_ name: String) throws {
            golden = try AssembledGolden(name)
            var layout = ParameterLayout()
            encoder = AudioEncoder(golden.configuration, in: &layout)
            state = try golden.state(layout)
            input = try golden.audio(golden.configuration.format)
            upstream = try golden.arrays.floats("upstream.audio")
        }
    }

    @Test(arguments: cases)
    func `training passes give PyTorch's output, gradients and running statistics`(name: String) throws {
        let fixture = try Fixture(name)
        var pass = ForwardPass.trainingWithoutDropout
        let (output, cache) = fixture.encoder.forward(fixture.input, fixture.state, &pass)
        try fixture.golden.expectOutput(output, "train.output.audio")
        var gradients = Gradients(fixture.state.layout)
        fixture.encoder.backward(fixture.upstream, cache, fixture.state, into: &gradients)
        try fixture.golden.expectGradients(gradients, "train.gradient.")
        var after = fixture.state
        after.absorb(pass)
        try fixture.golden.expectStatistics(after)
        if Self.complete.contains(name) { try fixture.golden.expectStep(after, gradients) }
    }

    @Test(arguments: cases)
    func `evaluation passes give PyTorch's output and change no statistic`(name: String) throws {
        let fixture = try Fixture(name)
        var pass = ForwardPass.evaluation
        let (output, cache) = fixture.encoder.forward(fixture.input, fixture.state, &pass)
        try fixture.golden.expectOutput(output, "eval.output.audio")
        var after = fixture.state
        after.absorb(pass)
        #expect(after == fixture.state)
        guard Self.complete.contains(name) else { return }
        var gradients = Gradients(fixture.state.layout)
        fixture.encoder.backward(fixture.upstream, cache, fixture.state, into: &gradients)
        try fixture.golden.expectGradients(gradients, "eval.gradient.")
    }

    @Test func `order of frames is kept by permute and lost by the design document's view`() throws {
        for (name, isKept) in [("audio_convolution", true), ("audio_seed_view", false)] {
            let fixture = try Fixture(name)
            guard case .codes(let codes) = fixture.input else { Issue.record("codes"); continue }
            // Reversed in time, with kernels reversed too, the maximum over time must be the same.
            var state = fixture.state
            for kernel in [3, 5, 7] {
                let key = "temporal_conv_k\(kernel).weight"
                let weight = try #require(state.tensor(key))
                state.set(key, to: reversingRows(weight))
            }
            let reversed = AudioInput.codes(
                Tensor(reversingRows(codes).elements, shape: codes.shape))
            var pass = ForwardPass.evaluation
            let forward = fixture.encoder.forward(fixture.input, fixture.state, &pass).output
            let backward = fixture.encoder.forward(reversed, state, &pass).output
            let difference = zip(forward.elements, backward.elements).map { ($0 - $1).magnitude }.max() ?? 0
            let peak = forward.elements.map(\.magnitude).max() ?? 0
            #expect((difference <= 1e-5 * peak) == isKept, "\(name) differs by \(difference) of \(peak)")
        }
    }

    /// Every innermost row back to front.
    private func reversingRows<Element>(_ tensor: Tensor<Element>) -> Tensor<Element> {
        let width = tensor.shape[tensor.rank - 1]
        let rows = stride(from: 0, to: tensor.count, by: width).flatMap { tensor.elements[$0..<$0 + width].reversed() }
        return Tensor(rows, shape: tensor.shape)
    }

    @Test func `a sample's output in evaluation does not depend on the batch`() throws {
        let fixture = try Fixture("audio_convolution")
        guard case .codes(let codes) = fixture.input else { Issue.record("codes"); return }
        let size = codes.count / codes.shape[0]
        var pass = ForwardPass.evaluation
        let all = fixture.encoder.forward(fixture.input, fixture.state, &pass).output
        let one = Tensor(Array(codes.elements[3 * size..<4 * size]), shape: [1] + codes.shape.dropFirst())
        let alone = fixture.encoder.forward(.codes(one), fixture.state, &pass).output
        expectClose(alone.elements, Array(all.elements[3 * 5..<4 * 5]), bound: 1e-6, relativeTo: .peak)
    }

    @Test func `features that do not fit are refused with the value`() throws {
        let format = AudioFormat.codes(codebookCount: 2, frameCount: 3, vocabularySize: 10)
        let good = AudioInput.codes(Tensor([0, 9, 1, 2, 3, 4], shape: [1, 2, 3]))
        try good.check(format)
        let high = AudioInput.codes(Tensor([0, 10, 1, 2, 3, 4], shape: [1, 2, 3]))
        #expect(throws: ModelInputError.code(value: 10, index: 1, vocabularySize: 10)) { try high.check(format) }
        let low = AudioInput.codes(Tensor([0, 1, 1, 2, 3, -4], shape: [1, 2, 3]))
        #expect(throws: ModelInputError.code(value: -4, index: 5, vocabularySize: 10)) { try low.check(format) }
        let flat = AudioInput.codes(Tensor([0, 1, 1, 2, 3, 4], shape: [1, 6]))
        #expect(throws: ModelInputError.shape(what: "codes", expected: [2, 3], found: [1, 6])) {
            try flat.check(format)
        }
        let empty = AudioInput.codes(Tensor([], shape: [0, 2, 3]))
        #expect(throws: ModelInputError.shape(what: "codes", expected: [2, 3], found: [0, 2, 3])) {
            try empty.check(format)
        }
        #expect(throws: ModelInputError.kind(expected: "mel features", found: "codes")) {
            try good.check(.mel(binCount: 2, frameCount: 3))
        }
        let mel = AudioInput.mel(Tensor([0, .nan], shape: [1, 2, 1]))
        #expect(throws: ModelInputError.notFinite(what: "mel features", index: 1)) {
            try mel.check(.mel(binCount: 2, frameCount: 1))
        }
    }
}
