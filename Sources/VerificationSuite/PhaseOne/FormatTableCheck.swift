internal import FeaturePipeline
internal import Verification

/// The table of arrays and the answers that the detectors must give: ours, the design document's rule, the Python system.
enum FormatChecks {
    static var checks: [any Check] { [table(FormatDetectionTable.rows), defaults()] }

    static func table(_ rows: [FormatDetectionTable.Row]) -> any Check {
        let ours = plan("features.formats", "Arrays whose format is detected wrongly", direction: .lower)
        let document = plan(
            "features.formats.document_rule", "Arrays that the design document's rule takes for something else",
            direction: .none)
        return SimpleCheck([ours, document]) { record in
            let outcomes = rows.map { $0.run() }
            let wrong = outcomes.filter { !$0.isExpected }
            let first = wrong.first.map { "first: \($0.row.name), answered \($0.detection.format)" } ?? ""
            try record(
                Finding(
                    ours, .value(Double(wrong.count)), population: rows.count, populationUnit: "arrays", note: first))
            let misled = outcomes.filter { !$0.compatIsRight }
            try record(
                Finding(
                    document, .value(Double(misled.count)), population: rows.count, populationUnit: "arrays",
                    note: misled.first.map { "first: \($0.row.name)" } ?? ""))
        }
    }

    private static func plan(_ id: String, _ title: String, direction: Finding.Direction) -> FindingPlan {
        FindingPlan(
            id: id, check: "features.formats", phase: 1, title: title, unit: "arrays", variant: id,
            direction: direction, source: "The table of format detection, each row with its right answer")
    }

    /// What nobody has said must be the legacy path as long as the migration is not in its last phase.
    private static func defaults() -> any Check {
        let plan = FindingPlan(
            id: "features.defaults", check: "features.defaults", phase: 1, title: "Defaults that are switched already",
            unit: "defaults", variant: "features.defaults", direction: .lower, source: "PipelineDefaults")
        return SimpleCheck([plan]) { record in
            let isOn = [PipelineDefaults.useEncodec, AudioProcessor.Configuration().useEncodec]
            try record(
                Finding(
                    plan, .value(Double(isOn.count { $0 })), population: isOn.count, populationUnit: "defaults",
                    note: "useEncodec is \(PipelineDefaults.useEncodec)"))
        }
    }
}
