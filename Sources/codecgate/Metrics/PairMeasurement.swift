import Verification

/// One metric's outcome.
struct MetricEntry: Sendable, Encodable {
    let metric: MetricDescriptor
    let result: MetricResult
    /// How it was measured, where that is not the metric's plain way; empty otherwise.
    var remark = ""

    private enum CodingKeys: String, CodingKey {
        case unit, direction, remark
    }

    /// What stands beside the number: the result's own note and the remark.
    var note: String { [result.note, remark].filter { !$0.isEmpty }.joined(separator: "; ") }

    /// Writes the result's own keys with unit, direction and remark beside them.
    func encode(to encoder: any Encoder) throws {
        try result.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metric.unit, forKey: .unit)
        try container.encode(metric.direction, forKey: .direction)
        if !remark.isEmpty { try container.encode(remark, forKey: .remark) }
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
        /// What each second of the reference is; segments then end where the label changes.
        let labels: LabelTrack?
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
    /// - Throws: `AudioFileError`, ``CommandError`` for labels of another recording, `Interruption`.
    init(reference: String, test: String, _ plan: Plan) throws {
        let files = try PairFiles(reference: reference, test: test, rate: plan.rate, alignment: plan.alignment)
        facts = files.facts
        let (pair, metrics) = (files.pair, plan.selection.panel.metrics)
        let segmentation = try plan.segmentSeconds.map { try PairSegments(files, seconds: $0, labels: plan.labels) }
        let results = try Workers.map(metrics.count, workers: plan.workers, unit: "metrics", isQuiet: plan.isQuiet) {
            metrics[$0].measure(pair)
        }
        var entries = zip(metrics, results).map { MetricEntry(metric: $0.descriptor, result: $1) }
        if let pesq = plan.selection.pesq {
            entries.append(try SegmentedPESQ(pesq, plan).measure(pair))
        }
        self.entries = entries
        segments = try segmentation.map { try SegmentMeasurement(pair, $0, plan) }
    }
}
