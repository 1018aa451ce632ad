import Testing
import Verification

/// Findings, gates and runs as tests need them.
enum Sample {
    static var today: CalendarDay { get throws { try #require(CalendarDay("2026-06-15")) } }

    static func plan(_ id: String, phase: Int = 1, direction: Finding.Direction = .lower) -> FindingPlan {
        FindingPlan(
            id: id, check: "check", phase: phase, title: "Title of \(id)", unit: "u", variant: "v", direction: direction
        )
    }

    static func value(_ value: Double, id: String = "a", population: Int = 3, bound: Double? = nil) -> Finding {
        Finding(
            plan(id), .value(value), population: population, populationUnit: "codes",
            bound: bound.map { Finding.Bound($0, source: "s") })
    }

    /// One segment of a second for each value; nil is a segment that failed.
    static func segments(
        _ values: [Double?], id: String = "a", direction: Finding.Direction = .higher,
        labels: [ContentLabel] = [.speech]
    ) -> Finding {
        let segments = values.enumerated().map { index, value in
            SegmentValue(
                start: Double(index), end: Double(index + 1), label: labels[index % labels.count],
                result: value.map { .value($0) } ?? .failed(reason: "no sound card"))
        }
        return Finding(plan(id, direction: direction), .segments(segments))
    }

    /// A gate file of one gate; `lines` replace or add keys.
    static func gateText(_ lines: [String: String] = [:], without removed: [String] = []) -> String {
        var keys = [
            "id": "g", "phase": "1", "title": "Gate", "finding": "a", "statistic": "value", "comparison": "atMost",
            "threshold": "1", "severity": "block", "owner": "me", "reason": "because",
        ]
        keys.merge(lines) { $1 }
        for key in removed { keys[key] = nil }
        let body = keys.filter { $0.key != "id" }.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)\n" }
        return "  - id: \(keys["id"] ?? "")\n" + body.joined()
    }

    static func gates(_ entries: String...) throws -> GateSet {
        try GateSet(parsing: "schema: codecgate.gates/1\ngates:\n" + entries.joined(), path: "g.yaml")
    }

    static func run(_ findings: [Finding], phases: [Int] = [1], seed: UInt64 = 7) -> RunResults {
        RunResults(
            info: RunInfo(tool: "t", command: "c", seed: seed, phases: phases, facts: []),
            plans: findings.map(\.plan), findings: findings,
            timings: RunTimings(started: "2026-06-15T00:00:00Z", seconds: 1, checks: [:]))
    }

    static func judge(_ findings: [Finding], _ gates: GateSet, phases: [Int] = [1], seed: UInt64 = 7) throws
        -> RunReport
    {
        RunReport(run(findings, phases: phases, seed: seed), gates: gates, today: try today)
    }

    /// The only gate's result.
    static func result(_ findings: [Finding], _ lines: [String: String], without removed: [String] = []) throws
        -> GateResult
    {
        try judge(findings, gates(gateText(lines, without: removed))).evaluation.results[0]
    }
}
