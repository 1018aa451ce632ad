/// Order statistics.
public enum Quantile {
    /// The quantile by linear interpolation between order statistics, NumPy's default.
    ///
    /// - Parameters:
    ///   - sorted: In ascending order, at least one number, no NaN.
    ///   - share: 0 ... 1.
    /// - Returns: A number between the smallest and the largest.
    public static func of(_ sorted: [Double], _ share: Double) -> Double {
        precondition(!sorted.isEmpty && (0...1).contains(share), "quantile \(share) of \(sorted.count) numbers")
        let place = share * Double(sorted.count - 1)
        let lower = min(Int(place), sorted.count - 1)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
    }
}
