import EnCodec
import NumericCore
import TestSupport
import Testing
import Verification

/// What users can get wrong: each is a typed error, on one thread and on several.
@Suite struct InputErrorTests {
    private let model: EncodecModel
    private let stereo: EncodecModel

    init() throws {
        model = try GoldenCase("small").storedModel()
        stereo = try GoldenCase("small_stereo").storedModel()
    }

    @Test("A sample that is not finite is named, wherever it is", arguments: [0, 319, 200_000])
    func nonFinite(index: Int) throws {
        for value in [Float.nan, .infinity, -.infinity] {
            var samples = [Float](repeating: 0.1, count: 250_000)
            samples[index] = value
            for threads in [1, 3] {
                #expect(throws: EncodecError.nonFiniteSample(index: index)) {
                    try model.encode(samples, bandwidthKbps: 1.5, threadCount: threads)
                }
            }
        }
    }

    @Test("A bandwidth that the codec does not have is refused")
    func bandwidth() {
        let expected = EncodecError.unsupportedBandwidth(kbps: 6, supported: [0.375, 0.75, 1.5])
        #expect(throws: expected) { try model.encode([0, 0, 0], bandwidthKbps: 6) }
    }

    @Test("Codes outside the codebook are named by position", arguments: [-1, 32, 1024])
    func codeRange(code: Int32) {
        var elements = [Int32](repeating: 3, count: 8)
        elements[6] = code
        let encoded = EncodedAudio(chunks: [.init(codes: Tensor(elements, shape: [2, 4]))], sampleCount: 0)
        #expect(throws: EncodecError.codeOutOfRange(code: Int(code), codebook: 1, frame: 2, size: 32)) {
            try model.decode(encoded)
        }
    }

    @Test("More codebooks than the codec has, or none, are refused", arguments: [0, 5])
    func codebookCount(count: Int) {
        let codes = Tensor<Int32>(repeating: 0, shape: [count, 4])
        #expect(throws: EncodecError.wrongCodebookCount(found: count, available: 4)) {
            try model.dequantizedLatents(codes)
        }
    }

    @Test("Scales must be there exactly where the codec normalises")
    func scales() {
        let codes = Tensor<Int32>(repeating: 0, shape: [1, 4])
        func chunks(_ scale: Float?) -> EncodedAudio {
            EncodedAudio(chunks: [.init(codes: codes, scale: scale)], sampleCount: 0)
        }
        #expect(throws: EncodecError.badScale(chunk: 0, problem: "is missing")) { try stereo.decode(chunks(nil)) }
        #expect(throws: EncodecError.badScale(chunk: 0, problem: "is nan, not a positive number")) {
            try stereo.decode(chunks(.nan))
        }
        #expect(throws: EncodecError.self) { try model.decode(chunks(1)) }
    }

    private struct Broken: Error, Equatable {
        let position: Int
    }

    @Test("An error of the source or of the sink comes out unchanged", arguments: [1, 2, 4])
    func callerErrors(threads: Int) throws {
        var given = 0
        #expect(throws: Broken(position: 150_000)) {
            try model.encode(
                from: { buffer in
                    if given >= 150_000 { throw Broken(position: given) }
                    let count = min(buffer.count, 50_000)
                    buffer.prefix(count).initialize(repeating: 0.01)
                    given += min(count, 150_000 - given)
                    return count
                }, bandwidthKbps: 1.5, threadCount: threads)
        }
        let codes = Tensor<Int32>(repeating: 5, shape: [4, 1000])
        let encoded = EncodedAudio(chunks: [.init(codes: codes)], sampleCount: 320_000)
        var received = 0
        #expect(throws: Broken(position: 61_440)) {
            try model.decode(encoded, threadCount: threads) { samples in
                if received > 0 { throw Broken(position: received) }
                received += samples.count
            }
        }
    }

    @Test("Every error is one sentence with the value")
    func texts() {
        #expect(
            EncodecError.unsupportedBandwidth(kbps: 7, supported: [1.5, 3]).description
                == "bandwidth 7.0 kbps is not one of this codec's: 1.5, 3.0")
        #expect(
            EncodecError.codeOutOfRange(code: -1, codebook: 2, frame: 9, size: 1024).description
                == "code -1 at codebook 2, frame 9 is outside 0...1023")
    }
}
