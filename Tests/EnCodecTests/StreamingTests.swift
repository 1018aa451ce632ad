import EnCodec
import Foundation
import NumericCore
import TestSupport
import Testing
import Verification

/// Tiles and threads must not change a bit: the one-pass result is the twin of every streamed one.
@Suite struct StreamingTests {
    /// About four seconds of decaying chords, so that the LSTM has something to remember.
    static let samples: [Float] = (0..<100_001).map { index in
        let time = Double(index) / 24000
        let phase = time.truncatingRemainder(dividingBy: 0.7)
        let chord = [220.0, 277.2, 329.6].reduce(0) { $0 + sin(2 * Double.pi * $1 * time) }
        return Float(0.2 * chord * exp(-3 * phase))
    }

    @Test("Codes, latents and audio do not depend on the tile length", arguments: [7, 16, 33, 192])
    func tileLength(frames: Int) throws {
        let golden = try GoldenCase("lengths")
        let whole = try golden.formulaModel("small", framesPerTile: 1 << 20)
        let tiled = try golden.formulaModel("small", framesPerTile: frames)
        try expectSame(tiled, whole, kbps: 1.5, threadCount: 1)
    }

    @Test("The full 24 kHz model gives the same bits in tiles on three threads as in one pass on one")
    func fullSize() throws {
        let golden = try GoldenCase("full24")
        let whole = try golden.formulaModel(framesPerTile: 1 << 20)
        let tiled = try golden.formulaModel(framesPerTile: 48)
        try expectSame(tiled, whole, kbps: 6, threadCount: 3)
    }

    @Test(
        "Centred models and models with other paddings stream to the same bits as well",
        arguments: ["small_identity", "small_options", "small_centred"], [16, 50])
    func others(name: String, frames: Int) throws {
        let files = try CodecFiles.locate(GoldenCase(name).folder.path)
        let configuration = try files.configuration()
        func model(_ frames: Int) throws -> EncodecModel {
            try EncodecModel(configuration: configuration, weights: files.weightSource(), framesPerTile: frames)
        }
        try expectSame(model(frames), model(1 << 20), kbps: configuration.targetBandwidths.last ?? 0, threadCount: 2)
    }

    @Test("Threads do not change the chunks of the stereo kind")
    func stereoThreads() throws {
        let model = try GoldenCase("small_stereo").storedModel()
        let samples = Array(Self.samples[..<20_000])
        let one = try model.encode(samples, bandwidthKbps: 3, threadCount: 1)
        let four = try model.encode(samples, bandwidthKbps: 3, threadCount: 4)
        #expect(one.chunks.count == 9)
        #expect(one == four)
        expectEqual(try model.decode(four, threadCount: 4), try model.decode(one), "audio")
    }

    @Test("A source that gives one sample at a time gives the same codes")
    func trickle() throws {
        let model = try GoldenCase("lengths").formulaModel("small", framesPerTile: 16)
        let samples = Array(Self.samples[..<12_345])
        var position = 0
        let trickled = try model.encode(
            from: { buffer in
                guard position < samples.count else { return 0 }
                buffer[0] = samples[position]
                position += 1
                return 1
            }, bandwidthKbps: 1.5)
        #expect(trickled == (try model.encode(samples, bandwidthKbps: 1.5)))
        #expect(trickled.sampleCount == 12_345)
    }

    private func expectSame(_ tiled: EncodecModel, _ whole: EncodecModel, kbps: Double, threadCount: Int) throws {
        let expected = try whole.encode(Self.samples, bandwidthKbps: kbps)
        let encoded = try tiled.encode(Self.samples, bandwidthKbps: kbps, threadCount: threadCount)
        expectEqual(encoded.chunks[0].codes.elements, expected.chunks[0].codes.elements, "codes")
        // Codes that never change would hide a lost state.
        #expect(Set(expected.chunks[0].codes.elements).count > 8)
        expectEqual(
            try tiled.continuousLatents(Self.samples, threadCount: threadCount).elements,
            try whole.continuousLatents(Self.samples).elements, "latents")
        expectEqual(
            try tiled.decode(expected, threadCount: threadCount), try whole.decode(expected), "audio")
    }
}
