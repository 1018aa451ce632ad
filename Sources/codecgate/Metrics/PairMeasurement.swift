import AudioIO
import Verification

/// One metric's outcome.
struct MetricEntry: Sendable, Encodable {
    let metric: MetricDescriptor
    let result: MetricResult

    private enum CodingKeys: String, CodingKey {
        case unit, direction
    }

    /// Writes the result's own keys with unit and direction beside them.
    func encode(to encoder: any Encoder) throws {
        try result.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metric.unit, forKey: .unit)
        try container.encode(metric.direction, forKey: .direction)
    }
}

/// What came of one pair.
struct PairMeasurement: Sendable {
    let facts: PairFiles.Facts
    let entries: [MetricEntry]
    let segments: SegmentMeasurement?

    /// How a pair is measured.
    struct Plan: Sendable {
        let selection: MetricSelection
        let rate: Int?
        let alignment: Alignment
        /// Length of segments; nil for none.
        let segmentSeconds: Double?
        /// Metrics or segments at work at a time.
        let workers: Int
        let isQuiet: Bool
    }

    /// Reads and measures.
    ///
    /// - Parameters:
    ///   - reference: File of the undisturbed signal.
    ///   - test: File of the signal that is judged.
    ///   - plan: How.
    /// - Throws: `AudioFileError`, `Interruption`.
    init(reference: String, test: String, _ plan: Plan) throws {
        let files = try PairFiles(reference: reference, test: test, rate: plan.rate, alignment: plan.alignment)
        facts = files.facts
        let (pair, metrics) = (files.pair, plan.selection.panel.metrics)
        let results = try Workers.map(metrics.count, workers: plan.workers, unit: "metrics", isQuiet: plan.isQuiet) {
            metrics[$0].measure(pair)
        }
        var entries = zip(metrics, results).map { MetricEntry(metric: $0.descriptor, result: $1) }
        if let pesq = plan.selection.pesq {
            entries.append(
                MetricEntry(metric: pesq.descriptor, result: try SegmentedPESQ(pesq, plan).measure(pair)))
        }
        self.entries = entries
        segments = try plan.segmentSeconds.map { try SegmentMeasurement(pair, seconds: $0, plan) }
    }
}

/// What came of a pair's segments.
struct SegmentMeasurement: Sendable {
    /// Where a segment lies.
    struct Span: Sendable, Encodable {
        let startSeconds: Double
        let endSeconds: Double
    }

    let spans: [Span]
    let metrics: [MetricDescriptor]
    /// One list a metric, with one result a segment.
    let results: [[MetricResult]]
    let summaries: [SegmentSummary]

    /// Cuts the reference at its pauses and measures every segment on its own.
    init(_ pair: AudioPair, seconds: Double, _ plan: PairMeasurement.Plan) throws {
        let ranges = Segmentation.atPauses(
            pair.reference, sampleRate: pair.sampleRate, longestSeconds: seconds, shortestSeconds: min(1, seconds / 2))
        let panel = plan.selection.panel
        let reports = try Workers.map(ranges.count, workers: plan.workers, unit: "segments", isQuiet: plan.isQuiet) {
            panel.run(pair.slice(ranges[$0]))
        }
        let rate = Double(pair.sampleRate)
        spans = ranges.map {
            Span(startSeconds: Double($0.lowerBound) / rate, endSeconds: Double($0.upperBound) / rate)
        }
        metrics = panel.metrics.map(\.descriptor)
        results = metrics.indices.map { metric in reports.map { $0.entries[metric].result } }
        summaries = zip(results, metrics).map { SegmentSummary($0, direction: $1.direction, worstCount: 3) }
    }
}

/// PESQ of a pair of any rate and length: the mean over segments at 16 kHz.
struct SegmentedPESQ {
    private static let rate = 16000
    private let metric: Metric
    private let plan: PairMeasurement.Plan

    init(_ metric: Metric, _ plan: PairMeasurement.Plan) { (self.metric, self.plan) = (metric, plan) }

    /// Measures; segments that have no score make the whole unmeasured, with the first reason.
    ///
    /// - Throws: `AudioFileError` where the pair cannot be resampled, `Interruption`.
    func measure(_ pair: AudioPair) throws -> MetricResult {
        let pair = try resampled(pair)
        // Cuts lie in the second half of 12 s and a rest joins its neighbour: segments of 6 to 18 s.
        let ranges = Segmentation.atPauses(
            pair.reference, sampleRate: Self.rate, longestSeconds: 12, shortestSeconds: 6)
        guard ranges.count > 1 else { return metric.measure(pair) }
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
