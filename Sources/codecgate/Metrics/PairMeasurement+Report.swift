import Foundation
import Verification

extension PairMeasurement {
    /// What was compared, and a table of the metrics.
    var text: String {
        let rows = entries.map { entry in
            [
                entry.metric.id, entry.result.number.map(Text.measured) ?? "-", entry.metric.unit,
                entry.metric.direction.rawValue,
            ]
        }
        let notes = entries.map { $0.result.note }
        return facts.text + "\n" + Self.table([["metric", "value", "unit", "better"]] + rows, notes: [""] + notes)
            + (segments.map { "\n" + $0.text } ?? "")
    }

    /// A table whose last column is prose.
    static func table(_ rows: [[String]], notes: [String]) -> String {
        let lines = Text.table(rows).split(separator: "\n", omittingEmptySubsequences: false)
        return zip(lines, notes).map { $1.isEmpty ? "\($0)\n" : "\($0)  \($1)\n" }.joined()
    }
}

extension MetricResult {
    /// Why there is no number, or why it is at the end of its scale; empty for a plain value.
    var note: String {
        switch self {
        case .value(let measurement): measurement.limit?.rawValue ?? ""
        case .notApplicable(.noProvider(let reason)): "not measured (\(reason))"
        case .notApplicable(let reason): reason.description
        case .failed(let reason): "failed: \(reason)"
        }
    }
}

extension SegmentMeasurement {
    /// A table of the summaries, with the worst segments at the end of each row.
    var text: String {
        let head = ["metric, by segments", "measured", "mean", "median", "worst 5 %"]
        let rows = zip(metrics, summaries).map { metric, summary in
            [metric.id, "\(summary.measuredCount)/\(summary.plannedCount)"]
                + [summary.mean, summary.median, summary.worst5Percent].map { $0.map(Text.measured) ?? "-" }
        }
        let worst = summaries.indices.map { index in
            summaries[index].worstIndices.map { segment in
                let (span, value) = (spans[segment], results[index][segment].number.map(Text.measured) ?? "-")
                return "\(value) at \(Text.fixed(span.startSeconds, 2))-\(Text.fixed(span.endSeconds, 2)) s"
            }.joined(separator: ", ")
        }
        return PairMeasurement.table([head] + rows, notes: ["worst segments"] + worst)
    }
}

extension Text {
    /// A measured number: 4 decimals, or powers of ten where those would show nothing; `inf` or `-inf` where it is.
    static func measured(_ value: Double) -> String {
        guard value.isFinite else { return value > 0 ? "inf" : "-inf" }
        let isPlain = value == 0 || (0.001..<1e9).contains(value.magnitude)
        return isPlain ? fixed(value, 4) : String(format: "%.3e", value)
    }
}

extension PairMeasurement: Encodable {
    private enum CodingKeys: String, CodingKey {
        case pair, metrics, segments
    }

    /// Writes `{"pair": facts, "metrics": {id: {...}}, "segments": {...}}`, the last only where it was asked for.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(facts, forKey: .pair)
        let pairs = entries.map { ($0.metric.id, $0) }
        try container.encode(Dictionary(pairs) { first, _ in first }, forKey: .metrics)
        try container.encodeIfPresent(segments, forKey: .segments)
    }
}

extension SegmentMeasurement: Encodable {
    private struct Row: Encodable {
        let summary: SegmentSummary
        let results: [MetricResult]
    }

    private enum CodingKeys: String, CodingKey {
        case spans, metrics
    }

    /// Writes the segments' places, and each metric's summary and results; `worst_indices` count from 0.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(spans, forKey: .spans)
        let rows = metrics.indices.map { (metrics[$0].id, Row(summary: summaries[$0], results: results[$0])) }
        try container.encode(Dictionary(rows) { first, _ in first }, forKey: .metrics)
    }
}
