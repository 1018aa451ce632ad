/// Two runs held against each other, finding by finding and segment by segment; what got worse comes first.
public struct RunComparison: Sendable, Equatable {
    /// A gate that decides otherwise now.
    public struct GateChange: Sendable, Equatable {
        /// Its id.
        public let gate: String
        /// What it said.
        public let old: Decision
        /// What it says.
        public let new: Decision
        /// Why, with the new numbers.
        public let reason: String
        /// Whether a reader would rather have the old decision.
        public var isWorse: Bool { Self.rank(new) < Self.rank(old) }

        private static func rank(_ decision: Decision) -> Int { Decision.worstFirst.firstIndex(of: decision) ?? 0 }
    }

    /// Why the runs must not be compared; empty when they may.
    public let obstacles: [String]
    /// Gates that decide otherwise, those that got worse first.
    public let gates: [GateChange]
    /// Findings that differ, the most harmful first.
    public let findings: [FindingChange]

    /// Whether a gate decides worse, or a finding is worse, lost or gone.
    public var isWorse: Bool { gates.contains(where: \.isWorse) || findings.contains(where: \.isWorse) }

    /// Compares two runs.
    ///
    /// - Parameters:
    ///   - old: The run before.
    ///   - new: The run now; both are judged by its lines.
    ///   - today: Decides whether waivers have expired.
    ///   - tolerance: Relative change that counts as none, at least 0. The default is what float32 arithmetic in another
    ///     order may change.
    public init(old: RunResults, new: RunReport, today: CalendarDay, tolerance: Double = 1e-6) {
        let before = RunReport(
            old, gates: new.gates, phases: new.verdict.phases.map(\.phase), today: today)
        obstacles = Self.obstacles(old, new.results)
        gates = Self.gates(before.evaluation.results, new.evaluation.results)
        let known = Set(old.findings.map(\.id))
        let changes =
            old.findings.compactMap { finding in
                FindingChange(finding, new.results.finding(finding.id), tolerance: tolerance)
            } + new.results.findings.filter { !known.contains($0.id) }.map(FindingChange.init(added:))
        findings = changes.enumerated().sorted {
            ($0.element.harm, $1.offset) > ($1.element.harm, $0.offset)
        }.map(\.element)
    }

    /// Both lists have the gates of one file in its order.
    private static func gates(_ old: [GateResult], _ new: [GateResult]) -> [GateChange] {
        let changes = zip(old, new).filter { $0.decision != $1.decision }.map {
            GateChange(gate: $1.gate.id, old: $0.decision, new: $1.decision, reason: $1.reason)
        }
        return changes.filter(\.isWorse) + changes.filter { !$0.isWorse }
    }

    /// Facts that say when or where a run was, not what it measured with.
    private static let circumstances: Set<String> = ["processors", "system", "commit", "toolchain"]

    private static func obstacles(_ old: RunResults, _ new: RunResults) -> [String] {
        var found: [String] = []
        if old.info.tool != new.info.tool { found.append("the tool was '\(old.info.tool)', is '\(new.info.tool)'") }
        if old.info.seed != new.info.seed { found.append("the seed was \(old.info.seed), is \(new.info.seed)") }
        let (before, after) = (facts(old.info), facts(new.info))
        for name in Set(before.keys).union(after.keys).sorted() where before[name] != after[name] {
            let (was, now) = (before[name] ?? "not stated", after[name] ?? "not stated")
            found.append("'\(name)' was '\(was)', is '\(now)'")
        }
        for finding in old.findings {
            guard let other = new.finding(finding.id), let problem = FindingChange.obstacle(finding, other) else {
                continue
            }
            found.append("\(finding.id): \(problem)")
        }
        return found
    }

    private static func facts(_ info: RunInfo) -> [String: String] {
        Dictionary(info.facts.map { ($0.name, $0.value) }) { "\($0), \($1)" }
            .filter { !circumstances.contains($0.key) }
    }
}
