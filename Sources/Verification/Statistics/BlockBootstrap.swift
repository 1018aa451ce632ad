import NumericCore

/// How an interval is made from resampled means.
public enum IntervalMethod: String, Sendable, Encodable {
    /// Quantiles of the resampled means.
    case percentile
    /// Quantiles corrected for bias and skewness (Efron 1987), acceleration by leaving out blocks.
    case bca
}

/// A mean and the interval it lies in.
public struct ConfidenceInterval: Sendable, Equatable, Encodable {
    /// The plain mean.
    public let mean: Double
    /// Lower end.
    public let lower: Double
    /// Upper end.
    public let upper: Double
    /// Share of such intervals that hold the true mean.
    public let confidence: Double
    /// Values used.
    public let count: Int
    /// How it was made.
    public let method: IntervalMethod
}

/// The moving-block bootstrap of a mean (Künsch 1989): neighbouring segments of a film are alike and are drawn together.
public struct BlockBootstrap: Sendable {
    /// Segments drawn together.
    public let blockLength: Int
    /// Resampled means.
    public let resampleCount: Int
    /// Seed of `Xoshiro256`; equal seeds give equal intervals.
    public let seed: UInt64
    /// How the interval is made.
    public let method: IntervalMethod

    /// Chooses the resampling.
    ///
    /// - Parameters:
    ///   - blockLength: At least 1; 1 is the ordinary bootstrap; longer than the data counts as the whole data.
    ///   - resampleCount: At least 100.
    ///   - seed: Any number.
    ///   - method: How the interval is made.
    public init(blockLength: Int = 1, resampleCount: Int = 10000, seed: UInt64 = 1, method: IntervalMethod = .bca) {
        precondition(blockLength >= 1 && resampleCount >= 100, "blocks of \(blockLength), \(resampleCount) resamples")
        self.blockLength = blockLength
        self.resampleCount = resampleCount
        self.seed = seed
        self.method = method
    }

    /// The interval of the mean.
    ///
    /// - Parameters:
    ///   - values: In order of time, all finite.
    ///   - confidence: Inside 0 ..< 1, such as 0.95.
    /// - Returns: The interval, or nil for fewer than two values, a NaN or an infinity; equal values give a point.
    public func interval(_ values: [Double], confidence: Double = 0.95) -> ConfidenceInterval? {
        guard values.count >= 2, values.allSatisfy(\.isFinite), confidence > 0, confidence < 1 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let means = resampledMeans(values).sorted()
        var shares = ((1 - confidence) / 2, (1 + confidence) / 2)
        if method == .bca { shares = corrected(shares, values, mean, means) }
        return ConfidenceInterval(
            mean: mean, lower: Quantile.of(means, shares.0), upper: Quantile.of(means, shares.1),
            confidence: confidence,
            count: values.count, method: method)
    }

    /// Means of `values.count` values each, drawn as blocks from all start positions; the last block is cut.
    func resampledMeans(_ values: [Double]) -> [Double] {
        let count = values.count
        let length = min(blockLength, count)
        var sums = [0.0]
        for value in values { sums.append(sums[sums.count - 1] + value) }
        var random = Xoshiro256(seed: seed)
        let startCount = Double(count - length + 1)
        return (0..<resampleCount).map { _ in
            var (filled, total) = (0, 0.0)
            while filled < count {
                let start = Int(random.uniformDouble() * startCount)
                let taken = min(length, count - filled)
                total += sums[start + taken] - sums[start]
                filled += taken
            }
            return total / Double(count)
        }
    }

    private func corrected(
        _ shares: (Double, Double), _ values: [Double], _ mean: Double, _ means: [Double]
    ) -> (Double, Double) {
        let below = means.count { $0 < mean } + means.count { $0 == mean } / 2
        let bias = NormalDistribution.quantile(Double(below) / Double(means.count))
        let acceleration = acceleration(values)
        // All resamples on one side, or none that varies: there is nothing to correct with.
        guard bias.isFinite, acceleration.isFinite else { return shares }
        let shift = { (share: Double) in
            let z = bias + NormalDistribution.quantile(share)
            return NormalDistribution.cumulative(bias + z / (1 - acceleration * z))
        }
        return (shift(shares.0), shift(shares.1))
    }

    /// Skewness of the means that leave one block out, divided by 6.
    private func acceleration(_ values: [Double]) -> Double {
        let length = min(blockLength, values.count - 1)
        let total = values.reduce(0, +)
        let left = (0...values.count - length).map { start in
            (total - values[start..<start + length].reduce(0, +)) / Double(values.count - length)
        }
        let centre = left.reduce(0, +) / Double(left.count)
        let square = left.reduce(0) { $0 + (centre - $1) * (centre - $1) }
        let cube = left.reduce(0) { $0 + (centre - $1) * (centre - $1) * (centre - $1) }
        return cube / (6 * square * square.squareRoot())
    }
}
