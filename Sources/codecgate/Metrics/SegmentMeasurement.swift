import Verification

/// Where a pair is cut.
struct PairSegments: Sendable {
    let ranges: [Range<Int>]
    /// One a range, where there are labels.
    let labels: [SoundLabel]?

    /// Cuts the reference at label changes, where there are labels, and at its pauses.
    ///
    /// - Throws: ``CommandError/badInput(_:)`` when the labels end elsewhere than the reference.
    init(_ files: PairFiles, seconds: Double, labels track: LabelTrack?) throws(CommandError) {
        let (pair, facts) = (files.pair, files.facts)
        let shortest = min(1, seconds / 2)
        guard let track else {
            (ranges, labels) = (
                Segmentation.atPauses(
                    pair.reference, sampleRate: pair.sampleRate, longestSeconds: seconds, shortestSeconds: shortest),
                nil
            )
            return
        }
        let (rate, length) = (Double(pair.sampleRate), Double(facts.reference.samples) / Double(pair.sampleRate))
        // Codecs and containers round a recording's end to packets, of 23 ms with AAC.
        guard abs(track.endSeconds - length) <= 0.1 else {
            throw .badInput(
                "the labels end at \(Text.fixed(track.endSeconds, 2)) s but '\(facts.reference.path)' lasts "
                    + "\(Text.fixed(length, 2)) s; give the labels of this recording")
        }
        let segments = Segmentation.atLabels(
            track, pair.reference, sampleRate: pair.sampleRate, startSeconds: Double(files.referenceStart) / rate,
            longestSeconds: seconds, shortestSeconds: shortest)
        (ranges, labels) = (segments.map(\.range), segments.map(\.label))
    }
}

/// What came of a pair's segments.
struct SegmentMeasurement: Sendable {
    /// Where a segment lies in what was compared, and what is heard in it.
    struct Span: Sendable, Encodable {
        let startSeconds: Double
        let endSeconds: Double
        let label: SoundLabel?
    }

    let spans: [Span]
    let metrics: [MetricDescriptor]
    /// One list a metric, with one result a segment.
    let results: [[MetricResult]]
    let summaries: [SegmentSummary]
    /// The labels that occur, in the order of ``SoundLabel``; none without labels.
    let labels: [SoundLabel]
    /// One list a metric, with one summary a label; positions count among the label's own segments.
    let labelSummaries: [[SegmentSummary]]

    /// Measures every segment on its own.
    ///
    /// - Throws: `Interruption`.
    init(_ pair: AudioPair, _ segments: PairSegments, _ plan: PairMeasurement.Plan) throws {
        let ranges = segments.ranges
        let panel = plan.selection.panel
        let reports = try Workers.map(ranges.count, workers: plan.workers, unit: "segments", isQuiet: plan.isQuiet) {
            panel.run(pair.slice(ranges[$0]))
        }
        let rate = Double(pair.sampleRate)
        spans = ranges.indices.map {
            Span(
                startSeconds: Double(ranges[$0].lowerBound) / rate, endSeconds: Double(ranges[$0].upperBound) / rate,
                label: segments.labels?[$0])
        }
        let metrics = panel.metrics.map(\.descriptor)
        let results = metrics.indices.map { metric in reports.map { $0.entries[metric].result } }
        summaries = zip(results, metrics).map { SegmentSummary($0, direction: $1.direction, worstCount: 3) }
        let found = segments.labels ?? []
        let labels = SoundLabel.allCases.filter(found.contains)
        labelSummaries = zip(results, metrics).map { results, metric in
            labels.map { label in
                let own = zip(results, found).filter { $1 == label }.map(\.0)
                return SegmentSummary(own, direction: metric.direction, worstCount: 0)
            }
        }
        (self.metrics, self.results, self.labels) = (metrics, results, labels)
    }
}
