import Verification

/// One row a pair, as CSV or as lines of JSON.
struct PairListReport: Sendable {
    /// What came of one row.
    enum Outcome: Sendable {
        case measured(PairMeasurement)
        case failed(reference: String, test: String, sentence: String)
    }

    let descriptors: [MetricDescriptor]
    let outcomes: [Outcome]

    /// The rows that could not be measured.
    var failures: [String] {
        outcomes.compactMap { outcome in
            guard case .failed(_, _, let sentence) = outcome else { return nil }
            return sentence
        }
    }

    /// A header and one row a pair; a metric without a number has an empty cell and its reason among the notes.
    var csv: String {
        let head = ["reference", "test", "sample_rate", "compared_samples", "lag_removed_samples"]
        let rows = [head + descriptors.map(\.id) + ["notes", "error"]] + outcomes.map(cells)
        return rows.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    }

    /// Writes one JSON object a line: what a single pair gives, or the names and the error.
    func printJSON() throws {
        for outcome in outcomes {
            switch outcome {
            case .measured(let measurement): try StandardStreams.jsonLine(measurement)
            case .failed(let reference, let test, let sentence):
                try StandardStreams.jsonLine(["reference": reference, "test": test, "error": sentence])
            }
        }
    }

    private func cells(_ outcome: Outcome) -> [String] {
        switch outcome {
        case .failed(let reference, let test, let sentence):
            return [reference, test] + Array(repeating: "", count: 4 + descriptors.count) + [sentence]
        case .measured(let measurement):
            let facts = measurement.facts
            let notes = measurement.entries.compactMap {
                $0.note.isEmpty ? nil : "\($0.metric.id): \($0.note)"
            }
            return [
                facts.reference.path, facts.test.path, "\(facts.sampleRate)", "\(facts.comparedSamples)",
                facts.lagRemovedSamples.map { "\($0)" } ?? "",
            ] + measurement.entries.map { $0.result.number.map { "\($0)" } ?? "" } + [
                notes.joined(separator: "; "), "",
            ]
        }
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
        return "\"" + cell.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }
}
