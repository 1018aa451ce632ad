/// The gates of one phase with values, lines and margins.
struct GateTablePage {
    struct Row {
        let id, title, why, reason, owner, severity, measured, line, margin, coverage, search: String
        let mark: Mark
        let bars: [IntervalBar]
        let remedy: String?
        let waiver: String?
        let place: Int
        let parts: [Part]
        let hasParts: Bool
        let partCount: Int
        let partNote: String
    }
    struct Part {
        let id, title, reason, margin: String
        let note: String?
        let mark: Mark
        let bars: [IntervalBar]
    }

    let number: Int
    let mark: Mark
    let summary: String
    let rows: [Row]

    init(_ phase: RunVerdict.Phase, _ report: RunReport) {
        number = phase.phase
        mark = Mark(phase.verdict)
        summary = phase.summary
        let titles = Dictionary(uniqueKeysWithValues: report.results.findings.map { ($0.id, $0) })
        let results = report.shownGates.filter { $0.gate.phase == phase.phase }
        rows = Decision.worstFirst.flatMap { decision in
            results.filter { $0.decision == decision }.map { Self.row($0, titles) }
        }
    }

    private static func row(_ result: GateResult, _ findings: [String: Finding]) -> Row {
        let decisive = decisive(result)
        let bars = decisive.flatMap(IntervalBar.init).map { [$0] } ?? []
        let parts = Decision.worstFirst.flatMap { decision in
            result.judgements.filter { $0.decision == decision }.map { part($0, findings[$0.finding]) }
        }
        return Row(
            id: result.gate.id, title: result.gate.title, why: result.gate.reason, reason: result.reason,
            owner: result.gate.owner, severity: result.gate.severity.rawValue,
            measured: decisive.map(measured) ?? "–", line: decisive?.lineText ?? "–",
            margin: decisive?.margin.map { ($0 > 0 ? "+" : "") + $0.shortText } ?? "–",
            coverage: decisive?.coverage.description ?? "nothing was measured",
            search: "\(result.decision.rawValue) \(result.gate.id)", mark: Mark(result.decision),
            bars: bars, remedy: result.judgements.lazy.compactMap(\.remedy).first,
            waiver: result.isWaived ? result.gate.waiver.map { "waived until \($0.expires): \($0.reason)" } : nil,
            place: result.gate.line, parts: parts, hasParts: parts.count > 1, partCount: parts.count,
            partNote: partNote(result))
    }

    /// The judgement nearest to its line among those that decide.
    private static func decisive(_ result: GateResult) -> Judgement? {
        let ranked = result.judgements.filter { $0.decision == result.decision }.map { judgement in
            let line = max(judgement.lowest?.magnitude ?? 0, judgement.highest?.magnitude ?? 0)
            return (judgement, (judgement.margin ?? -.infinity) / (line > 0 ? line : 1))
        }
        return ranked.min { $0.1 < $1.1 }?.0
    }

    private static func partNote(_ result: GateResult) -> String {
        Decision.worstFirst.compactMap { decision in
            let count = result.judgements.count { $0.decision == decision }
            return count > 0 ? "\(count) \(decision.rawValue.lowercased())" : nil
        }.joined(separator: ", ")
    }

    private static func measured(_ judgement: Judgement) -> String {
        guard let value = judgement.value else { return "–" }
        let unit = judgement.unit == "1" || judgement.unit.isEmpty ? "" : " \(judgement.unit)"
        guard let interval = judgement.interval else { return value.shortText + unit }
        return "\(value.shortText)\(unit) (\(interval.lower.shortText) to \(interval.upper.shortText))"
    }

    private static func part(_ judgement: Judgement, _ finding: Finding?) -> Part {
        Part(
            id: judgement.finding, title: finding?.plan.title ?? judgement.finding, reason: judgement.reason,
            margin: judgement.margin?.shortText ?? "–",
            note: finding.flatMap { $0.note.isEmpty ? nil : $0.note }, mark: Mark(judgement.decision),
            bars: IntervalBar(judgement).map { [$0] } ?? [])
    }
}
