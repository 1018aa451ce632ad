/// The first screen: the decision, as the verdict object has it.
struct OpeningPage {
    struct Link {
        let row: Int
        let text: String
    }
    struct Item {
        let text: String
        /// The gate to look at, at most one.
        let gates: [String]
        let mark: Mark
        let remedy: String?
        /// What the gate says to it.
        let aside: String?
        let scenes: [Link]
        let hasScenes: Bool

        init(
            text: String, gates: [String], mark: Mark, remedy: String? = nil, aside: String? = nil, scenes: [Link] = []
        ) {
            (self.text, self.gates, self.mark) = (text, gates, mark)
            (self.remedy, self.aside, self.scenes) = (remedy, aside, scenes)
            hasScenes = !scenes.isEmpty
        }
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
        phases = verdict.phases.map(Self.phase)
        // Gates that only show something are in the table below, not among what decides.
        let deciding = results.filter { !$0.gate.isShownOnly }
        counts = Decision.worstFirst.map { decision in
            Count(mark: Mark(decision), count: deciding.count { $0.decision == decision })
        }
        gateCount = deciding.count
        reasons = verdict.reasons.map { reason in
            // What broke unwatched, and a phase without gates, have no row to lead to.
            let isGate = results.contains { $0.gate.id == reason.gate }
            return Item(text: reason.text, gates: isGate ? [reason.gate] : [], mark: Mark(reason.decision))
        }
        allWorse = verdict.worse.map { Self.worse($0, table) }
        allGaps = verdict.gaps.map { Self.gap($0, results) }
        worse = Array(allWorse.prefix(Self.shownCount))
        gaps = Array(allGaps.prefix(Self.shownCount))
        moreWorse = Self.rest(allWorse)
        moreGaps = Self.rest(allGaps)
        next = verdict.nextMeasurement
        waived = verdict.waived.isEmpty ? nil : verdict.waived.joined(separator: ", ")
        hasRest = moreWorse != nil || moreGaps != nil
    }

    private static func phase(_ phase: RunVerdict.Phase) -> Phase {
        let counts = Decision.worstFirst.compactMap { decision in
            phase.counts[decision].map { "\($0) \(decision.rawValue.lowercased())" }
        }
        return Phase(
            number: phase.phase, mark: Mark(phase.verdict), summary: phase.summary,
            counts: counts.joined(separator: ", "))
    }

    private static func worse(_ worse: RunVerdict.Worsening, _ table: SegmentTable) -> Item {
        let scenes = worse.worstSegments.prefix(3).compactMap { table.row(worse.finding, $0) }
        return Item(
            text: worse.text, gates: [worse.gate], mark: .worse,
            aside: "gate \(worse.gate) says \(worse.decision.rawValue)",
            scenes: scenes.map { Link(row: $0, text: "\(table.rows[$0].time) \(table.rows[$0].label.rawValue)") })
    }

    private static func gap(_ gap: RunVerdict.Gap, _ results: [GateResult]) -> Item {
        let result = results.first { $0.gate.id == gap.gate }
        let isAstride = result?.decision == .inconclusive
        return Item(
            text: "\(result?.gate.title ?? gap.gate): \(gap.text)", gates: [gap.gate],
            mark: Mark(isAstride ? .inconclusive : .notMeasured), remedy: gap.remedy)
    }

    private static func rest(_ items: [Item]) -> Int? {
        items.count > shownCount ? items.count - shownCount : nil
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
