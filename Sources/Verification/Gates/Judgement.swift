/// What a gate says about one finding, with all numbers that led to it.
public struct Judgement: Sendable, Equatable {
    /// The interval that a statistic lies in.
    public struct Interval: Sendable, Equatable, Encodable {
        /// Lower end; infinite only at the end of a scale.
        public let lower: Double
        /// Upper end.
        public let upper: Double
        /// Share of such two-sided intervals that hold the true value: 2 c - 1 for a one-sided confidence of c.
        public let confidence: Double
    }

    /// Id of the finding.
    public let finding: String
    /// PASS, FAIL, INCONCLUSIVE or NOT MEASURED.
    public internal(set) var decision: Decision
    /// One line with the numbers, or what is missing.
    public internal(set) var reason: String
    /// What would make it measurable, where that is known.
    public internal(set) var remedy: String?
    /// The statistic; a mean difference, positive when better, where two findings are compared.
    public internal(set) var value: Double?
    /// Unit of `value`, `lowest` and `highest`.
    public internal(set) var unit: String
    /// Where the statistic may lie; absent for single values and tails, which are facts about this film.
    public internal(set) var interval: Interval?
    /// Smallest value that passes; a comparison of two findings must be above it.
    public internal(set) var lowest: Double?
    /// Largest value that passes.
    public internal(set) var highest: Double?
    /// Values used, after the choice of segments.
    public internal(set) var count: Int
    /// Of the chosen segments, or of the finding.
    public internal(set) var coverage: Coverage
    /// Smallest true difference that this many segments would show with a power of 80 %.
    public internal(set) var minimumDetectableEffect: Double?
    /// One-sided p of a superiority claim.
    public internal(set) var p: Double?
    /// The same after Holm's correction over all blocking superiority claims.
    public internal(set) var adjustedP: Double?
    /// Positions of the worst segments in the finding, worst first, at most 10.
    public internal(set) var worstSegments: [Int] = []

    init(_ finding: Finding, coverage: Coverage, unit: String? = nil) {
        self.finding = finding.id
        decision = .notMeasured
        reason = ""
        self.unit = unit ?? finding.plan.unit
        count = coverage.measured
        self.coverage = coverage
    }

    /// Distance from the nearest line, positive on the good side; nil without a number.
    public var margin: Double? {
        guard let value else { return nil }
        let distances = [lowest.map { value - $0 }, highest.map { $0 - value }].compactMap(\.self)
        return distances.min()
    }

    func deciding(_ decision: Decision, _ reason: String, remedy: String? = nil) -> Judgement {
        var copy = self
        (copy.decision, copy.reason, copy.remedy) = (decision, reason, remedy)
        return copy
    }
}

/// What a gate says about all findings it is about.
public struct GateResult: Sendable, Equatable {
    /// The gate.
    public let gate: Gate
    /// The worst of its judgements; not measured when nothing matched.
    public let decision: Decision
    /// One line that says why.
    public let reason: String
    /// One for each matching finding, in the order of the run.
    public let judgements: [Judgement]
    /// Whether an unexpired waiver lets the verdict pass over it; a waived gate is still shown as what it is.
    public let isWaived: Bool

    /// Whether the verdict depends on it.
    public var isBlocking: Bool { gate.severity == .block && !isWaived }

    init(gate: Gate, judgements: [Judgement], today: CalendarDay) {
        self.gate = gate
        self.judgements = judgements
        decision = Decision.worst(judgements.map(\.decision))
        let decisive = judgements.first { [decision] in $0.decision == decision }
        isWaived = decision != .pass && gate.waiver.map { today <= $0.expires } ?? false
        reason = Self.reason(gate, decisive, judgements, isWaived: isWaived)
    }

    private static func reason(_ gate: Gate, _ decisive: Judgement?, _ all: [Judgement], isWaived: Bool) -> String {
        guard let decisive else { return "nothing was measured under '\(gate.finding.text)'" }
        let same = all.count { $0.decision == decisive.decision }
        var text = all.count == 1 ? decisive.reason : "\(decisive.finding): \(decisive.reason)"
        if all.count > 1 { text = "\(same) of \(all.count) \(decisive.decision.rawValue), first \(text)" }
        guard decisive.decision != .pass, let waiver = gate.waiver else { return text }
        return isWaived
            ? "\(text) (waived until \(waiver.expires): \(waiver.reason))"
            : "\(text) (its waiver expired on \(waiver.expires))"
    }
}
