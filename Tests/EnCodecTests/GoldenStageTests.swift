import EnCodec
import NumericCore
import TestSupport
import Testing
import Verification

/// The output of every layer, compared with Hugging Face's forward hooks: an error shows where it starts.
@Suite struct GoldenStageTests {
    @Test(
        "Every layer of the small causal model equals Hugging Face's",
        arguments: ["speech", "music", "silent", "noisy"])
    func causal(input: String) throws {
        let golden = try GoldenCase("small")
        let codes = try golden.integers("codes/\(input)_codes_1.5")
        try expectStages(golden, input: input, samples: try golden.samples("inputs/\(input)"), codes: codes)
    }

    @Test("Every layer of the 32 kHz kind equals Hugging Face's")
    func identityShortcut() throws {
        let golden = try GoldenCase("small_identity")
        let codes = try golden.integers("codes/mixed_codes_1.2")
        try expectStages(golden, input: "mixed", samples: try golden.samples("inputs/mixed"), codes: codes)
    }

    @Test(
        "Every layer equals Hugging Face's with dilations, other paddings, cuts, kernels and LSTM depths",
        arguments: ["small_options", "small_centred"])
    func options(name: String) throws {
        let golden = try GoldenCase(name)
        let codes = try golden.integers("codes/mixed_codes_1.26")
        try expectStages(golden, input: "mixed", samples: try golden.samples("inputs/mixed"), codes: codes)
    }

    @Test("Every layer of the stereo kind equals Hugging Face's over its first chunk")
    func stereo() throws {
        let golden = try GoldenCase("small_stereo")
        let stacked = try golden.integers("codes/two_and_short_codes_3")
        let codes = ChunkedCodes.slice(stacked, 0, [stacked.shape[1], stacked.shape[2]])
        let samples = try golden.samples("inputs/two_and_short")
        try expectStages(golden, input: "two_and_short", samples: Array(samples[..<(2 * 1200)]), codes: codes)
    }

    private func expectStages(_ golden: GoldenCase, input: String, samples: [Float], codes: Tensor<Int32>) throws {
        let model = try golden.storedModel()
        let bound = try golden.bound("stages").bound
        let stages = try model.encoderStages(samples) + model.decoderStages(codes)
        let stored = golden.arrayNames.filter { $0.hasPrefix("stages_\(input)/") }.count
        // Every stored stage but the quantiser's output is one of ours.
        #expect(stages.count == stored - 1)
        for stage in stages {
            let expected = try golden.floats("stages_\(input)/\(stage.name)")
            #expect(stage.values.shape == expected.shape, "\(stage.name)")
            expectClose(stage.values.elements, expected.elements, bound: bound, relativeTo: .peak, stage.name)
        }
        let dequantised = try model.dequantizedLatents(codes)
        let expected = try golden.floats("stages_\(input)/dequantised").elements
        expectClose(dequantised.elements, expected, bound: bound, relativeTo: .peak, "dequantised")
    }
}
