import EnCodec
import NumericCore
import TestSupport
import Testing
import Verification

/// Codes and audio of whole models, compared with Hugging Face transformers.
@Suite struct GoldenCodecTests {
    @Test(
        "The small causal model gives Hugging Face's codes at every bandwidth, and its audio",
        arguments: ["speech", "music", "silent", "noisy"])
    func smallCausal(input: String) throws {
        let golden = try GoldenCase("small")
        let model = try golden.storedModel()
        let samples = try golden.samples("inputs/\(input)")
        let gaps = try golden.floats("codes/\(input)_gaps")
        for bandwidth in ["0.375", "0.75", "1.5"] {
            let kbps = try #require(Double(bandwidth))
            let encoded = try model.encode(samples, bandwidthKbps: kbps)
            let codes = try golden.integers("codes/\(input)_codes_\(bandwidth)")
            expectCodes(encoded.chunks[0].codes, codes, gaps: gaps, bound: try golden.bound("codes"), bandwidth)
            let key = bandwidth == "1.5" ? "stages_\(input)/decoder.layers.15" : "audio/\(input)_audio_\(bandwidth)"
            let audio = try model.decode(EncodedAudio(chunks: [.init(codes: codes)], sampleCount: samples.count))
            let expected = try golden.floats(key).elements
            expectClose(audio, expected, bound: try golden.bound("audio").bound, relativeTo: .peak, key)
        }
    }

    @Test("The 32 kHz kind (centred, no convolution on the shortcut) equals Hugging Face")
    func smallIdentity() throws {
        let golden = try GoldenCase("small_identity")
        try expectWholeSignal(golden, try golden.storedModel(), input: "mixed", bandwidths: ["1.2"], audio: ["1.2"])
    }

    @Test("Options that no published model uses equal Hugging Face", arguments: ["small_options", "small_centred"])
    func options(name: String) throws {
        let golden = try GoldenCase(name)
        let bandwidths = ["0.315", "1.26"]
        try expectWholeSignal(
            golden, try golden.storedModel(), input: "mixed", bandwidths: bandwidths, audio: bandwidths)
    }

    @Test("The full 24 kHz architecture equals Hugging Face at every bandwidth")
    func full24() throws {
        let golden = try GoldenCase("full24")
        let model = try golden.formulaModel()
        try expectWholeSignal(
            golden, model, input: "mixed", bandwidths: ["1.5", "3", "6", "12", "24"], audio: ["1.5", "6", "24"])
        let samples = try golden.samples("inputs/mixed")
        let latents = try golden.floats("latents/latents")
        let bound = try golden.bound("stages").bound
        expectClose(
            try model.continuousLatents(samples).elements, latents.elements, bound: bound, relativeTo: .peak, "latents")
        let codes = try golden.integers("codes/mixed_codes_6")
        expectClose(
            try model.dequantizedLatents(codes).elements, try golden.floats("latents/dequantised_6").elements,
            bound: bound, relativeTo: .peak, "dequantised")
        let again = try model.quantize(latents, codebookCount: 8)
        expectCodes(again, codes, gaps: try golden.floats("gaps"), bound: try golden.bound("codes"), "again")
    }

    @Test("The embedded codec equals Hugging Face at every bandwidth")
    func embedded() throws {
        let bandwidths = ["1.5", "3", "6"]
        let model = try CodecFiles.locate("mini").load()
        try expectWholeSignal(try GoldenCase("mini"), model, input: "mixed", bandwidths: bandwidths, audio: bandwidths)
    }

    @Test("The full 32 kHz architecture equals Hugging Face")
    func full32() throws {
        let golden = try GoldenCase("full32")
        try expectWholeSignal(golden, try golden.formulaModel(), input: "mixed", bandwidths: ["2.2"], audio: ["2.2"])
    }

    private func expectWholeSignal(
        _ golden: GoldenCase, _ model: EncodecModel, input: String, bandwidths: [String], audio: [String]
    ) throws {
        let samples = try golden.samples("inputs/\(input)")
        let gaps = try golden.floats("codes/\(input)_gaps")
        for bandwidth in bandwidths {
            let kbps = try #require(Double(bandwidth))
            let encoded = try model.encode(samples, bandwidthKbps: kbps, threadCount: 2)
            let codes = try golden.integers("codes/\(input)_codes_\(bandwidth)")
            expectCodes(encoded.chunks[0].codes, codes, gaps: gaps, bound: try golden.bound("codes"), bandwidth)
            guard audio.contains(bandwidth) else { continue }
            let decoded = try model.decode(EncodedAudio(chunks: [.init(codes: codes)], sampleCount: samples.count))
            let expected = try golden.samples("audio/\(input)_audio_\(bandwidth)")
            expectClose(decoded, expected, bound: try golden.bound("audio").bound, relativeTo: .peak, bandwidth)
        }
    }
}
