import NumericCore

/// What a comparison of two arms over the same segments shows.
public struct PairedTest: Sendable {
    /// Outcome of a claim.
    public enum Outcome: String, Sendable, Encodable {
        /// The interval lies on the claimed side.
        case shown
        /// The interval lies on the other side.
        case refuted
        /// The interval straddles the line.
        case inconclusive
        /// Too few segments have a value in both arms.
        case notMeasured = "not measured"
    }

    /// Differences that mean "better" when positive, in order of time.
    public let differences: [Double]
    /// Segments planned.
    public let plannedCount: Int

    /// Pairs two arms; segments without a finite value in both are left out and counted.
    ///
    /// - Parameters:
    ///   - candidate: One result a segment.
    ///   - baseline: One result a segment, of the same segments.
    ///   - direction: Which way is good; with `zeroIsBest` the smaller magnitude is the better.
    public init(candidate: [MetricResult], baseline: [MetricResult], direction: MetricDescriptor.Direction) {
        precondition(candidate.count == baseline.count, "\(candidate.count) segments against \(baseline.count)")
        plannedCount = candidate.count
        differences = zip(candidate, baseline).compactMap { a, b in
            guard let a = a.number, let b = b.number, a.isFinite, b.isFinite else { return nil }
            return switch direction {
            case .higherIsBetter: a - b
            case .lowerIsBetter: b - a
            case .zeroIsBest: b.magnitude - a.magnitude
            }
        }
    }

    /// Differences that were paired elsewhere, all finite and all planned.
    init(differences: [Double]) {
        self.differences = differences
        plannedCount = differences.count
    }

    /// "Not worse by more than `margin`": shown when the lower bound is above -margin.
    ///
    /// - Parameters:
    ///   - margin: At least 0, in the metric's unit.
    ///   - confidence: One-sided, such as 0.95.
    ///   - bootstrap: How the interval is made.
    /// - Returns: The outcome and the two-sided interval of confidence 2 c - 1.
    public func nonInferiority(
        margin: Double, confidence: Double = 0.95, bootstrap: BlockBootstrap = BlockBootstrap()
    ) -> (outcome: Outcome, interval: ConfidenceInterval?) {
        judge(line: -margin, confidence: confidence, bootstrap: bootstrap)
    }

    /// "Better by more than `margin`": shown when the lower bound is above the margin.
    ///
    /// - Parameters:
    ///   - margin: At least 0, in the metric's unit.
    ///   - confidence: One-sided, such as 0.95.
    ///   - bootstrap: How the interval is made.
    /// - Returns: The outcome and the two-sided interval of confidence 2 c - 1.
    public func superiority(
        margin: Double = 0, confidence: Double = 0.95, bootstrap: BlockBootstrap = BlockBootstrap()
    ) -> (outcome: Outcome, interval: ConfidenceInterval?) {
        judge(line: margin, confidence: confidence, bootstrap: bootstrap)
    }

    private func judge(
        line: Double, confidence: Double, bootstrap: BlockBootstrap
    ) -> (outcome: Outcome, interval: ConfidenceInterval?) {
        guard let interval = bootstrap.interval(differences, confidence: 2 * confidence - 1) else {
            return (.notMeasured, nil)
        }
        if interval.lower > line { return (.shown, interval) }
        return (interval.upper < line ? .refuted : .inconclusive, interval)
    }

    /// The smallest true mean difference that a one-sided test would find with this many segments.
    ///
    /// (z of confidence + z of power) times the standard error; segments count as independent.
    ///
    /// - Parameters:
    ///   - confidence: One-sided, such as 0.95.
    ///   - power: Share of trials that find it, such as 0.8.
    /// - Returns: In the metric's unit; nil for fewer than two segments.
    public func minimumDetectableEffect(confidence: Double = 0.95, power: Double = 0.8) -> Double? {
        let n = Double(differences.count)
        guard n >= 2 else { return nil }
        let mean = differences.reduce(0, +) / n
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        let z = NormalDistribution.quantile(confidence) + NormalDistribution.quantile(power)
        return z * (variance / n).squareRoot()
    }

    /// Two-sided p of the mean difference under random signs: exact up to 20 segments, else by sampling.
    ///
    /// - Parameters:
    ///   - sampleCount: Sign patterns drawn when there are too many; the observed one is counted as one more.
    ///   - random: Source of the signs; not used in the exact case.
    /// - Returns: Above 0, at most 1; nil without segments.
    public func signFlipP(
        sampleCount: Int = 10000, using random: inout some RandomNumberGenerator
    ) -> Double? {
        guard !differences.isEmpty else { return nil }
        let observed = differences.reduce(0, +).magnitude
        // Sums that are equal but for rounding count as equal.
        let limit = observed * (1 - 1e-12)
        if differences.count <= 20 {
            let patterns = 1 << differences.count
            let extreme = (0..<patterns).count { pattern in
                var sum = 0.0
                for (bit, value) in differences.enumerated() { sum += pattern >> bit & 1 == 0 ? value : -value }
                return sum.magnitude >= limit
            }
            return Double(extreme) / Double(patterns)
        }
        var extreme = 1
        for _ in 0..<max(1, sampleCount) {
            var sum = 0.0
            for value in differences { sum += random.next() >> 63 == 0 ? value : -value }
            if sum.magnitude >= limit { extreme += 1 }
        }
        return Double(extreme) / Double(max(1, sampleCount) + 1)
    }
}
