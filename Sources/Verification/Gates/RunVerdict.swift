/// The one verdict that text, JSON, XML, HTML and exit code show.
public struct RunVerdict: Sendable, Equatable, Encodable {
    /// The verdict of one phase.
    public struct Phase: Sendable, Equatable, Encodable {
        /// 1 to 4.
        public let phase: Int
        /// The answer to "may we go on past it?".
        public let verdict: Verdict
        /// One sentence that says why.
        public let summary: String
        /// Its gates by decision, waived ones included, without those that only show something.
        public let counts: [Decision: Int]
    }

    /// One thing that speaks for or against.
    public struct Reason: Sendable, Equatable, Encodable {
        /// The gate, or the phase such as `phase 3` where it has none.
        public let gate: String
        /// What the gate says.
        public let decision: Decision
        /// One line with the numbers.
        public let text: String
    }

    /// Something that is worse than what it replaces, whether or not a gate lets it pass.
    public struct Worsening: Sendable, Equatable, Encodable {
        /// The gate that compares.
        public let gate: String
        /// The finding that is worse.
        public let finding: String
        /// What the gate says.
        public let decision: Decision
        /// One line with the numbers.
        public let text: String
        /// Positions of the worst segments in the finding, worst first.
        public let worstSegments: [Int]
    }

    /// What was not measured, or not settled.
    public struct Gap: Sendable, Equatable, Encodable {
        /// The gate that waits for it.
        public let gate: String
        /// Ids of the findings, or the pattern that nothing matched.
        public let findings: [String]
        /// Why.
        public let text: String
        /// What to do about it, where that is known.
        public let remedy: String?
    }

    /// The worst of the phases.
    public let overall: Verdict
    /// The phases asked for, ascending.
    public let phases: [Phase]
    /// One sentence.
    public let summary: String
    /// At most three, the strongest first.
    public let reasons: [Reason]
    /// What got worse, the worst first.
    public let worse: [Worsening]
    /// What was not measured or not settled, of all severities.
    public let gaps: [Gap]
    /// The single measurement that would settle most; nil when nothing is open, or something fails.
    public let nextMeasurement: String?
    /// Gates that did not pass and are waived.
    public let waived: [String]
    /// Findings that no gate looked at.
    public let unjudged: [String]

    /// 0 SWITCH, 1 DO NOT, 3 CANNOT TELL.
    public var exitCode: Int32 { overall.exitCode }

    /// The verdict over phases.
    ///
    /// - Parameters:
    ///   - evaluation: All gates.
    ///   - run: What they judged.
    ///   - phases: The phases asked for; an empty list tells nothing.
    public init(_ evaluation: GateEvaluation, of run: RunResults, phases: [Int]) {
        let asked = Set(phases).sorted()
        let results = evaluation.results.filter { asked.contains($0.gate.phase) }
        // A check that broke must not go unseen because no gate looks at it.
        let broken = evaluation.unjudged.compactMap(run.finding).filter { finding in
            if case .failed = finding.outcome { asked.contains(finding.plan.phase) } else { false }
        }
        self.phases = asked.map { phase in
            Phase(phase, results.filter { $0.gate.phase == phase }, broken.filter { $0.plan.phase == phase })
        }
        // Whatever an interrupted run had found by then, it had not found everything.
        overall = Verdict.worst(self.phases.map(\.verdict) + (run.endedEarly ? [.cannotTell] : []))
        let story = VerdictStory(results: results, broken: broken, phases: self.phases, verdict: overall)
        let isSilent = run.endedEarly && !self.phases.contains { [overall] in $0.verdict == overall }
        summary = isSilent ? "The gates pass, but the run ended early: resume it." : story.summary
        reasons = story.reasons
        worse = story.worse
        gaps = story.gaps
        nextMeasurement = story.nextMeasurement
        waived = results.filter(\.isWaived).map(\.gate.id)
        unjudged = evaluation.unjudged
    }

    private enum CodingKeys: String, CodingKey {
        case overall, phases, summary, reasons, worse, gaps, waived, unjudged
        case nextMeasurement = "next_measurement"
        case exitCode = "exit_code"
    }

    /// Writes the verdict with its exit code.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(overall, forKey: .overall)
        try container.encode(exitCode, forKey: .exitCode)
        try container.encode(phases, forKey: .phases)
        try container.encode(summary, forKey: .summary)
        try container.encode(reasons, forKey: .reasons)
        try container.encode(worse, forKey: .worse)
        try container.encode(gaps, forKey: .gaps)
        try container.encodeIfPresent(nextMeasurement, forKey: .nextMeasurement)
        try container.encode(waived, forKey: .waived)
        try container.encode(unjudged, forKey: .unjudged)
    }
}

extension RunVerdict.Phase {
    fileprivate init(_ phase: Int, _ results: [GateResult], _ broken: [Finding]) {
        let blocking = results.filter(\.isBlocking)
        // Without a gate that could have stopped it (none, all waived, warnings only) a phase is not green.
        let gated = Verdict.over(blocking.map(\.decision))
        let deciding = results.filter { !$0.gate.isShownOnly }
        let counts = Dictionary(grouping: deciding, by: \.decision).mapValues(\.count)
        let verdict = broken.isEmpty ? gated : Verdict.worst([gated, .cannotTell])
        self.init(
            phase: phase, verdict: verdict, summary: Self.summary(verdict, phase, blocking, broken), counts: counts)
    }

    private static func summary(
        _ verdict: Verdict, _ phase: Int, _ blocking: [GateResult], _ broken: [Finding]
    ) -> String {
        guard !blocking.isEmpty else { return "No gate of phase \(phase) was judged: nothing says that it is done." }
        let failed = blocking.filter { $0.decision == .fail }
        let open = blocking.filter { $0.decision != .fail && $0.decision != .pass }
        switch verdict {
        case .switch: return "All \(blocking.count) blocking gates pass."
        case .doNot:
            return "\(failed.count) of \(blocking.count) blocking gates fail, the first: \(failed[0].gate.title)."
        case .cannotTell:
            guard let first = open.first else {
                return
                    "The gates pass, but \(broken.count) checks broke that no gate looks at: \(broken[0].plan.title)."
            }
            return "Nothing fails, but \(open.count) of \(blocking.count) blocking gates are open, "
                + "the first: \(first.gate.title)."
        }
    }
}
