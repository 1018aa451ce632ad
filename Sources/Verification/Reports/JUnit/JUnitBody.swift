/// Everything that a reader of a failure needs: numbers, stretches of the film, and the command that measures again.
enum JUnitBody {
    /// The text below a failure or an error.
    static func text(_ result: GateResult, _ judgement: Judgement?, _ finding: Finding?, _ info: RunInfo) -> String {
        var lines = [
            "Gate \(result.gate.id), line \(result.gate.line): \(result.gate.title)",
            "Why this line: \(result.gate.reason)", "Owner: \(result.gate.owner)",
        ]
        if let judgement {
            lines += properties(result, judgement).map { "\($0.name): \($0.value)" }
            if let remedy = judgement.remedy { lines.append("Remedy: \(remedy)") }
        }
        if let finding {
            lines.append("Finding: \(finding.plan.title) [\(finding.plan.variant)]")
            if !finding.note.isEmpty { lines.append("Note: \(finding.note)") }
            if let bound = finding.bound { lines.append("Bound: \(bound.value) (\(bound.source))") }
            lines += segments(finding, judgement?.worstSegments ?? [])
        }
        lines.append("Measure again: \(finding?.command ?? info.command)")
        lines.append("Explain: codecgate explain \(result.gate.id)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The numbers of a judgement by name; also the properties of the rich profile.
    static func properties(_ result: GateResult, _ judgement: Judgement) -> [RunInfo.Fact] {
        let numbers: [(String, Double?)] = [
            ("value", judgement.value), ("lowest", judgement.lowest), ("highest", judgement.highest),
            ("margin", judgement.margin), ("interval lower", judgement.interval?.lower),
            ("interval upper", judgement.interval?.upper), ("p", judgement.p), ("p after Holm", judgement.adjustedP),
            ("minimum detectable effect", judgement.minimumDetectableEffect),
        ]
        return [
            .init(name: "decision", value: judgement.decision.rawValue),
            .init(name: "statistic", value: result.gate.statistic.title), .init(name: "unit", value: judgement.unit),
        ] + numbers.compactMap { name, value in value.map { .init(name: name, value: "\($0)") } } + [
            .init(name: "count", value: "\(judgement.count)"),
            .init(name: "coverage", value: judgement.coverage.description),
        ]
    }

    /// The worst stretches, each with its files.
    private static func segments(_ finding: Finding, _ worst: [Int]) -> [String] {
        let segments = finding.outcome.segments ?? []
        return worst.filter(segments.indices.contains).map { index in
            let segment = segments[index]
            let files = finding.attachments.filter { $0.segment == index }.map { ", \($0.path)" }.joined()
            return
                "Segment \(index), \(number(segment.start)) s to \(number(segment.end)) s, \(segment.label.rawValue): "
                + (segment.number.map { "\($0)" } ?? "no value") + files
        }
    }
}
