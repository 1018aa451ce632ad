internal import NeuralNetwork

/// Reads a signal as consecutive tiles, or as overlapping chunks, and refuses samples that are not finite.
final class ChunkSource {
    private let pull: (UnsafeMutableBufferPointer<Float>) throws -> Int
    private let channelCount: Int
    private let length: Int?
    private let stride: Int
    private var carried: [Float] = []
    private var hasEnded = false
    private var hasReadAny = false
    /// Samples per channel that came from the source.
    private(set) var sampleCount = 0

    /// Chunks of `length` samples, `stride` apart; `length` nil means the whole signal.
    init(
        channelCount: Int, length: Int?, stride: Int,
        pull: @escaping (UnsafeMutableBufferPointer<Float>) throws -> Int
    ) {
        (self.channelCount, self.length, self.stride, self.pull) = (channelCount, length, stride, pull)
    }

    /// Fills `rows`, which are empty, with the next chunk.
    ///
    /// - Returns: Samples of the chunk and whether the source has ended; nil when no chunk is left.
    func next(into rows: RowQueue) throws -> (count: Int, isLast: Bool)? {
        if hasEnded, carried.isEmpty, hasReadAny { return nil }
        carried.withUnsafeBufferPointer { carried in
            if let base = carried.baseAddress { rows.append(base, rows: carried.count / channelCount) }
        }
        carried = []
        while !hasEnded, rows.rowCount < length ?? .max {
            try fill(rows, upTo: min((length ?? .max) - rows.rowCount, Self.blockLength))
        }
        let count = rows.rowCount
        hasReadAny = true
        if count > stride {
            let kept = rows.first + stride * channelCount
            carried = Array(UnsafeBufferPointer(start: kept, count: (count - stride) * channelCount))
        }
        return (count, hasEnded && carried.isEmpty)
    }

    private static let blockLength = 1 << 16

    private func fill(_ rows: RowQueue, upTo limit: Int) throws {
        let target = rows.room(forRows: limit)
        let samples = UnsafeMutableBufferPointer(start: target, count: limit * channelCount)
        let count = try pull(samples)
        precondition((0...limit).contains(count), "a source gave \(count) of \(limit) samples")
        if let index = samples[..<(count * channelCount)].firstIndex(where: { !$0.isFinite }) {
            throw EncodecError.nonFiniteSample(index: sampleCount + (index / channelCount))
        }
        rows.commit(rows: count)
        sampleCount += count
        hasEnded = count == 0
    }
}
