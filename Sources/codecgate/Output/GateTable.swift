import Verification

/// Findings, gates and the verdict as text.
enum GateTable {
    /// One finding as it comes in: what was measured, not yet what it means.
    static func line(_ finding: Verification.Finding) -> String {
        let found =
            switch finding.outcome {
            case .value(let value): "\(value.shortText) \(finding.plan.unit) over \(population(finding))"
            case .segments: "\(finding.coverage)"
            case .notMeasured(let reason, _): "not measured: \(reason)"
            case .failed(let reason): "broke: \(reason)"
            }
        return "\(finding.plan.title): \(found)\n"
    }

    private static func population(_ finding: Verification.Finding) -> String {
        "\(finding.population) \(finding.populationUnit)"
    }

    /// The gates of the phases asked for, the worst first, each with the reason for its decision.
    static func text(_ report: RunReport) -> String {
        report.verdict.phases.map { phase in
            let gates = report.evaluation.results.filter { $0.gate.phase == phase.phase }
            let lines = Decision.worstFirst.flatMap { decision in
                gates.filter { $0.decision == decision }.map(line)
            }
            return "Phase \(phase.phase): \(phase.verdict.rawValue). \(phase.summary)\n" + lines.joined() + "\n"
        }.joined()
    }

    private static func line(_ result: GateResult) -> String {
        let decision = result.decision.rawValue
        let room = String(repeating: " ", count: max(0, 14 - decision.count))
        let severity = result.gate.severity == .block ? "" : " [\(result.gate.severity.rawValue)]"
        return "  \(decision)\(room)\(result.gate.id)\(severity): \(result.reason)\n"
    }

    /// The verdict, why, what got worse and what would settle it.
    static func verdict(_ report: RunReport) -> String {
        let verdict = report.verdict
        var lines = ["\(verdict.overall.rawValue): \(verdict.summary)"]
        lines += verdict.reasons.enumerated().map { "  \($0 + 1). \($1.decision.rawValue): \($1.text)" }
        lines += verdict.worse.prefix(3).map { "  Worse: \($0.text)" }
        if let next = verdict.nextMeasurement { lines.append("  Next: \(next)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
