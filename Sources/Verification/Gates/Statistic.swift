/// What is made of a finding before it is compared with a line.
public enum Statistic: Sendable, Equatable {
    /// The single value itself.
    case value
    /// Mean of the segments; of the differences, positive when better, where two findings are compared.
    case mean
    /// Median of the segments.
    case median
    /// 5 % of the segments are worse, by linear interpolation; the finding must have a direction.
    case p05
    /// Mean of the worst segments, a fact about this film and no estimate; the finding must have a direction.
    case worst(count: Int)
    /// Share of the segments above a level.
    case shareAbove(level: Double)

    /// Intervals need two values.
    var defaultMinCount: Int { self == .value ? 1 : 2 }

    /// For people, such as `mean of the worst 10`.
    public var title: String {
        switch self {
        case .value: "value"
        case .mean: "mean"
        case .median: "median"
        case .p05: "5 % are worse"
        case .worst(let count): "mean of the worst \(count)"
        case .shareAbove(let level): "share above \(number(level))"
        }
    }

    /// Whether segments stand for others like them, so that an interval makes sense.
    var isEstimate: Bool {
        switch self {
        case .mean, .median, .p05, .shareAbove: true
        case .value, .worst: false
        }
    }

    /// The statistic of segment values.
    ///
    /// Infinite values are ends of a scale (identical signals, a silent test signal). Bad ones pull a mean to infinity;
    /// good ones are left out of it, so that one perfect segment cannot hide the others.
    ///
    /// - Parameters:
    ///   - values: At least one, no NaN.
    ///   - direction: Which way is good.
    /// - Returns: Nil when the statistic needs a direction and there is none.
    func of(_ values: [Double], direction: Finding.Direction) -> Double? {
        switch self {
        case .value: values.first
        case .mean: Self.mean(values, direction)
        case .median: Self.quantile(values.sorted(), 0.5)
        case .shareAbove(let level): Double(values.count { $0 > level }) / Double(values.count)
        case .p05, .worst: direction == .none ? nil : tail(values, direction)
        }
    }

    private func tail(_ values: [Double], _ direction: Finding.Direction) -> Double {
        let worstFirst = values.sorted { Self.badness($0, direction) > Self.badness($1, direction) }
        if case .worst(let count) = self { return Self.mean(Array(worstFirst.prefix(count)), direction) }
        return Self.quantile(direction == .zero ? worstFirst.map(\.magnitude) : worstFirst, 0.05)
    }

    /// Larger is worse; a plain fact has no bad side.
    static func badness(_ value: Double, _ direction: Finding.Direction) -> Double {
        switch direction {
        case .higher: -value
        case .lower: value
        case .zero: value.magnitude
        case .none: 0
        }
    }

    private static func mean(_ values: [Double], _ direction: Finding.Direction) -> Double {
        if let bad = values.first(where: { $0.isInfinite && isBadEnd($0, direction) }) { return bad }
        let finite = values.filter(\.isFinite)
        guard !finite.isEmpty else { return values.first ?? .nan }
        return finite.reduce(0, +) / Double(finite.count)
    }

    /// Whether an infinite value is the bad end of its scale; without a direction both are.
    static func isBadEnd(_ value: Double, _ direction: Finding.Direction) -> Bool {
        direction == .none || badness(value, direction) > 0
    }

    /// As `Quantile`, for values in any monotone order that may end in infinities.
    static func quantile(_ ordered: [Double], _ share: Double) -> Double {
        let place = share * Double(ordered.count - 1)
        let lower = min(Int(place), ordered.count - 1)
        let upper = min(lower + 1, ordered.count - 1)
        let fraction = place - Double(lower)
        if fraction == 0 || ordered[lower] == ordered[upper] { return ordered[lower] }
        return ordered[lower] + fraction * (ordered[upper] - ordered[lower])
    }
}
