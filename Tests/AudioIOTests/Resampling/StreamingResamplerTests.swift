import AudioIO
import Foundation
import TestSupport
import Testing

/// One stored result of librosa.
private struct ResampleCase: Decodable, CustomTestStringConvertible {
    let file: String
    let sourceRate: Int
    let targetRate: Int
    let inputFrames: Int
    var testDescription: String { file }
}

private struct ResampleManifest: Decodable {
    struct Bound: Decodable { let dB: Double }
    let bound: Bound
    let cases: [ResampleCase]

    static func load() throws -> ResampleManifest {
        let data = try Data(contentsOf: Repository.golden("audio/resample/manifest.json"))
        return try JSONDecoder().decode(ResampleManifest.self, from: data)
    }
}

/// The whole of `signal`, cut into blocks whose frame counts cycle through `blocks`.
func resample(
    _ signal: [Float], from source: Int, to target: Int, channels: Int = 1, blocks: [Int] = [Int.max]
) throws -> [Float] {
    let resampler = try StreamingResampler(from: source, to: target, channelCount: channels)
    var output: [Float] = []
    var (offset, turn) = (0, 0)
    while offset < signal.count {
        let count = min(blocks[turn % blocks.count], (signal.count - offset) / channels) * channels
        try signal[offset..<(offset + count)].withUnsafeBufferPointer { block in
            try resampler.process(block, appendingTo: &output)
        }
        (offset, turn) = (offset + count, turn + 1)
    }
    try resampler.finish(appendingTo: &output)
    return output
}

@Suite("The resampler agrees with librosa and has no memory of blocks")
struct StreamingResamplerTests {
    @Test("every rate pair agrees with librosa's soxr_hq", arguments: try ResampleManifest.load().cases)
    private func agreesWithLibrosa(_ example: ResampleCase) throws {
        let expected = try AudioFixtures.floats(Repository.golden("audio/resample/\(example.file)"))
        let found = try resample(
            AudioFixtures.noise(example.inputFrames), from: example.sourceRate, to: example.targetRate)
        #expect(found.count == expected.count)
        let difference = AudioFixtures.differenceDB(found, expected)
        print("resampler \(example.file): \(String(format: "%.1f", difference)) dB from librosa")
        #expect(difference <= (try ResampleManifest.load().bound.dB))
    }

    @Test("odd block sizes give the bits of one block", arguments: [(44100, 24000), (24000, 44100), (192_000, 24000)])
    func blocksDoNotMatter(source: Int, target: Int) throws {
        let signal = AudioFixtures.noise(2 * 20011)
        let whole = try resample(signal, from: source, to: target, channels: 2)
        let pieces = try resample(
            signal, from: source, to: target, channels: 2, blocks: [1, 7, 0, 1023, 4096, 13, 5001])
        #expect(whole == pieces)
        #expect(whole.count == 2 * StreamingResampler.outputFrameCount(20011, from: source, to: target))
    }

    @Test("channels do not leak into each other")
    func channelsAreIndependent() throws {
        let left = AudioFixtures.noise(3001)
        let stereo = left.flatMap { [$0, Float(0)] }
        let mono = try resample(left, from: 44100, to: 24000)
        let result = try resample(stereo, from: 44100, to: 24000, channels: 2)
        #expect(stride(from: 0, to: result.count, by: 2).map { result[$0] } == mono)
        #expect(stride(from: 1, to: result.count, by: 2).allSatisfy { result[$0] == 0 })
    }

    @Test("equal rates pass every sample unchanged")
    func equalRatesAreIdentity() throws {
        let signal = AudioFixtures.noise(1000)
        #expect(try resample(signal, from: 24000, to: 24000, blocks: [7]) == signal)
    }

    @Test(
        "the length is ceil(n * to / from) from nothing to a second",
        arguments: [0, 1, 2, 3, 146, 147, 148, 4409, 44100])
    func lengthIsCeiling(count: Int) throws {
        for (source, target) in [(44100, 24000), (24000, 44100), (8000, 24000), (192_000, 24000), (44100, 22050)] {
            let found = try resample([Float](repeating: 0.25, count: count), from: source, to: target)
            #expect(found.count == Int((Double(count) * Double(target) / Double(source) - 1e-9).rounded(.up)))
        }
    }

    @Test(
        "an impulse stays where it was, with equal halves", arguments: [(44100, 24000), (48000, 24000), (8000, 24000)])
    func impulseHasNoLag(source: Int, target: Int) throws {
        // Frame 20 * (source / gcd) maps to the whole frame 20 * (target / gcd).
        let divisor = [44100: 300, 48000: 24000, 8000: 8000][source] ?? 1
        let position = 20 * (source / divisor) * (divisor > 300 ? 100 : 1)
        var signal = [Float](repeating: 0, count: 2 * position)
        signal[position] = 1
        let found = try resample(signal, from: source, to: target)
        let expected = position * target / source
        #expect(found.indices.max { abs(found[$0]) < abs(found[$1]) } == expected)
        let asymmetry = (1...200).map { abs(found[expected - $0] - found[expected + $0]) }.max() ?? .nan
        // Float rounding of a peak of at most 1: a few units of 2^-24.
        #expect(asymmetry <= 1e-6)
    }

    @Test(
        "impossible conversions are errors",
        arguments: [(0, 24000, 1), (24000, -1, 1), (24000, 48000, 0), (1, 24000, 1)])
    func impossibleConversions(source: Int, target: Int, channels: Int) throws {
        let error = #expect(throws: AudioFileError.self) {
            try StreamingResampler(from: source, to: target, channelCount: channels)
        }
        #expect(error?.category == .usage)
        #expect(error?.description.contains("\(source) Hz to \(target) Hz") == true)
    }
}
