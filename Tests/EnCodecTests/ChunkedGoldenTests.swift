import EnCodec
import Foundation
import NumericCore
import TestSupport
import Testing
import Verification

/// The 48 kHz kind: stereo, group normalisation, levels, overlapping chunks; compared with Hugging Face transformers.
@Suite struct ChunkedGoldenTests {
    @Test(
        "The small stereo model equals Hugging Face over several chunks and a last short one",
        arguments: ["two_and_short", "one_less", "one", "one_more", "quiet", "silent"])
    func smallStereo(input: String) throws {
        let golden = try GoldenCase("small_stereo")
        let bandwidths = ["0.75", "1.5", "3"]
        try expectChunks(golden, try golden.storedModel(), input: input, bandwidths: bandwidths)
    }

    @Test("The full 48 kHz architecture equals Hugging Face")
    func full48() throws {
        let golden = try GoldenCase("full48")
        try expectChunks(golden, try golden.formulaModel(), input: "mixed", bandwidths: ["3", "6", "12", "24"])
    }

    private func expectChunks(_ golden: GoldenCase, _ model: EncodecModel, input: String, bandwidths: [String]) throws {
        let samples = try golden.samples("inputs/\(input)")
        let gaps = try golden.floats("codes/\(input)_gaps")
        let scales = try golden.floats("codes/\(input)_scales").elements
        for bandwidth in bandwidths {
            let kbps = try #require(Double(bandwidth))
            let encoded = try model.encode(samples, bandwidthKbps: kbps, threadCount: 2)
            #expect(encoded.sampleCount == samples.count / 2)
            let found = encoded.chunks.compactMap(\.scale)
            expectClose(found, scales, bound: try golden.bound("scales").bound, relativeTo: .elementwise, "scales")
            let codes = try golden.integers("codes/\(input)_codes_\(bandwidth)")
            let expected = ChunkedCodes(codes, scales: scales, lengths: encoded.chunks.map { $0.codes.shape[1] })
            var ties = 0
            for (index, chunk) in encoded.chunks.enumerated() {
                ties += expectCodes(
                    chunk.codes, expected.chunks[index].codes, gaps: ChunkedCodes.slice(gaps, index, chunk.codes.shape),
                    bound: try golden.bound("codes"), "\(input) \(bandwidth) chunk \(index)")
            }
            #expect(ties <= (try golden.bound("codes").cap ?? 0))
            guard golden.has("audio/\(input)_audio_\(bandwidth)") else { continue }
            let audio = try model.decode(EncodedAudio(chunks: expected.chunks, sampleCount: samples.count / 2))
            let reference = try golden.samples("audio/\(input)_audio_\(bandwidth)")
            expectClose(audio, reference, bound: try golden.bound("audio").bound, relativeTo: .peak, bandwidth)
        }
    }
}

/// Codes as Hugging Face stacks them, (chunks, codebooks, frames) with the last chunk padded, cut back to chunks.
struct ChunkedCodes {
    let chunks: [EncodedAudio.Chunk]

    init(_ stacked: Tensor<Int32>, scales: [Float], lengths: [Int]) {
        chunks = lengths.enumerated().map { index, length in
            let codes = Self.slice(stacked, index, [stacked.shape[1], length])
            return EncodedAudio.Chunk(codes: codes, scale: scales[index])
        }
    }

    /// The first rows and columns of one matrix of a stack.
    static func slice<Element>(_ stacked: Tensor<Element>, _ index: Int, _ shape: [Int]) -> Tensor<Element> {
        let (rows, columns) = (stacked.shape[1], stacked.shape[2])
        var elements: [Element] = []
        for row in 0..<shape[0] {
            let start = (index * rows + row) * columns
            elements += stacked.elements[start..<start + shape[1]]
        }
        return Tensor(elements, shape: shape)
    }
}
