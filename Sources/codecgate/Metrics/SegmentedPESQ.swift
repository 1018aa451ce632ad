import AudioIO
import Verification

/// PESQ of a pair of any rate and length: the mean over segments at 16 kHz.
struct SegmentedPESQ {
    private static let rate = 16000
    private static let lengths = 8.0...12.0
    private let metric: Metric
    private let plan: PairMeasurement.Plan

    init(_ metric: Metric, _ plan: PairMeasurement.Plan) { (self.metric, self.plan) = (metric, plan) }

    /// Measures; segments that have no score make the whole unmeasured, with the first reason.
    ///
    /// - Returns: The score with a remark that says how long the segments were.
    /// - Throws: `AudioFileError` where the pair cannot be resampled, `Interruption`.
    func measure(_ pair: AudioPair) throws -> MetricEntry {
        let pair = try resampled(pair)
        let ranges = Segmentation.ofLengths(pair.reference, sampleRate: Self.rate, seconds: Self.lengths)
        let result = try ranges.count > 1 ? mean(pair, ranges) : metric.measure(pair)
        return MetricEntry(
            metric: metric.descriptor, result: result, remark: result.number == nil ? "" : Self.remark(ranges))
    }

    /// How long the segments are, and whether that is what PESQ is meant for.
    static func remark(_ ranges: [Range<Int>]) -> String {
        let seconds = ranges.map { Double($0.count) / Double(rate) }
        guard let least = seconds.min(), let most = seconds.max() else { return "" }
        guard seconds.count == 1 else {
            return "mean of \(seconds.count) segments of \(Text.fixed(least, 2)) to \(Text.fixed(most, 2)) s"
        }
        let remark = "one segment of \(Text.fixed(most, 2)) s"
        if most < lengths.lowerBound { return remark + ", shorter than the 8 to 12 s that PESQ is meant for" }
        if most > lengths.upperBound { return remark + ", which cannot be cut into 8 to 12 s" }
        return remark
    }

    private func mean(_ pair: AudioPair, _ ranges: [Range<Int>]) throws(Interruption) -> MetricResult {
        let metric = self.metric
        let results = try Workers.map(ranges.count, workers: plan.workers, unit: "segments", isQuiet: plan.isQuiet) {
            metric.measure(pair.slice(ranges[$0]))
        }
        let scores = results.compactMap(\.number)
        guard scores.count == results.count else { return results.first { $0.number == nil } ?? results[0] }
        let mean = scores.reduce(0, +) / Double(scores.count)
        return .value(Measurement(mean, details: [("segments", Double(scores.count))]))
    }

    private func resampled(_ pair: AudioPair) throws -> AudioPair {
        guard pair.sampleRate != Self.rate else { return pair }
        let clips = try [pair.reference, pair.test].map {
            try AudioClip(samples: $0.singles, sampleRate: pair.sampleRate).resampled(to: Self.rate)
        }
        return AudioPair(reference: clips[0].samples, test: clips[1].samples, sampleRate: Self.rate)
    }
}
