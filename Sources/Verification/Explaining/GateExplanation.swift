/// How a gate comes to its decision, step by step, recomputed from the stored findings.
public struct GateExplanation: Sendable {
    private let report: RunReport
    private let result: GateResult

    /// An explanation.
    ///
    /// - Parameters:
    ///   - report: A judged run.
    ///   - gate: Id of the gate; nil comes back where the gate file has none of that id.
    public init?(_ report: RunReport, gate: String) {
        guard let result = report.evaluation.results.first(where: { $0.gate.id == gate }) else { return nil }
        self.report = report
        self.result = result
    }

    /// The findings that it judges, the ones that decide first.
    public var judgements: [Judgement] {
        Decision.worstFirst.flatMap { decision in result.judgements.filter { $0.decision == decision } }
    }

    /// The steps as text.
    ///
    /// - Parameter segment: Shows only this segment; nil for all.
    /// - Returns: Lines for each finding: population, segments, statistic, interval, line, margin, Holm's place, decision.
    public func text(segment: Int? = nil) -> String {
        let gate = result.gate
        let severity = result.isWaived ? "waived" : gate.severity.rawValue
        var lines = [
            "\(gate.id): \(result.decision.rawValue)", "  \(gate.title) (\(report.gates.source), line \(gate.line))",
            "  phase \(gate.phase), \(severity), owner \(gate.owner)", "  why: \(gate.reason)",
            "  asks: \(gate.statistic.title) of \(gate.finding.text), \(criterion), coverage of at least "
                + "\(number(gate.minCoverage * 100)) %, at least \(gate.minCount) values",
        ]
        if judgements.isEmpty { lines.append("  nothing was measured under '\(gate.finding.text)'") }
        for judgement in judgements {
            guard let finding = report.results.finding(judgement.finding) else { continue }
            lines += [""] + steps(judgement, finding, segment: segment)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var criterion: String {
        switch result.gate.criterion {
        case .atMost(let line): "at most \(line)"
        case .atLeast(let line): "at least \(line)"
        case .within(let range): "from \(range.lowerBound) to \(range.upperBound)"
        case .derivedBound: "within the bound that comes with the finding"
        case .superiority(let other, let margin): "better than \(other.text) by more than \(margin)"
        case .nonInferiority(let other, let margin): "not worse than \(other.text) by more than \(margin)"
        }
    }

    private func steps(_ judgement: Judgement, _ finding: Finding, segment: Int?) -> [String] {
        var lines = [
            "\(finding.id): \(judgement.decision.rawValue)",
            "  \(finding.plan.title) [\(finding.plan.variant), \(finding.plan.unit)]",
            "  coverage: \(judgement.coverage)",
            "  population: \(finding.population) \(finding.populationUnit)",
        ]
        if !finding.note.isEmpty { lines.append("  note: \(finding.note)") }
        if let bound = finding.bound { lines.append("  bound: \(bound.value) (\(bound.source))") }
        if let values = values(finding) {
            lines += values.filter { segment == nil || $0.index == segment }.map(\.text)
            lines += statistics(judgement, values.compactMap(\.number))
        } else if case .value(let value) = finding.outcome {
            lines.append("  value: \(value)")
        }
        lines += numbers(judgement) + holm(judgement) + ["  decision: \(judgement.reason)"]
        return judgement.remedy.map { lines + ["  remedy: \($0)"] } ?? lines
    }

    /// The numbers that the gate makes its statistic from, with their segments; nil for a single value.
    private func values(_ finding: Finding) -> [(index: Int, number: Double?, text: String)]? {
        let judge = FindingJudge(gate: result.gate, seed: report.results.info.seed)
        guard let chosen = judge.chosenSegments(finding) else { return nil }
        let baseline = baseline(of: finding).flatMap { $0.outcome.segments }
        return chosen.map { index, value in
            let place =
                "  segment \(index), \(number(value.start)) s to \(number(value.end)) s, \(value.label.rawValue)"
            guard result.gate.isPaired else { return (index, value.number, "\(place): \(value.result.text)") }
            guard let baseline, baseline.indices.contains(index) else {
                return (index, nil, "\(place): \(value.result.text) against nothing")
            }
            let other = baseline[index]
            let advantage = value.number.flatMap { a in
                other.number.map { b in
                    Statistic.badness(b, finding.plan.direction) - Statistic.badness(a, finding.plan.direction)
                }
            }
            let text = "\(value.result.text) against \(other.result.text), advantage "
            return (index, advantage, "\(place): \(text)\(advantage.map { "\($0)" } ?? "unknown")")
        }
    }

    private func baseline(of finding: Finding) -> Finding? {
        switch result.gate.criterion {
        case .superiority(let against, _), .nonInferiority(let against, _):
            guard let captures = result.gate.finding.captures(in: finding.id) else { return nil }
            return report.results.finding(against.isExact ? against.text : against.filled(with: captures))
        case .atMost, .atLeast, .within, .derivedBound: return nil
        }
    }

    private func statistics(_ judgement: Judgement, _ values: [Double]) -> [String] {
        let finite = values.filter(\.isFinite)
        guard let low = values.min(), let high = values.max(), !finite.isEmpty else { return [] }
        var lines = ["  values: \(values.count), from \(low) to \(high), \(values.count - finite.count) not finite"]
        let mean = finite.reduce(0, +) / Double(finite.count)
        lines.append("  mean of the finite: \(mean), median: \(Statistic.quantile(values.sorted(), 0.5))")
        guard judgement.interval != nil else { return lines }
        let isMean = result.gate.isPaired || [.mean].contains(result.gate.statistic)
        let count = isMean ? finite.count : values.count
        let bootstrap = FindingJudge.bootstrap(count: count, seed: report.results.info.seed)
        lines.append(
            "  bootstrap: seed \(report.results.info.seed), blocks of \(bootstrap.blockLength) segments, "
                + "\(result.gate.resampleCount) resamples")
        return lines
    }

    private func numbers(_ judgement: Judgement) -> [String] {
        var lines: [String] = []
        if let value = judgement.value { lines.append("  \(result.gate.statistic.title): \(value) \(judgement.unit)") }
        if let interval = judgement.interval {
            let (one, two) = (number(result.gate.confidence * 100), number(interval.confidence * 100))
            lines.append(
                "  interval: \(interval.lower) to \(interval.upper) (\(two) %, so each end \(one) % one-sided)")
        }
        lines.append("  line: \(judgement.lineText)")
        if let margin = judgement.margin { lines.append("  margin: \(margin) \(judgement.unit)") }
        if let effect = judgement.minimumDetectableEffect {
            lines.append("  minimum detectable effect: \(effect) \(judgement.unit)")
        }
        return lines
    }

    /// The claim's place among all blocking superiority claims, which share the permitted chance of error.
    private func holm(_ judgement: Judgement) -> [String] {
        guard let p = judgement.p else { return [] }
        guard let adjusted = judgement.adjustedP else { return ["  p: \(p), outside Holm's family: it does not block"] }
        let family = report.evaluation.results.flatMap { result -> [Double] in
            guard case .superiority = result.gate.criterion, result.gate.severity == .block else { return [] }
            return result.judgements.map { $0.p ?? 1 }
        }
        let place = 1 + family.count { $0 < p }
        return ["  p: \(p), place \(place) of \(family.count) in Holm's order, corrected \(adjusted)"]
    }
}

extension SegmentValue.Result {
    fileprivate var text: String {
        switch self {
        case .value(let value): "\(value)"
        case .notApplicable(let reason): "not applicable (\(reason))"
        case .failed(let reason): "failed (\(reason))"
        }
    }
}

extension Gate {
    /// Means and shares have a closed form to resample by; other statistics are computed anew each time.
    var resampleCount: Int {
        switch statistic {
        case .mean, .shareAbove: 10000
        case .median, .p05, .worst, .value: 2000
        }
    }
}
