/// All gates of a file held against all findings of a run.
public struct GateEvaluation: Sendable, Equatable {
    /// In the order of the gate file.
    public let results: [GateResult]
    /// Ids of findings that no gate looked at: shown, so that nothing measured is silently unjudged.
    public let unjudged: [String]

    /// Judges a run.
    ///
    /// Equal inputs give equal results: the bootstrap takes the run's seed. All gates of the file are judged, also those
    /// of phases that nobody asked for, so that Holm's family does not depend on the question.
    ///
    /// - Parameters:
    ///   - run: What was measured.
    ///   - gates: The lines.
    ///   - today: Decides whether waivers have expired.
    public init(_ run: RunResults, gates: GateSet, today: CalendarDay) {
        let byID = Dictionary(uniqueKeysWithValues: run.findings.map { ($0.id, $0) })
        var judged: Set<String> = []
        var judgements = gates.gates.map { gate in
            run.findings.compactMap { finding -> Judgement? in
                guard let captures = gate.finding.captures(in: finding.id) else { return nil }
                judged.insert(finding.id)
                let judge = FindingJudge(gate: gate, seed: run.info.seed)
                switch gate.criterion {
                case .superiority(let against, _), .nonInferiority(let against, _):
                    let id = against.isExact ? against.text : against.filled(with: captures)
                    judged.insert(id)
                    return PairedJudge(judge: judge).compare(finding, byID[id], id: id)
                case .atMost, .atLeast, .within, .derivedBound: return judge.judge(finding)
                }
            }
        }
        Self.correct(&judgements, gates.gates)
        results = zip(gates.gates, judgements).map { GateResult(gate: $0, judgements: $1, today: today) }
        unjudged = run.findings.map(\.id).filter { !judged.contains($0) }
    }

    /// Holm over the blocking superiority claims: with many claims, one of them comes true by luck.
    ///
    /// A claim that was not measured stays in the family, so that measuring less never makes a claim easier.
    private static func correct(_ judgements: inout [[Judgement]], _ gates: [Gate]) {
        var family: [(gate: Int, judgement: Int, p: Double)] = []
        for (index, gate) in gates.enumerated() {
            guard case .superiority = gate.criterion, gate.severity == .block else { continue }
            for (place, judgement) in judgements[index].enumerated() { family.append((index, place, judgement.p ?? 1)) }
        }
        let adjusted = HolmCorrection.adjusted(family.map(\.p))
        for (member, p) in zip(family, adjusted) {
            let gate = gates[member.gate]
            var judgement = judgements[member.gate][member.judgement]
            guard judgement.p != nil else { continue }
            judgement.adjustedP = p
            if judgement.decision == .pass, !(p <= 1 - gate.confidence) {
                let level = number(1 - gate.confidence)
                judgement.decision = .inconclusive
                judgement.reason +=
                    "; p = \(number(p)) after Holm's correction over \(family.count) claims, at most \(level) asked"
            }
            judgements[member.gate][member.judgement] = judgement
        }
    }
}
