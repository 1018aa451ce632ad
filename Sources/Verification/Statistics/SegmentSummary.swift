/// What the values of many segments come to; segments without a value are counted, never filled in.
public struct SegmentSummary: Sendable, Equatable, Encodable {
    /// Segments planned.
    public let plannedCount: Int
    /// Segments with a finite value.
    public let measuredCount: Int
    /// Mean; absent when nothing was measured, like all that follow.
    public let mean: Double?
    /// Median.
    public let median: Double?
    /// 5 % of the segments are worse, by linear interpolation.
    public let worst5Percent: Double?
    /// Positions of the worst segments, worst first.
    public let worstIndices: [Int]

    /// Summarises one metric.
    ///
    /// - Parameters:
    ///   - results: One a segment.
    ///   - direction: Which way is good; with `zeroIsBest` the larger magnitude is the worse.
    ///   - worstCount: How many positions to list, at least 0.
    public init(_ results: [MetricResult], direction: MetricDescriptor.Direction, worstCount: Int = 10) {
        let measured = results.enumerated().compactMap { index, result -> (index: Int, value: Double)? in
            guard let number = result.number, number.isFinite else { return nil }
            return (index, number)
        }
        plannedCount = results.count
        measuredCount = measured.count
        let badness = { (value: Double) in
            switch direction {
            case .higherIsBetter: -value
            case .lowerIsBetter: value
            case .zeroIsBest: value.magnitude
            }
        }
        let ranked = measured.sorted { (badness($0.value), $1.index) > (badness($1.value), $0.index) }
        worstIndices = ranked.prefix(max(0, worstCount)).map(\.index)
        let sorted = measured.map(\.value).sorted()
        guard !sorted.isEmpty else {
            (mean, median, worst5Percent) = (nil, nil, nil)
            return
        }
        mean = sorted.reduce(0, +) / Double(sorted.count)
        median = Quantile.of(sorted, 0.5)
        worst5Percent =
            switch direction {
            case .higherIsBetter: Quantile.of(sorted, 0.05)
            case .lowerIsBetter: Quantile.of(sorted, 0.95)
            case .zeroIsBest: Quantile.of(sorted.map(\.magnitude).sorted(), 0.95)
            }
    }
}
