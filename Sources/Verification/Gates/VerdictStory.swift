/// Chooses from all results what a person must read first.
struct VerdictStory {
    let results: [GateResult]
    let broken: [Finding]
    let phases: [RunVerdict.Phase]
    let verdict: Verdict

    var summary: String {
        let decisive = phases.filter { $0.verdict == verdict }
        guard let first = decisive.first else { return "Nothing was checked." }
        if phases.count == 1 { return first.summary }
        if verdict == .switch { return "All \(phases.count) phases pass." }
        let names = decisive.map { "\($0.phase)" }.joined(separator: ", ")
        return "Phase\(decisive.count > 1 ? "s" : "") \(names) of \(phases.count) asked for. "
            + "Phase \(first.phase): \(first.summary)"
    }

    /// The strongest three: what fails by the most, else what is open, else the claims shown by the most.
    var reasons: [RunVerdict.Reason] {
        let blocking = results.filter(\.isBlocking)
        let chosen: [GateResult] =
            switch verdict {
            case .doNot: Self.strongest(blocking.filter { $0.decision == .fail })
            case .cannotTell: blocking.filter { $0.decision == .notMeasured || $0.decision == .inconclusive }
            case .switch: Self.strongest(blocking)
            }
        var reasons = chosen.map {
            RunVerdict.Reason(gate: $0.gate.id, decision: $0.decision, text: "\($0.gate.title): \($0.reason)")
        }
        if verdict == .cannotTell {
            // A phase without any gate, and a check that broke unwatched, say more than one open gate among many.
            reasons = phaseReasons + reasons
        }
        return Array(reasons.prefix(3))
    }

    private var phaseReasons: [RunVerdict.Reason] {
        let unwatched = broken.map {
            RunVerdict.Reason(
                gate: $0.id, decision: .fail,
                text: "\($0.plan.title): \($0.outcome.reason ?? ""), and no gate looks at it")
        }
        guard !emptyPhases.isEmpty else { return unwatched }
        let names = emptyPhases.map { "\($0.phase)" }.joined(separator: ", ")
        let text = "No gate of phase \(names) was judged: nothing says that it is done."
        return unwatched + [.init(gate: "phase \(names)", decision: .notMeasured, text: text)]
    }

    /// Phases without a gate that could have stopped them.
    private var emptyPhases: [RunVerdict.Phase] {
        phases.filter { phase in !results.contains { $0.gate.phase == phase.phase && $0.isBlocking } }
    }

    /// Sorted by how far the decisive judgement lies from its line, in units of the line; what broke comes first.
    private static func strongest(_ results: [GateResult]) -> [GateResult] {
        let ranked = results.enumerated().map { (offset: $0, result: $1, strength: strength($1)) }
        return ranked.sorted { ($0.strength, $1.offset) > ($1.strength, $0.offset) }.map(\.result)
    }

    private static func strength(_ result: GateResult) -> Double {
        result.judgements.filter { $0.decision == result.decision }.map { judgement in
            guard let margin = judgement.margin, margin.isFinite else {
                return result.decision == .fail ? Double.infinity : 0
            }
            let line = max(judgement.lowest?.magnitude ?? 0, judgement.highest?.magnitude ?? 0)
            let spread = judgement.interval.map { ($0.upper - $0.lower) / 2 } ?? 0
            let scale = max(line, spread)
            return scale > 0 ? margin.magnitude / scale : margin.magnitude
        }.max() ?? 0
    }

    /// Comparisons in which the new is worse than the old on the mean, and warnings that fail.
    var worse: [RunVerdict.Worsening] {
        // What is shown only compares other things than the new with the old.
        let found = results.filter { !$0.gate.isShownOnly }.flatMap { result in
            result.judgements.compactMap { judgement -> (strength: Double, item: RunVerdict.Worsening)? in
                let isPaired = result.gate.isPaired
                let value = judgement.value ?? 0
                guard isPaired ? value < 0 : result.gate.severity == .warn && judgement.decision == .fail else {
                    return nil
                }
                let text = "\(result.gate.title): \(judgement.reason)"
                let scale = judgement.interval.map { ($0.upper - $0.lower) / 2 } ?? 0
                return (
                    isPaired && scale > 0 ? -value / scale : 0,
                    .init(
                        gate: result.gate.id, finding: judgement.finding, decision: judgement.decision, text: text,
                        worstSegments: judgement.worstSegments)
                )
            }
        }
        return found.enumerated().sorted { ($0.element.strength, $1.offset) > ($1.element.strength, $0.offset) }
            .map(\.element.item)
    }

    var gaps: [RunVerdict.Gap] {
        results.filter { $0.decision != .pass }.compactMap { result in
            let open = result.judgements.filter { $0.decision == .notMeasured || $0.decision == .inconclusive }
            guard !open.isEmpty || result.judgements.isEmpty else { return nil }
            return RunVerdict.Gap(
                gate: result.gate.id, findings: open.isEmpty ? [result.gate.finding.text] : open.map(\.finding),
                text: open.first?.reason ?? result.reason, remedy: open.compactMap(\.remedy).first)
        }
    }

    /// Groups what is open by what would close it, and names the one that closes most blocking gates.
    var nextMeasurement: String? {
        guard verdict == .cannotTell else { return nil }
        let blocking = Set(results.filter(\.isBlocking).map(\.gate.id))
        let open = gaps.filter { blocking.contains($0.gate) }
        let needs = open.map { $0.remedy ?? need($0) }
        guard let best = needs.max(by: { count($0, needs) < count($1, needs) }) else { return phaseReasons.first?.text }
        let (closed, total) = (count(best, needs), needs.count)
        let effect = closed == total ? "all open gates" : "\(closed) of \(total) open gates"
        let rest = emptyPhases.map { "\($0.phase)" }.joined(separator: ", ")
        return "\(best) (would settle \(effect)\(rest.isEmpty ? "" : "; phase \(rest) has none"))"
    }

    private func count(_ need: String, _ needs: [String]) -> Int { needs.count { $0 == need } }

    private func need(_ gap: RunVerdict.Gap) -> String {
        let judgements = results.first { $0.gate.id == gap.gate }?.judgements ?? []
        guard let judgement = judgements.first(where: { $0.decision == .inconclusive }),
            let more = judgement.segmentsToSettle
        else { return "measure \(gap.findings[0]): \(gap.text)" }
        return "measure about \(more) segments like these instead of \(judgement.count)"
    }
}

extension Gate {
    /// Whether it compares two findings.
    public var isPaired: Bool {
        switch criterion {
        case .superiority, .nonInferiority: true
        case .atMost, .atLeast, .within, .derivedBound: false
        }
    }

    /// Two-sided confidence of the interval each of whose ends is a one-sided one, without the rounding of 2 c - 1.
    var intervalConfidence: Double { ((2 * confidence - 1) * 1e9).rounded() / 1e9 }
}

extension Judgement {
    /// Segments that would move the interval off the line if the statistic stayed: widths shrink with the square root.
    var segmentsToSettle: Int? {
        guard let margin, margin != 0, let interval, interval.upper > interval.lower else { return nil }
        let ratio = (interval.upper - interval.lower) / 2 / margin.magnitude
        return Int(exactly: (Double(count) * ratio * ratio).rounded(.up)).map { max($0, count + 1) }
    }
}
