import EnCodec
import Testing

struct ChunkLengthTests {
    /// 100 samples a chunk, a new one every 90, hop 8.
    private static var chunked: EncodecConfiguration {
        var configuration = EncodecConfiguration()
        (configuration.samplingRate, configuration.chunkSeconds, configuration.overlap) = (100, 1, 0.1)
        configuration.upsamplingRatios = [4, 2]
        return configuration
    }

    @Test(
        "Chunks start at every stride and end with the signal",
        arguments: [
            (0, []), (1, [1]), (90, [12]), (91, [12, 1]), (100, [13, 2]), (180, [13, 12]), (185, [13, 12, 1]),
            (190, [13, 13, 2]), (191, [13, 13, 2]),
        ] as [(Int, [Int])])
    func frameCounts(sampleCount: Int, expected: [Int]) {
        #expect(Self.chunked.chunkFrameCounts(forSamples: sampleCount) == expected)
    }

    @Test("A codec without chunks has one, and none for silence without length")
    func oneChunk() {
        let configuration = EncodecConfiguration()
        #expect(configuration.chunkFrameCounts(forSamples: 0) == [])
        #expect(configuration.chunkFrameCounts(forSamples: 321) == [2])
        #expect(configuration.decodedSampleCount(forFrames: [2]) == 640)
        #expect(!configuration.needsChunkTable && Self.chunked.needsChunkTable)
    }

    @Test("Overlapping chunks decode up to the furthest end, which need not be the last chunk's")
    func decodedCount() {
        #expect(Self.chunked.decodedSampleCount(forFrames: []) == 0)
        #expect(Self.chunked.decodedSampleCount(forFrames: [13, 12]) == 90 + 96)
        #expect(Self.chunked.decodedSampleCount(forFrames: [13, 1]) == 13 * 8)
    }
}
