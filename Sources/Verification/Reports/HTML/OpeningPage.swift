/// The first screen: the decision, as the verdict object has it.
struct OpeningPage {
    struct Link {
        let row: Int
        let text: String
    }
    struct Item {
        let text: String
        let gate: String
        let mark: Mark
        let remedy: String?
        /// What the gate says to it.
        let aside: String?
        let scenes: [Link]
        let hasScenes: Bool
    }
    struct Phase {
        let number: Int
        let mark: Mark
        let summary: String
        let counts: String
    }
    struct Count {
        let mark: Mark
        let count: Int
    }

    /// Items on the first screen; the rest follows under "Everything that is open or worse".
    static let shownCount = 3

    let mark: Mark
    let summary: String
    let phases: [Phase]
    let counts: [Count]
    let gateCount: Int
    let reasons: [Item]
    let worse: [Item]
    let moreWorse: Int?
    let gaps: [Item]
    let moreGaps: Int?
    let next: String?
    let waived: String?
    let allWorse: [Item]
    let allGaps: [Item]
    let hasRest: Bool

    init(_ report: RunReport, _ table: SegmentTable) {
        let verdict = report.verdict
        let results = report.shownGates
        mark = Mark(verdict.overall)
        summary = verdict.summary
        phases = verdict.phases.map { phase in
            let counts = Decision.worstFirst.compactMap { decision in
                phase.counts[decision].map { "\($0) \(decision.rawValue.lowercased())" }
            }
            return Phase(
                number: phase.phase, mark: Mark(phase.verdict), summary: phase.summary,
                counts: counts.joined(separator: ", "))
        }
        counts = Decision.worstFirst.map { decision in
            Count(mark: Mark(decision), count: results.count { $0.decision == decision })
        }
        gateCount = results.count
        reasons = verdict.reasons.map { Self.item($0.text, $0.gate, Mark($0.decision)) }
        allWorse = verdict.worse.map { worse in
            let scenes = worse.worstSegments.prefix(3).compactMap { table.row(worse.finding, $0) }
            return Self.item(
                worse.text, worse.gate, .worse, aside: "gate \(worse.gate) says \(worse.decision.rawValue)",
                scenes: scenes.map { Link(row: $0, text: "\(table.rows[$0].time) \(table.rows[$0].label.rawValue)") })
        }
        allGaps = verdict.gaps.map { gap in
            let decision = results.first { $0.gate.id == gap.gate }?.decision ?? .notMeasured
            let name = results.first { $0.gate.id == gap.gate }?.gate.title ?? gap.gate
            return Self.item(
                "\(name): \(gap.text)", gap.gate, Mark(decision == .inconclusive ? .inconclusive : .notMeasured),
                remedy: gap.remedy)
        }
        worse = Array(allWorse.prefix(Self.shownCount))
        gaps = Array(allGaps.prefix(Self.shownCount))
        moreWorse = Self.rest(allWorse)
        moreGaps = Self.rest(allGaps)
        next = verdict.nextMeasurement
        waived = verdict.waived.isEmpty ? nil : verdict.waived.joined(separator: ", ")
        hasRest = moreWorse != nil || moreGaps != nil
    }

    private static func rest(_ items: [Item]) -> Int? {
        items.count > shownCount ? items.count - shownCount : nil
    }

    private static func item(
        _ text: String, _ gate: String, _ mark: Mark, remedy: String? = nil, aside: String? = nil, scenes: [Link] = []
    ) -> Item {
        Item(
            text: text, gate: gate, mark: mark, remedy: remedy, aside: aside, scenes: scenes, hasScenes: !scenes.isEmpty
        )
    }
}

/// How a decision looks: a word, a sign and a colour class, so that colour alone never carries it.
struct Mark {
    let word, sign, style: String

    init(word: String, sign: String, style: String) {
        (self.word, self.sign, self.style) = (word, sign, style)
    }

    /// Something that is worse than what it replaces, whatever its gate says.
    static let worse = Mark(word: "WORSE", sign: "↓", style: "open")

    init(_ decision: Decision) {
        switch decision {
        case .pass: self.init(word: decision.rawValue, sign: "✓", style: "pass")
        case .fail: self.init(word: decision.rawValue, sign: "✕", style: "fail")
        case .inconclusive: self.init(word: decision.rawValue, sign: "≈", style: "open")
        case .notMeasured: self.init(word: decision.rawValue, sign: "?", style: "open")
        }
    }

    init(_ verdict: Verdict) {
        switch verdict {
        case .switch: self.init(word: verdict.rawValue, sign: "✓", style: "pass")
        case .doNot: self.init(word: verdict.rawValue, sign: "✕", style: "fail")
        case .cannotTell: self.init(word: verdict.rawValue, sign: "?", style: "open")
        }
    }
}

extension RunReport {
    /// Gates of the phases asked for, in the order of the gate file.
    var shownGates: [GateResult] {
        let asked = verdict.phases.map(\.phase)
        return evaluation.results.filter { asked.contains($0.gate.phase) }
    }
}
