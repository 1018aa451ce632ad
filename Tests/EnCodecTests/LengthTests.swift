import EnCodec
import NumericCore
import TestSupport
import Testing
import Verification

/// Lengths around every padding boundary, compared with Hugging Face transformers.
@Suite struct LengthTests {
    static let shortLengths = Array(1...10) + [319, 320, 321, 322, 639, 640, 641, 1279, 1280, 1281]

    @Test(
        "The small causal model equals Hugging Face at every awkward length",
        arguments: shortLengths + [23999, 24000, 24001])
    func smallCausal(length: Int) throws {
        let golden = try GoldenCase("lengths")
        try expectLength(golden, try GoldenCase("small").storedModel(), "small", length, kbps: 1.5)
    }

    @Test("The full 24 kHz architecture equals Hugging Face at every awkward length")
    func full24() throws {
        let golden = try GoldenCase("lengths")
        let model = try golden.formulaModel("full24")
        let lengths = (Self.shortLengths + [24001]).filter { golden.has("full24/codes_\($0)") }
        #expect(lengths.count >= 8)
        for length in lengths { try expectLength(golden, model, "full24", length, kbps: 24) }
    }

    private func expectLength(
        _ golden: GoldenCase, _ model: EncodecModel, _ name: String, _ length: Int, kbps: Double
    ) throws {
        let samples = Array(try golden.samples("signals/mono")[..<length])
        let encoded = try model.encode(samples, bandwidthKbps: kbps)
        let codes = try golden.integers("\(name)/codes_\(length)")
        let gaps = try golden.floats("\(name)/gaps_\(length)")
        let label = "\(name), \(length) samples"
        expectCodes(encoded.chunks[0].codes, codes, gaps: gaps, bound: try golden.bound("\(name)/codes"), label)
        let decoded = try model.decode(EncodedAudio(chunks: [.init(codes: codes)], sampleCount: length))
        #expect(decoded.count == (length + 319) / 320 * 320)
        guard golden.has("\(name)/audio_\(length)") else { return }
        let expected = try golden.samples("\(name)/audio_\(length)")
        expectClose(decoded, expected, bound: try golden.bound("\(name)/audio").bound, relativeTo: .peak, label)
    }

    @Test(
        "The stereo kind equals Hugging Face at every awkward length",
        arguments: [1, 2, 8, 9, 1187, 1188, 1189, 1197, 1199, 1200, 1201, 2376, 2388, 2389])
    func stereo(length: Int) throws {
        let golden = try GoldenCase("lengths")
        let model = try GoldenCase("small_stereo").storedModel()
        let samples = Array(try golden.samples("signals/stereo")[..<(2 * length)])
        let encoded = try model.encode(samples, bandwidthKbps: 3)
        let scales = try golden.floats("small_stereo/scales_\(length)").elements
        let scaleBound = try golden.bound("small_stereo/scales").bound
        expectClose(encoded.chunks.compactMap(\.scale), scales, bound: scaleBound, relativeTo: .elementwise)
        let stacked = try golden.integers("small_stereo/codes_\(length)")
        let gaps = try golden.floats("small_stereo/gaps_\(length)")
        let lengths = encoded.chunks.map { $0.codes.shape[1] }
        let expected = ChunkedCodes(stacked, scales: scales, lengths: lengths).chunks
        for (index, chunk) in encoded.chunks.enumerated() {
            expectCodes(
                chunk.codes, expected[index].codes, gaps: ChunkedCodes.slice(gaps, index, chunk.codes.shape),
                bound: try golden.bound("small_stereo/codes"), "\(length) samples, chunk \(index)")
        }
        let audio = try model.decode(EncodedAudio(chunks: expected, sampleCount: length))
        let reference = try golden.samples("small_stereo/audio_\(length)")
        let bound = try golden.bound("small_stereo/audio").bound
        expectClose(audio, reference, bound: bound, relativeTo: .peak, "\(length) samples")
    }

    @Test("Where Hugging Face fails, the stereo kind gives all chunks and the longest chunk's end")
    func stereoBeyondTheReference() throws {
        let golden = try GoldenCase("lengths")
        let model = try GoldenCase("small_stereo").storedModel()
        let signal = try golden.samples("signals/stereo")
        // 1196: a second chunk of 8 samples ends inside the first. 2377: the middle chunk is one frame short.
        for (length, frames, end) in [(1196, [150, 1], 1200), (2377, [150, 149, 1], 2384)] {
            let encoded = try model.encode(Array(signal[..<(2 * length)]), bandwidthKbps: 3)
            #expect(encoded.chunks.map { $0.codes.shape[1] } == frames)
            #expect(try model.decode(encoded).count == 2 * end)
        }
    }

    @Test("Nothing to encode and nothing to decode are errors that say so")
    func empty() throws {
        for name in ["small", "small_stereo"] {
            let model = try GoldenCase(name).storedModel()
            let kbps = model.configuration.targetBandwidths[0]
            #expect(throws: EncodecError.emptyInput(what: "audio to encode")) {
                try model.encode([], bandwidthKbps: kbps)
            }
            let noFrames = EncodedAudio(chunks: [.init(codes: Tensor([], shape: [1, 0]))], sampleCount: 0)
            #expect(throws: EncodecError.emptyInput(what: "code frame to decode")) { try model.decode(noFrames) }
        }
    }
}
