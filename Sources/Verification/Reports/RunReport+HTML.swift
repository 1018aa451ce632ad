internal import Mustache

extension RunReport {
    /// The run as one self-contained HTML page.
    ///
    /// - Returns: The page.
    /// - Throws: When the built-in template cannot be parsed.
    public func html() throws -> String {
        let text = String(decoding: PackageResources.report_mustache, as: UTF8.self)
        return try MustacheTemplate(string: text).render(page)
    }

    private var page: [String: Any] {
        let asked = verdict.phases.map(\.phase)
        let shown = evaluation.results.filter { asked.contains($0.gate.phase) }
        let count = { (decision: Decision) in shown.count { $0.decision == decision } }
        return [
            "verdict": verdict.overall.rawValue, "verdictClass": verdict.overall.styleClass,
            "summary": verdict.summary, "count": shown.count, "passCount": count(.pass), "failCount": count(.fail),
            "inconclusiveCount": count(.inconclusive), "openCount": count(.notMeasured),
            "reasons": verdict.reasons.map { ["text": $0.text, "decision": $0.decision.rawValue] },
            "worse": verdict.worse.map { ["text": $0.text, "finding": $0.finding] },
            "gaps": verdict.gaps.map { ["text": "\($0.findings.joined(separator: ", ")): \($0.text)"] },
            "next": verdict.nextMeasurement.map { ["text": $0] } ?? [:] as [String: String],
            "hasReasons": !verdict.reasons.isEmpty, "hasWorse": !verdict.worse.isEmpty,
            "hasGaps": !verdict.gaps.isEmpty, "hasNext": verdict.nextMeasurement != nil,
            "facts": facts.map { ["name": $0.name, "value": $0.value] },
            "sections": verdict.phases.map { phase in
                [
                    "title": "Phase \(phase.phase): \(phase.verdict.rawValue)", "caption": phase.summary,
                    "rows": rows(shown.filter { $0.gate.phase == phase.phase }),
                ] as [String: Any]
            },
        ]
    }

    private var facts: [RunInfo.Fact] {
        let info = results.info
        return [
            .init(name: "command", value: info.command), .init(name: "tool", value: info.tool),
            .init(name: "seed", value: "\(info.seed)"), .init(name: "gates", value: gates.source),
            .init(name: "SHA-256 of the gates", value: gates.sha256),
        ] + info.facts
    }

    private func rows(_ results: [GateResult]) -> [[String: Any]] {
        Decision.worstFirst.flatMap { decision in
            results.flatMap { result in
                let judged = result.judgements.filter { $0.decision == decision }
                let none = result.judgements.isEmpty && decision == .notMeasured
                return judged.map { row(result, $0) } + (none ? [row(result, nil)] : [])
            }
        }
    }

    private func row(_ result: GateResult, _ judgement: Judgement?) -> [String: Any] {
        let decision = judgement?.decision ?? result.decision
        let finding = judgement.flatMap { results.finding($0.finding) }
        let notes = [judgement?.reason ?? result.reason, finding?.note ?? "", finding?.plan.source ?? ""]
        return [
            "decision": decision.rawValue, "decisionClass": decision.styleClass,
            "title": finding?.plan.title ?? result.gate.title,
            "id": judgement?.finding ?? result.gate.finding.text, "gate": result.gate.id,
            "note": notes.filter { !$0.isEmpty }.joined(separator: ". "), "why": result.gate.reason,
            "measured": judgement.map { $0.value.map(number) ?? "-" } ?? "-", "bound": judgement?.lineText ?? "-",
            "population": finding.map { $0.population > 0 ? "\($0.population) \($0.populationUnit)" : "-" } ?? "-",
        ]
    }
}

extension Decision {
    fileprivate var styleClass: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .inconclusive, .notMeasured: "open"
        }
    }
}

extension Verdict {
    fileprivate var styleClass: String {
        switch self {
        case .switch: "pass"
        case .doNot: "fail"
        case .cannotTell: "open"
        }
    }
}
