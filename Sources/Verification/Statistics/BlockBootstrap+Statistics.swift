internal import NumericCore

extension BlockBootstrap {
    /// The percentile interval of any statistic.
    ///
    /// - Parameters:
    ///   - values: In order of time, at least two, no NaN; infinite values are drawn like others.
    ///   - confidence: Inside 0 ..< 1.
    ///   - statistic: Called with as many values as there are.
    /// - Returns: Lower and upper end, or nil for fewer than two values or a statistic that gives NaN.
    func bounds(
        _ values: [Double], confidence: Double, of statistic: ([Double]) -> Double
    ) -> (lower: Double, upper: Double)? {
        guard values.count >= 2, confidence > 0, confidence < 1 else { return nil }
        let found = resamples(values, statistic)
        guard !found.contains(where: \.isNaN) else { return nil }
        let sorted = found.sorted()
        return (Statistic.quantile(sorted, (1 - confidence) / 2), Statistic.quantile(sorted, (1 + confidence) / 2))
    }

    /// One-sided p of "the mean is above the line": the share of resampled means that are not, the observed one counted.
    ///
    /// - Parameters:
    ///   - values: Finite, in order of time.
    ///   - line: What the mean is held against.
    /// - Returns: Above 0, at most 1; 1 for fewer than two values.
    func exceedanceP(_ values: [Double], line: Double) -> Double {
        guard values.count >= 2 else { return 1 }
        let below = resampledMeans(values).count { !($0 > line) }
        return Double(below + 1) / Double(resampleCount + 1)
    }

    private func resamples(_ values: [Double], _ statistic: ([Double]) -> Double) -> [Double] {
        let count = values.count
        let length = min(blockLength, count)
        var random = Xoshiro256(seed: seed)
        var drawn: [Double] = []
        drawn.reserveCapacity(count + length)
        return (0..<resampleCount).map { _ in
            drawn.removeAll(keepingCapacity: true)
            while drawn.count < count {
                let start = Int(random.uniformDouble() * Double(count - length + 1))
                drawn += values[start..<start + min(length, count - drawn.count)]
            }
            return statistic(drawn)
        }
    }
}
