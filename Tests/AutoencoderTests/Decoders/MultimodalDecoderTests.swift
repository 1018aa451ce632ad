import Autoencoder
import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct MultimodalDecoderTests {
    private static let cases = [
        "decoder_classes", "decoder_factorized", "decoder_mel_zero", "decoder_mel_repeat", "decoder_mel_cut",
    ]
    /// The case whose goldens hold gradients in evaluation mode and a step.
    private static let complete = "decoder_mel_zero"

    /// A golden decoder with its numbers.
    private struct Fixture {
        let golden: AssembledGolden<DecoderConfiguration>
        let decoder: MultimodalDecoder
        let state: ModelState
        let bottleneck: Tensor<Float>

        init(_ name: String) throws {
            golden = try AssembledGolden(name)
            var layout = ParameterLayout()
            decoder = MultimodalDecoder(golden.configuration, in: &layout)
            state = try golden.state(layout)
            bottleneck = try golden.arrays.floats("input.bottleneck")
        }

        func expectOutputs(_ output: MultimodalDecoder.Output, _ mode: String) throws {
            try golden.expectOutput(output.video, "\(mode).output.video")
            try golden.expectOutput(output.audio?.values, "\(mode).output.audio")
            try golden.expectOutput(output.text, "\(mode).output.text")
        }

        func expectGradients(_ cache: MultimodalDecoder.Cache, _ mode: String) throws -> Gradients {
            var gradients = Gradients(state.layout)
            let upstream = MultimodalDecoder.OutputGradient(
                video: try golden.arrays.floats("upstream.video"), audio: try golden.arrays.floats("upstream.audio"),
                text: try golden.arrays.floats("upstream.text"))
            let gradient = decoder.backward(upstream, cache, state, into: &gradients)
            let expected = try golden.arrays.floats("\(mode).inputGradient.bottleneck")
            expectClose(
                gradient.elements, expected.elements, bound: golden.arrays.gradientBound, relativeTo: .peak,
                "bottleneck")
            try golden.expectGradients(gradients, "\(mode).gradient.")
            return gradients
        }
    }

    @Test(arguments: cases)
    func `training passes give PyTorch's outputs, gradients and running statistics`(name: String) throws {
        let fixture = try Fixture(name)
        var pass = ForwardPass.trainingWithoutDropout
        let (output, cache) = fixture.decoder.forward(fixture.bottleneck, fixture.state, &pass)
        try fixture.expectOutputs(output, "train")
        let gradients = try fixture.expectGradients(cache, "train")
        var after = fixture.state
        after.absorb(pass)
        try fixture.golden.expectStatistics(after)
        if name == Self.complete { try fixture.golden.expectStep(after, gradients) }
    }

    @Test(arguments: cases)
    func `evaluation passes give PyTorch's outputs`(name: String) throws {
        let fixture = try Fixture(name)
        var pass = ForwardPass.evaluation
        let (output, cache) = fixture.decoder.forward(fixture.bottleneck, fixture.state, &pass)
        try fixture.expectOutputs(output, "eval")
        if name == Self.complete { _ = try fixture.expectGradients(cache, "eval") }
    }

    @Test(arguments: [("decoder_mel_zero", true), ("decoder_mel_repeat", false)])
    func `the Python system's last mel frame is always 0, the correct one is not`(name: String, isZero: Bool) throws {
        let fixture = try Fixture(name)
        var pass = ForwardPass.evaluation
        let output = fixture.decoder.forward(fixture.bottleneck, fixture.state, &pass).output
        let mel = try #require(output.audio).values
        let frames = mel.shape[2]
        let last = stride(from: frames - 1, to: mel.count, by: frames).map { mel.elements[$0] }
        #expect(last.allSatisfy { $0 == 0 } == isZero)
    }
}
