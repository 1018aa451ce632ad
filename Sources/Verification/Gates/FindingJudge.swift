internal import Glibc

/// Judges one finding by one gate.
///
/// A passing decision is only ever made in `settle` and in the paired judge.
struct FindingJudge {
    let gate: Gate
    /// Seed of the bootstrap.
    let seed: UInt64

    /// Segments in a film are alike to their neighbours; blocks of the cube root of their number are drawn together.
    static func bootstrap(count: Int, seed: UInt64, resamples: Int = 10000) -> BlockBootstrap {
        let length = max(1, Int(cbrt(Double(count)).rounded()))
        return BlockBootstrap(blockLength: length, resampleCount: resamples, seed: seed)
    }

    func judge(_ finding: Finding) -> Judgement {
        let chosen = chosenSegments(finding)
        let start = Judgement(finding, coverage: chosen.map(Self.coverage) ?? finding.coverage)
        if let broken = broken(finding, start) { return broken }
        guard let segments = chosen else {
            guard case .value(let value) = finding.outcome else { return start.deciding(.fail, "no value") }
            return judge(value, finding, start)
        }
        return judge(segments, finding, start)
    }

    /// The segments that the gate is about, with their positions; nil for anything but segments.
    func chosenSegments(_ finding: Finding) -> [(index: Int, value: SegmentValue)]? {
        finding.outcome.segments?.enumerated().filter { gate.labels?.contains($0.element.label) ?? true }
            .map { ($0.offset, $0.element) }
    }

    static func coverage(of segments: [(index: Int, value: SegmentValue)]) -> Coverage {
        Finding.coverage(of: .segments(segments.map(\.value)))
    }

    /// What keeps a finding from being judged at all.
    func broken(_ finding: Finding, _ start: Judgement) -> Judgement? {
        switch finding.outcome {
        case .failed(let reason): return start.deciding(.fail, reason)
        case .notMeasured(let reason, let remedy): return start.deciding(.notMeasured, reason, remedy: remedy)
        case .value, .segments: break
        }
        let coverage = start.coverage
        if coverage.measured == 0, coverage.failed > 0 {
            return start.deciding(.fail, "every measurement failed, the first: \(firstFailure(finding))")
        }
        guard let share = coverage.share, share >= gate.minCoverage else {
            let failure = coverage.failed > 0 ? "; the first failure: \(firstFailure(finding))" : ""
            let asked = number(gate.minCoverage * 100)
            return start.deciding(.notMeasured, "\(coverage), but \(asked) % are asked for\(failure)")
        }
        guard coverage.measured >= gate.minCount || !finding.outcome.isSegments else {
            return start.deciding(
                .notMeasured, "\(coverage.measured) segments are too few, \(gate.minCount) are asked for",
                remedy: "measure a longer film")
        }
        return nil
    }

    private func firstFailure(_ finding: Finding) -> String {
        for (_, value) in chosenSegments(finding) ?? [] {
            if case .failed(let reason) = value.result { return reason }
        }
        return finding.note
    }

    private func judge(_ value: Double, _ finding: Finding, _ start: Judgement) -> Judgement {
        guard gate.statistic == .value else {
            return start.deciding(
                .notMeasured, "a single value has no \(gate.statistic.title)",
                remedy: "write 'statistic: value' in the gate file")
        }
        guard value.isFinite else { return start.deciding(.fail, "the result is \(value)") }
        guard finding.population >= gate.minCount else {
            return start.deciding(
                .fail, "a value about \(finding.population) \(finding.populationUnit), at least \(gate.minCount) asked")
        }
        return settle(start, finding, value: value, interval: nil)
    }

