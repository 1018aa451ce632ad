/// Judges a finding against another one, segment by segment.
struct PairedJudge {
    let judge: FindingJudge
    private var gate: Gate { judge.gate }

    /// Compares two findings over the same segments.
    ///
    /// - Parameters:
    ///   - candidate: The arm that shall be better, or not worse.
    ///   - baseline: The other arm; nil where nothing of that id was measured.
    ///   - id: The other arm's id.
    /// - Returns: Differences are positive when the candidate is better.
    func compare(_ candidate: Finding, _ baseline: Finding?, id: String) -> Judgement {
        let bare = Judgement(candidate, coverage: candidate.coverage)
        guard let baseline else { return bare.deciding(.notMeasured, "'\(id)' to compare with was not measured") }
        for arm in [candidate, baseline] {
            let judgement = Judgement(arm, coverage: arm.coverage)
            if arm.outcome.segments == nil, let broken = judge.broken(arm, judgement) {
                return bare.deciding(broken.decision, "\(arm.id): \(broken.reason)", remedy: broken.remedy)
            }
        }
        guard let pairs = pairs(candidate, baseline) else {
            return bare.deciding(.notMeasured, "'\(id)' has other segments, another unit or another formula")
        }
        let coverage = Self.coverage(pairs)
        let start = Judgement(candidate, coverage: coverage)
        if let broken = judge.broken(candidate, start) { return broken }
        return settle(start, candidate, pairs)
    }

    private typealias Pair = (index: Int, candidate: SegmentValue, baseline: SegmentValue)

    /// Segments of both arms; nil unless they are cut alike and mean the same.
    private func pairs(_ candidate: Finding, _ baseline: Finding) -> [Pair]? {
        guard let first = judge.chosenSegments(candidate), let second = judge.chosenSegments(baseline),
            candidate.plan.unit == baseline.plan.unit, candidate.plan.variant == baseline.plan.variant,
            candidate.plan.direction == baseline.plan.direction, candidate.plan.direction != .none,
            first.count == second.count
        else { return nil }
        let pairs: [Pair] = zip(first, second).map { ($0.index, $0.value, $1.value) }
        let areAlike = pairs.allSatisfy {
            $0.candidate.start == $0.baseline.start && $0.candidate.end == $0.baseline.end
        }
        return areAlike ? pairs : nil
    }

    /// A pair counts as its worse half: failed before not applicable before measured.
    private static func coverage(_ pairs: [Pair]) -> Coverage {
        let values = pairs.map { pair -> SegmentValue in
            if case .failed = pair.candidate.result { return pair.candidate }
            if case .failed = pair.baseline.result { return pair.baseline }
            return pair.candidate.number == nil ? pair.candidate : pair.baseline
        }
        return Finding.coverage(of: .segments(values))
    }

    private func settle(_ start: Judgement, _ candidate: Finding, _ pairs: [Pair]) -> Judgement {
        let direction = candidate.plan.direction
        let measured = pairs.compactMap { pair in
            pair.candidate.number.flatMap { a in pair.baseline.number.map { (pair.index, a, $0) } }
        }
        // A segment at the bad end of its scale has no finite difference, and must not vanish from the mean.
        if let lost = measured.first(where: { $0.1.isInfinite && Statistic.isBadEnd($0.1, direction) }) {
            var judgement = start
            judgement.worstSegments = [lost.0]
            return judgement.deciding(.fail, "segment \(lost.0) is at the bad end of the scale (\(lost.1))")
        }
        let differences = measured.compactMap { index, a, b -> (index: Int, value: Double)? in
            let difference = Statistic.badness(b, direction) - Statistic.badness(a, direction)
            return difference.isFinite ? (index, difference) : nil
        }
        guard differences.count >= gate.minCount else {
            return start.deciding(
                .notMeasured, "\(differences.count) pairs are too few, \(gate.minCount) are asked for",
                remedy: "measure a longer film")
        }
        return test(start, differences)
    }

    private func test(_ start: Judgement, _ differences: [(index: Int, value: Double)]) -> Judgement {
        let values = differences.map(\.value)
        let test = PairedTest(differences: values)
        let bootstrap = FindingJudge.bootstrap(count: values.count, seed: judge.seed)
        var judgement = start
        judgement.count = values.count
        judgement.value = values.reduce(0, +) / Double(values.count)
        judgement.minimumDetectableEffect = test.minimumDetectableEffect(confidence: gate.confidence)
        judgement.worstSegments = differences.sorted { ($0.value, $0.index) < ($1.value, $1.index) }.prefix(10)
            .map(\.index)
        let outcome: PairedTest.Outcome
        let interval: ConfidenceInterval?
        switch gate.criterion {
        case .superiority(_, let margin):
            (outcome, interval) = test.superiority(margin: margin, confidence: gate.confidence, bootstrap: bootstrap)
            judgement.lowest = margin
            judgement.p = bootstrap.exceedanceP(values, line: margin)
        case .nonInferiority(_, let margin):
            (outcome, interval) = test.nonInferiority(margin: margin, confidence: gate.confidence, bootstrap: bootstrap)
            judgement.lowest = -margin
        case .atMost, .atLeast, .within, .derivedBound:
            preconditionFailure("gate \(gate.id) compares with no other finding")
        }
        judgement.interval = interval.map {
            .init(lower: $0.lower, upper: $0.upper, confidence: gate.intervalConfidence)
        }
        let decision: Decision =
            switch outcome {
            case .shown: .pass
            case .refuted: .fail
            case .inconclusive: .inconclusive
            case .notMeasured: .notMeasured
            }
        return judgement.deciding(decision, judgement.sentence(gate))
    }
}
