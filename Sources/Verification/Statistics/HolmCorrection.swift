/// Holm's step-down correction for several tests (1979).
public enum HolmCorrection {
    /// Adjusted p values: compare each with the level that the whole family shall keep.
    ///
    /// - Parameter pValues: 0 ... 1 each; NaN counts as 1.
    /// - Returns: In the order given, each at least as large as before and at most 1.
    public static func adjusted(_ pValues: [Double]) -> [Double] {
        let values = pValues.map { $0.isNaN ? 1 : $0 }
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var result = values
        var largest = 0.0
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, Double(values.count - rank) * values[index]))
            result[index] = largest
        }
        return result
    }
}
