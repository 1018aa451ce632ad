import Glibc

/// The standard normal distribution.
public enum NormalDistribution {
    /// Probability of a number below `x`.
    ///
    /// - Parameter x: Any number; NaN gives NaN.
    /// - Returns: 0 ... 1.
    public static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

    /// The number below which a share of the distribution lies, by bisection on `cumulative`.
    ///
    /// - Parameter share: 0 and below gives -infinity, 1 and above infinity.
    /// - Returns: Within 1e-14 of the root.
    public static func quantile(_ share: Double) -> Double {
        if share <= 0 { return -.infinity }
        if share >= 1 { return .infinity }
        // By symmetry, so that small tails keep their digits.
        if share > 0.5 { return -quantile(1 - share) }
        var (low, high) = (-40.0, 0.0)
        while true {
            let middle = (low + high) / 2
            if middle <= low || middle >= high { return middle }
            if cumulative(middle) < share { low = middle } else { high = middle }
        }
    }
}
