extension RunReport {
    /// The verdict and the gates as Markdown, for the step summaries of CI systems.
    ///
    /// - Parameter byteLimit: A longer text is cut at a line's end and says so; GitHub shows nothing at all above 1 MiB.
    /// - Returns: The text, at most `byteLimit` bytes long.
    public func markdown(byteLimit: Int = 900_000) -> String {
        let head = "# \(Markdown.escaped("\(verdict.overall.rawValue): \(verdict.summary)"))\n\n"
        let lines = reasons + verdict.phases.flatMap(section)
        return Markdown.cut([head] + lines, byteLimit: byteLimit)
    }

    private var reasons: [String] {
        let why = verdict.reasons.map { "- \($0.decision.rawValue): \($0.text)" }
        let worse = verdict.worse.map { "- Worse: \($0.text)" }
        let next = verdict.nextMeasurement.map { ["- Next: \($0)"] } ?? []
        return (why + worse + next).map { "- \(Markdown.escaped(String($0.dropFirst(2))))\n" }
    }

    /// A table of the phase's gates, the worst first.
    private func section(_ phase: RunVerdict.Phase) -> [String] {
        let gates = evaluation.results.filter { $0.gate.phase == phase.phase }
        let title = "Phase \(phase.phase): \(phase.verdict.rawValue)"
        let head = "\n## \(title)\n\n\(Markdown.escaped(phase.summary))\n\n"
        guard !gates.isEmpty else { return [head] }
        let rows = Decision.worstFirst.flatMap { decision in
            gates.filter { $0.decision == decision }.map { result in
                let severity = result.isWaived ? "waived" : result.gate.severity.rawValue
                let cells = [decision.rawValue, result.gate.id, severity, result.reason].map(Markdown.cell)
                return "| \(cells.joined(separator: " | ")) |\n"
            }
        }
        return [head + "| Decision | Gate | Severity | Reason |\n| --- | --- | --- | --- |\n"] + rows
    }
}

/// Markdown as step summaries show it.
enum Markdown {
    /// Text on one line in which nothing is markup: file names and messages may hold anything.
    static func escaped(_ text: String) -> String {
        XMLText.oneLine(text).unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case "\\", "`", "*", "_", "[", "]", "#", "|", "~", "!", "@": result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    /// A table's cell; nothing is shown as a hyphen.
    static func cell(_ text: String) -> String { text.isEmpty ? "-" : escaped(text) }

    /// Joins lines up to a limit of bytes.
    static func cut(_ lines: [String], byteLimit: Int) -> String {
        let total = lines.reduce(0) { $0 + $1.utf8.count }
        guard total > byteLimit else { return lines.joined() }
        // The notice's own length is bounded: its number has at most 20 digits.
        var room = byteLimit - 120
        var kept: [String] = []
        for line in lines {
            room -= line.utf8.count
            if room < 0 { break }
            kept.append(line)
        }
        let notice = "\nCut off: \(lines.count - kept.count) more parts are in report.html and results.json.\n"
        return notice.utf8.count > byteLimit ? "" : kept.joined() + notice
    }
}
