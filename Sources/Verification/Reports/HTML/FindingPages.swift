/// Everything that one check measured.
struct CheckPage {
    struct Row {
        let id, title, found, variant, over: String
        let details: [String]
        let files: [File]
        let style: String
    }
    struct File {
        let path, title: String
    }

    let check: String
    let summary: String
    let rows: [Row]

    /// Findings by check, in the order of the run, without those that have a table of their own.
    static func all(_ findings: [Finding]) -> [CheckPage] {
        var order: [String] = []
        var groups: [String: [Finding]] = [:]
        for finding in findings where !finding.isClaim {
            if groups[finding.plan.check] == nil { order.append(finding.plan.check) }
            groups[finding.plan.check, default: []].append(finding)
        }
        return order.map { CheckPage($0, groups[$0] ?? []) }
    }

    private init(_ check: String, _ findings: [Finding]) {
        self.check = check
        let open = findings.count { !$0.outcome.hasNumber }
        summary =
            "\(findings.count) finding\(findings.count == 1 ? "" : "s")\(open > 0 ? ", \(open) without a number" : "")"
        rows = findings.map { finding in
            Row(
                id: finding.id, title: finding.plan.title, found: finding.foundText, variant: finding.plan.variant,
                over: finding.population > 0 ? "\(finding.population) \(finding.populationUnit)" : "–",
                details: finding.details,
                files: finding.attachments.filter { $0.segment == nil }.map { File(path: $0.link, title: $0.title) },
                style: finding.outcome.hasNumber ? "" : "open")
        }
    }
}

/// One claim of the design, held against what was measured.
struct ClaimRow {
    let id, claim, found, evidence: String
    let instead: String?
    let mark: Mark

    /// The word in a finding's note after which it says what to do instead.
    private static let insteadWord = "Instead: "

    init(_ finding: Finding, _ decision: Decision?) {
        id = finding.id
        claim = finding.plan.title
        found = finding.foundText
        let parts = finding.note.split(separator: Self.insteadWord, maxSplits: 1, omittingEmptySubsequences: false)
        let notes = [parts.first.map(String.init) ?? "", finding.plan.source].map { $0.trimmingSpace }
        evidence = notes.filter { !$0.isEmpty }.joined(separator: " — ")
        instead = parts.count > 1 ? String(parts[1]) : nil
        mark = Self.mark(finding, decision)
    }

    private static func mark(_ finding: Finding, _ decision: Decision?) -> Mark {
        switch finding.outcome {
        case .notMeasured: return Mark(word: "not measurable here", sign: "?", style: "open")
        case .failed: return Mark(word: "broke", sign: "✕", style: "fail")
        case .value, .segments: break
        }
        switch decision ?? finding.againstBound {
        case .pass: return Mark(word: "holds", sign: "✓", style: "pass")
        case .fail: return Mark(word: "fails", sign: "✕", style: "fail")
        case .inconclusive: return Mark(word: "not settled", sign: "≈", style: "open")
        case .notMeasured: return Mark(word: "not measurable here", sign: "?", style: "open")
        case nil: return Mark(word: "measured, no line", sign: "·", style: "open")
        }
    }
}

extension Finding {
    var isClaim: Bool { plan.check == "claims" || plan.check.hasPrefix("claims.") }

    /// A single value held against the bound that came with it; nil where there is none.
    fileprivate var againstBound: Decision? {
        guard case .value(let value) = outcome, let bound else { return nil }
        switch plan.direction {
        case .higher: return value >= bound.value ? .pass : .fail
        case .lower: return value <= bound.value ? .pass : .fail
        case .zero: return value.magnitude <= bound.value ? .pass : .fail
        case .none: return nil
        }
    }

    /// The number with its unit, or why there is none.
    var foundText: String {
        let unit = plan.unit == "1" || plan.unit.isEmpty ? "" : " \(plan.unit)"
        switch outcome {
        case .value(let value): return value.shortText + unit
        case .notMeasured(let reason, _): return "not measured: \(reason)"
        case .failed(let reason): return "broke: \(reason)"
        case .segments(let segments):
            let values = segments.compactMap(\.number).sorted()
            guard !values.isEmpty else { return "no segment gave a number" }
            let median = Statistic.quantile(values, 0.5)
            return "median \(median.shortText)\(unit), \(values[0].shortText) to \(values[values.count - 1].shortText)"
        }
    }

    /// What must be known with the number.
    fileprivate var details: [String] {
        var details = [plan.unit == "1" ? "" : "unit \(plan.unit)", "\(coverage)"]
        if case .notMeasured(_, let remedy?) = outcome { details.append("remedy: \(remedy)") }
        if let bound { details.append("bound \(bound.value.shortText): \(bound.source)") }
        return (details + [note, plan.source, command.map { "again: \($0)" } ?? ""]).filter { !$0.isEmpty }
    }
}

extension String {
    fileprivate var trimmingSpace: String { String(self.drop(while: \.isWhitespace)) }
}
