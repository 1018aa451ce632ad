/// A number, its interval and its line on one axis, as places in percent of the width.
struct IntervalBar {
    /// Ends of an axis in the number's unit.
    struct Axis {
        let low, high: Double

        /// The smallest axis over some numbers with a little air; nil without two different finite ones.
        init?(_ numbers: [Double], air: Double = 0.12) {
            let finite = numbers.filter { $0.isFinite && $0.magnitude < 1e300 }
            guard let least = finite.min(), let most = finite.max() else { return nil }
            let span = most > least ? most - least : max(most.magnitude, 1e-12)
            low = least - air * span
            high = most + air * span
        }

        /// Percent of the width, clamped, two decimals.
        func place(_ value: Double) -> Double {
            let share = value.isNaN ? 0 : min(max((value - low) / (high - low), 0), 1)
            return (share * 10000).rounded() / 100
        }
    }

    /// A part of the axis.
    struct Stretch {
        let from, to, width: Double

        init(_ a: Double, _ b: Double) {
            (from, to) = (min(a, b), max(a, b))
            width = ((to - from) * 100).rounded() / 100
        }
    }

    let label: String
    /// Where the number lies.
    let value: Double
    /// Where its interval lies; none for single values.
    let intervals: [Stretch]
    /// The side of the line that passes; none where nothing is judged.
    let good: [Stretch]
    /// The lines.
    let lines: [Double]
    /// The way from the step before, in a waterfall.
    let steps: [Stretch]

    /// The bar of a judgement; nil where there is no number or no line.
    init?(_ judgement: Judgement) {
        guard let number = judgement.value, judgement.lowest != nil || judgement.highest != nil else { return nil }
        let ends = [judgement.interval?.lower, judgement.interval?.upper, judgement.lowest, judgement.highest]
        guard let axis = Axis([number] + ends.compactMap(\.self)) else { return nil }
        label = "\(judgement.reason); margin \(judgement.margin?.shortText ?? "unknown")"
        value = axis.place(number)
        intervals = judgement.interval.map { [Stretch(axis.place($0.lower), axis.place($0.upper))] } ?? []
        lines = [judgement.lowest, judgement.highest].compactMap { $0.map(axis.place) }
        good = [Stretch(judgement.lowest.map(axis.place) ?? 0, judgement.highest.map(axis.place) ?? 100)]
        steps = []
    }

    /// The bar of an estimate on an axis that others share.
    init(_ estimate: Estimate, axis: Axis, label: String, previous: Double? = nil) {
        self.label = label
        value = axis.place(estimate.value)
        intervals = estimate.interval.map { [Stretch(axis.place($0.lower), axis.place($0.upper))] } ?? []
        steps = previous.map { [Stretch(axis.place($0), axis.place(estimate.value))] } ?? []
        (good, lines) = ([], [])
    }
}

/// What a finding says as one number with its interval, for plots that judge nothing.
struct Estimate {
    let value: Double
    let interval: (lower: Double, upper: Double)?
    let text: String

    /// A value as it is; for segments the mean of the finite ones with a 95 % block bootstrap interval.
    ///
    /// - Returns: Nil where nothing was measured.
    init?(_ finding: Finding, seed: UInt64) {
        switch finding.outcome {
        case .value(let value) where value.isFinite:
            (self.value, interval) = (value, nil)
            text = number(value)
        case .segments(let segments):
            let all = segments.compactMap(\.number)
            let finite = all.filter(\.isFinite)
            guard !finite.isEmpty else { return nil }
            value = finite.reduce(0, +) / Double(finite.count)
            let found = FindingJudge.bootstrap(count: finite.count, seed: seed, resamples: 1000).interval(finite)
            interval = found.map { ($0.lower, $0.upper) }
            let range = found.map { " (\(number($0.lower)) to \(number($0.upper)))" } ?? ""
            let rest = all.count - finite.count
            text = "\(number(value))\(range), n = \(finite.count)\(rest > 0 ? ", \(rest) infinite" : "")"
        case .value, .notMeasured, .failed: return nil
        }
    }

    /// Everything that must lie on the axis.
    var extent: [Double] { [value] + (interval.map { [$0.lower, $0.upper] } ?? []) }
}
