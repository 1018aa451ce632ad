internal import NeuralNetwork
internal import NumericCore

/// Frames of one chunk that are decoded together.
struct DecodeJob {
    let chunk: Int
    let frames: Range<Int>
    /// No frame of the signal follows.
    let isLast: Bool
}

/// A stretch of the signal on its way through the decoder.
private final class DecodeTile: NetworkTile {
    var job = DecodeJob(chunk: 0, frames: 0..<0, isLast: true)
}

extension EncodecModel {
    /// Tiles of the one chunk of a streamable codec, or whole chunks.
    func decodeJobs(frameCounts: [Int]) -> [DecodeJob] {
        guard configuration.isStreamable else {
            return frameCounts.enumerated().map { index, count in
                DecodeJob(chunk: index, frames: 0..<count, isLast: index == frameCounts.count - 1)
            }
        }
        let count = frameCounts.first ?? 0
        return stride(from: 0, to: count, by: framesPerTile).map { start in
            let end = min(start + framesPerTile, count)
            return DecodeJob(chunk: 0, frames: start..<end, isLast: end == count)
        }
    }

    /// Runs the decoder over jobs.
    ///
    /// `scales` has one value for each chunk, `fill` writes the latents of a job's frames as rows, and `sink` receives
    /// samples in order.
    func runDecoder(
        _ jobs: [DecodeJob], scales: [Float?], threadCount: Int, to sink: @escaping SampleSink,
        fill: @escaping (DecodeJob, UnsafeMutablePointer<Float>) -> Void
    ) throws {
        let streams = configuration.isStreamable
        let joiner = OverlapAdd(
            channelCount: configuration.audioChannels, stride: streams ? nil : configuration.chunkStride, sink: sink)
        var next = 0
        let wavefront = Wavefront<DecodeTile>(
            read: { [configuration] tile in
                guard next < jobs.count else { return false }
                tile.job = jobs[next]
                next += 1
                let rows = tile.rows.restart(channelCount: configuration.hiddenSize)
                fill(tile.job, rows.room(forRows: tile.job.frames.count))
                rows.commit(rows: tile.job.frames.count)
                tile.rows.isLast = !streams || tile.job.isLast
                return true
            },
            stages: Wavefront<DecodeTile>.networkStages(decoder, carriesState: streams) + [
                .init(isOrdered: false) { Self.restoreLevel($0.rows.rows, scale: scales[$0.job.chunk]) },
                .init(isOrdered: true) { tile in
                    let rows = tile.rows.rows
                    try joiner.add(rows.first, frames: rows.rowCount, isLast: tile.job.isLast)
                },
            ])
        try wavefront.run(
            threadCount: threadCount,
            makeTile: { [self] in DecodeTile(inputCount: configuration.hiddenSize, network: streams ? [] : decoder) })
    }

    private static func restoreLevel(_ rows: RowQueue, scale: Float?) {
        guard let scale else { return }
        for index in 0..<rows.rowCount * rows.channelCount { rows.first[index] *= scale }
    }
}

/// Cross-fades overlapping chunks with triangular weights; passes a signal without chunks through.
///
/// Each sample is the weighted mean of the chunks that cover it, weights rising to the middle of a chunk: where two
/// chunks overlap that is a linear fade. Only samples that no later chunk can cover are handed on.
private final class OverlapAdd {
    private let channelCount: Int
    private let stride: Int?
    private let sink: EncodecModel.SampleSink
    private var weights: [Float] = []
    private var sums: [Float] = []
    private var weightSums: [Float] = []

    init(channelCount: Int, stride: Int?, sink: @escaping EncodecModel.SampleSink) {
        (self.channelCount, self.stride, self.sink) = (channelCount, stride, sink)
    }

    /// Adds the next chunk, whose first sample lies one stride after the previous chunk's.
    func add(_ samples: UnsafePointer<Float>, frames: Int, isLast: Bool) throws {
        guard let stride else {
            return try sink(UnsafeBufferPointer(start: samples, count: frames * channelCount))
        }
        if weights.isEmpty { weights = Self.triangle(frames) }
        if weightSums.count < frames {
            weightSums += [Float](repeating: 0, count: frames - weightSums.count)
            sums += [Float](repeating: 0, count: frames * channelCount - sums.count)
        }
        for frame in 0..<frames {
            let weight = weights[min(frame, weights.count - 1)]
            weightSums[frame] += weight
            for channel in 0..<channelCount {
                sums[frame * channelCount + channel] += weight * samples[frame * channelCount + channel]
            }
        }
        try emit(isLast ? weightSums.count : min(stride, weightSums.count))
    }

    private func emit(_ frames: Int) throws {
        let finished = (0..<frames * channelCount).map { sums[$0] / weightSums[$0 / channelCount] }
        sums.removeFirst(frames * channelCount)
        weightSums.removeFirst(frames)
        try finished.withUnsafeBufferPointer { try sink($0) }
    }

    /// 0.5 - |t - 0.5| at the inner points of `count` + 2 equidistant ones from 0 to 1.
    private static func triangle(_ count: Int) -> [Float] {
        (1...max(count, 1)).map { 0.5 - abs(Float(Double($0) / Double(count + 1)) - 0.5) }
    }
}