    private func judge(_ segments: [(index: Int, value: SegmentValue)], _ finding: Finding, _ start: Judgement)
        -> Judgement
    {
        let direction = finding.plan.direction
        let measured = segments.compactMap { segment in segment.value.number.map { (segment.index, $0) } }
        let values = measured.map(\.1)
        guard gate.statistic != .value, let value = gate.statistic.of(values, direction: direction) else {
            let remedy = "choose another statistic in the gate file"
            return start.deciding(.notMeasured, "segments have no '\(gate.statistic.title)' here", remedy: remedy)
        }
        var judgement = start
        judgement.worstSegments = measured.sorted {
            (Statistic.badness($0.1, direction), $1.0) > (Statistic.badness($1.1, direction), $0.0)
        }.prefix(10).map(\.0)
        let (interval, effect) = precision(values, direction)
        judgement.minimumDetectableEffect = effect
        if gate.statistic.isEstimate, interval == nil, value.isFinite {
            judgement.value = value
            return judgement.deciding(.inconclusive, "too few finite values for an interval")
        }
        return settle(judgement, finding, value: value, interval: interval)
    }

    /// The interval and the minimum detectable effect, where they make sense.
    private func precision(_ values: [Double], _ direction: Finding.Direction)
        -> (interval: Judgement.Interval?, effect: Double?)
    {
        guard gate.statistic.isEstimate else { return (nil, nil) }
        let confidence = gate.intervalConfidence
        var used = values
        if case .shareAbove(let level) = gate.statistic { used = values.map { $0 > level ? 1 : 0 } }
        if gate.statistic == .mean, used.contains(where: \.isInfinite) {
            if used.contains(where: { $0.isInfinite && Statistic.isBadEnd($0, direction) }) { return (nil, nil) }
            used = used.filter(\.isFinite)
        }
        switch gate.statistic {
        case .mean, .shareAbove:
            let found = Self.bootstrap(count: used.count, seed: seed).interval(used, confidence: confidence)
            let test = PairedTest(differences: used)
            return (
                found.map { .init(lower: $0.lower, upper: $0.upper, confidence: confidence) },
                test.minimumDetectableEffect(confidence: gate.confidence)
            )
        case .median, .p05, .worst, .value:
            let bootstrap = Self.bootstrap(count: used.count, seed: seed, resamples: 2000)
            let found = bootstrap.bounds(used, confidence: confidence) {
                gate.statistic.of($0, direction: direction) ?? .nan
            }
            return (found.map { .init(lower: $0.lower, upper: $0.upper, confidence: confidence) }, nil)
        }
    }

    /// Holds a number and its interval against the line.
    private func settle(_ start: Judgement, _ finding: Finding, value: Double, interval: Judgement.Interval?)
        -> Judgement
    {
        var judgement = start
        judgement.value = value
        judgement.interval = interval
        guard let (lowest, highest) = line(finding) else {
            return judgement.deciding(.notMeasured, "the finding carries no bound to be held against")
        }
        (judgement.lowest, judgement.highest) = (lowest, highest)
        let (low, high) = interval.map { ($0.lower, $0.upper) } ?? (value, value)
        // Written so that NaN fails.
        let isInside = low >= (lowest ?? -.infinity) && high <= (highest ?? .infinity)
        let straddles = interval != nil && high >= (lowest ?? -.infinity) && low <= (highest ?? .infinity)
        let decision: Decision = isInside ? .pass : straddles ? .inconclusive : .fail
        return judgement.deciding(decision, judgement.sentence(gate))
    }

    private func line(_ finding: Finding) -> (lowest: Double?, highest: Double?)? {
        switch gate.criterion {
        case .atMost(let threshold): return (nil, threshold)
        case .atLeast(let threshold): return (threshold, nil)
        case .within(let range): return (range.lowerBound, range.upperBound)
        case .derivedBound:
            guard let bound = finding.bound else { return nil }
            switch finding.plan.direction {
            case .higher: return (bound.value, nil)
            case .lower: return (nil, bound.value)
            case .zero: return (-bound.value, bound.value)
            case .none: return nil
            }
        case .superiority, .nonInferiority: return nil
        }
    }
}
