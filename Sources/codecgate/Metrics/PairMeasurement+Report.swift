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
        let notes = entries.map(\.note)
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
        return PairMeasurement.table([head] + rows, notes: ["worst segments"] + worst) + labelText
    }

    /// A table of the means of each label's segments; empty without labels.
    private var labelText: String {
        guard !labels.isEmpty else { return "" }
        let counts = labels.map { label in spans.filter { $0.label == label }.count }
        let head = ["mean, by label (segments)"] + zip(labels, counts).map { "\($0.rawValue) (\($1))" }
        let rows = zip(metrics, labelSummaries).map { metric, summaries in
            [metric.id]
                + summaries.map { summary in
                    guard let mean = summary.mean else { return "-" }
                    let isWhole = summary.measuredCount == summary.plannedCount
                    return Text.measured(mean) + (isWhole ? "" : " (of \(summary.measuredCount))")
                }
        }
        return "\n" + Text.table([head] + rows)
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
        /// What the segments of each label come to; nil without labels.
        let byLabel: [String: LabelSummary]?
    }

    private struct LabelSummary: Encodable {
        let plannedCount: Int
        let measuredCount: Int
        let mean: Double?
        let median: Double?
        let worst5Percent: Double?

        init(_ summary: SegmentSummary) {
            (plannedCount, measuredCount) = (summary.plannedCount, summary.measuredCount)
            (mean, median, worst5Percent) = (summary.mean, summary.median, summary.worst5Percent)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case spans, metrics
    }

    /// Writes the segments' places, and each metric's summaries and results; `worst_indices` count from 0.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(spans, forKey: .spans)
        let rows = metrics.indices.map { index in
            let pairs = zip(labels, labelSummaries[index]).map { ($0.rawValue, LabelSummary($1)) }
            let byLabel = labels.isEmpty ? nil : Dictionary(pairs) { first, _ in first }
            return (metrics[index].id, Row(summary: summaries[index], results: results[index], byLabel: byLabel))
        }
        try container.encode(Dictionary(rows) { first, _ in first }, forKey: .metrics)
    }
}
