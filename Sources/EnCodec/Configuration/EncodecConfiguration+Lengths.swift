extension EncodecConfiguration {
    /// Whether codes mean nothing without a table of chunks: their frame counts, and their scales where it normalises.
    public var needsChunkTable: Bool { normalize || chunkSeconds != nil }

    /// Frames of each chunk of a signal.
    ///
    /// - Parameter sampleCount: Samples per channel, at least 0.
    /// - Returns: One count a chunk, in time order; the last ones may be shorter, none for an empty signal.
    public func chunkFrameCounts(forSamples sampleCount: Int) -> [Int] {
        guard sampleCount > 0 else { return [] }
        guard let chunkLength, let chunkStride else { return [frameCount(forSamples: sampleCount)] }
        return stride(from: 0, to: sampleCount, by: chunkStride).map { start in
            frameCount(forSamples: min(chunkLength, sampleCount - start))
        }
    }

    /// Samples per channel that decoding gives.
    ///
    /// - Parameter frameCounts: Frames of each chunk, in time order.
    /// - Returns: Hop x frames for one chunk; up to the furthest end of overlapping chunks otherwise.
    public func decodedSampleCount(forFrames frameCounts: [Int]) -> Int {
        frameCounts.enumerated().map { index, count in
            index * (chunkStride ?? 0) + count * hopLength
        }.max() ?? 0
    }
}
