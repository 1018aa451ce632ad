extension RunComparison {
    /// The comparison as text: gates first, then findings, then their segments, the most harmful first.
    ///
    /// - Parameter segmentCount: Most segments shown for a finding.
    /// - Returns: Lines, also readable as Markdown.
    public func text(segmentCount: Int = 5) -> String {
        let (worse, better) = (findings.count(where: \.isWorse), findings.count { $0.harm < 0 })
        let head =
            "\(isWorse ? "WORSE" : "NOT WORSE"): \(worse) findings worse, \(better) better, "
            + "\(findings.count - worse - better) otherwise changed; \(gates.count(where: \.isWorse)) gates worse, "
            + "\(gates.count { !$0.isWorse }) better"
        let gates = gates.map { "- gate \($0.gate): \($0.old.rawValue) -> \($0.new.rawValue): \($0.reason)" }
        let lines = findings.flatMap { change in
            [Self.line(change)] + change.segments.prefix(segmentCount).map(Self.line)
        }
        return ([head] + obstacles.map { "- differs: \($0)" } + gates + lines).joined(separator: "\n") + "\n"
    }

    private static func line(_ change: FindingChange) -> String {
        let worse = change.segments.count { $0.harm > 0 }
        let counts = change.segments.isEmpty ? "" : "; \(worse) segments worse, \(change.segments.count - worse) better"
        guard let old = change.old, let new = change.new else { return "- \(change.kind.rawValue): \(change.id)" }
        let share = change.harm.isFinite ? ", \(number(change.harm.magnitude * 100)) %" : ""
        return
            "- \(change.kind.rawValue): \(change.id): \(number(old)) -> \(number(new)) \(change.unit)\(share)\(counts)"
    }

    private static func line(_ segment: FindingChange.Segment) -> String {
        let text = { (value: Double?) in value.map { number($0) } ?? "no value" }
        return "  - segment \(segment.index) (\(number(segment.start)) s to \(number(segment.end)) s): "
            + "\(text(segment.old)) -> \(text(segment.new))"
    }
}
