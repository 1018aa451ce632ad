/// Makes the test cases of a judged run.
struct JUnitCases {
    /// Class name of the cases about the whole run; those of gates begin with their phase.
    static let area = "codecgate"

    private let report: RunReport
    /// Seconds of each finding: an equal share of its check's.
    private var seconds: [String: Double] = [:]

    init(_ report: RunReport) {
        self.report = report
        let checks = Dictionary(grouping: report.results.findings, by: \.plan.check)
        for (check, findings) in checks {
            guard let spent = report.results.timings.checks[check] else { continue }
            for finding in findings { seconds[finding.id] = spent / Double(findings.count) }
        }
    }

    /// Fails unless everything that was planned was measured; an error when the run ended early.
    var coverage: JUnitDocument.Case {
        let phases = report.verdict.phases.map(\.phase)
        let planned = report.results.findings.filter { phases.contains($0.plan.phase) }
        let missing = planned.filter { !$0.coverage.isSettled }
        let found = "\(planned.count - missing.count) of \(planned.count)"
        let lines = missing.map { "\($0.id): \($0.outcome.reason ?? $0.coverage.description)\n" }.joined()
        let body = "\(lines)Command: \(report.results.info.command)\n"
        let outcome: JUnitDocument.Outcome =
            if report.results.endedEarly {
                .error(message: "run ended early after \(found) findings", body: body)
            } else if planned.isEmpty {
                .failure(message: "nothing was planned", body: body)
            } else if !missing.isEmpty {
                .failure(message: "\(found) planned findings were measured", body: body)
            } else {
                .passed
            }
        return .init(classname: Self.area, name: "coverage", outcome: outcome)
    }

    /// The verdict of a phase.
    func verdict(_ phase: RunVerdict.Phase) -> JUnitDocument.Case {
        let message = "\(phase.verdict.rawValue): \(phase.summary)"
        let outcome: JUnitDocument.Outcome =
            switch phase.verdict {
            case .switch: .passed
            case .doNot: .failure(message: message, body: "")
            case .cannotTell: .error(message: message, body: "")
            }
        return .init(classname: "\(Self.area).verdict", name: "phase \(phase.phase)", outcome: outcome)
    }

    /// Findings that broke and that no gate looks at.
    var unwatched: [JUnitDocument.Case] {
        let phases = report.verdict.phases.map(\.phase)
        return report.verdict.unjudged.compactMap(report.results.finding).compactMap { finding in
            guard case .failed(let reason) = finding.outcome, phases.contains(finding.plan.phase) else { return nil }
            return .init(
                classname: "\(Self.area).unwatched", name: finding.id,
                outcome: .error(message: reason, body: "\(finding.plan.title): \(reason)\n"))
        }
    }

    /// One case for each finding that a gate judges; a gate without any has one that says so.
    ///
    /// - Parameter phase: The phase.
    /// - Returns: In the order of the gate file and of the run; a finding's seconds count once.
    mutating func gates(of phase: Int) -> [JUnitDocument.Case] {
        report.evaluation.results.filter { $0.gate.phase == phase }.flatMap { result in
            let area = "phase\(phase).\(result.gate.id)"
            guard !result.judgements.isEmpty else {
                return [
                    JUnitDocument.Case(classname: area, name: result.gate.finding.text, outcome: outcome(result, nil))
                ]
            }
            return result.judgements.map { judgement in
                JUnitDocument.Case(
                    classname: area, name: judgement.finding,
                    seconds: seconds.removeValue(forKey: judgement.finding) ?? 0, outcome: outcome(result, judgement),
                    properties: JUnitBody.properties(result, judgement),
                    attachments: report.results.finding(judgement.finding)?.attachments.map(\.path) ?? [])
            }
        }
    }

    private func outcome(_ result: GateResult, _ judgement: Judgement?) -> JUnitDocument.Outcome {
        let decision = judgement?.decision ?? result.decision
        if decision == .pass { return .passed }
        let finding = judgement.flatMap { report.results.finding($0.finding) }
        let message =
            "\(decision.rawValue): \(judgement?.finding ?? result.gate.finding.text): "
            + (judgement?.reason ?? result.reason)
        if let judgement, judgement.coverage.isInapplicable {
            return .skipped(message: "not applicable: \(finding?.firstInapplicable ?? judgement.reason)")
        }
        if result.isWaived, let waiver = result.gate.waiver {
            return .skipped(message: "waived until \(waiver.expires) (\(waiver.reason)): \(message)")
        }
        guard result.isBlocking else {
            return .skipped(message: "does not block (\(result.gate.severity.rawValue)): \(message)")
        }
        let body = JUnitBody.text(result, judgement, finding, report.results.info)
        let isBroken = judgement.map { $0.coverage.measured == 0 } ?? true
        return decision == .fail && !isBroken
            ? .failure(message: message, body: body) : .error(message: message, body: body)
    }
}

extension Coverage {
    /// Nothing that was planned applies to this input.
    var isInapplicable: Bool { planned > 0 && planned == notApplicable }

    /// There is a number, or a reason why there can be none.
    var isSettled: Bool { measured > 0 || isInapplicable }
}

extension Finding {
    /// Why the first segment without a value has none.
    fileprivate var firstInapplicable: String? {
        outcome.segments?.lazy.compactMap { segment in
            if case .notApplicable(let reason) = segment.result { reason } else { nil }
        }.first
    }
}
