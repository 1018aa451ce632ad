extension RunReport {
    /// Blocking gates that do not pass as workflow commands, which GitHub shows at the gate's line.
    ///
    /// A step may show ten errors; more are dropped without a word, so the tenth line then counts the rest.
    ///
    /// - Parameter limit: Most lines, at least 2.
    /// - Returns: Lines such as `::error file=gates.yaml,line=12::...`; empty when every blocking gate passes.
    public func githubErrors(limit: Int = 10) -> [String] {
        let phases = verdict.phases.map(\.phase)
        let open = Decision.worstFirst.filter { $0 != .pass }.flatMap { decision in
            evaluation.results.filter { $0.decision == decision && $0.isBlocking && phases.contains($0.gate.phase) }
        }
        let file = gates.source.hasSuffix(" (shipped)") ? String(gates.source.dropLast(10)) : gates.source
        let lines = open.map { result in
            let text = "\(result.decision.rawValue): \(result.gate.title): \(result.reason)"
            return Self.command(file: file, line: result.gate.line, text)
        }
        if open.isEmpty, verdict.exitCode != 0 { return [Self.command(file: file, line: 1, verdict.summary)] }
        guard lines.count > limit else { return lines }
        let rest = open[limit - 1].gate.line
        return lines.prefix(limit - 1) + [Self.command(file: file, line: rest, "and \(lines.count - limit + 1) more")]
    }

    private static func command(file: String, line: Int, _ text: String) -> String {
        "::error file=\(escaped(file, "%\r\n:,")),line=\(line)::\(escaped(XMLText.cleaned(text), "%\r\n"))"
    }

    /// Percent-encodes scalars, not characters: CR LF and a sign with an accent are one character each.
    private static func escaped(_ text: String, _ special: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            if special.unicodeScalars.contains(scalar) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += digits.utf8.count < 2 ? "%0\(digits)" : "%\(digits)"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
