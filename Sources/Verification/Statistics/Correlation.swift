/// Correlation coefficients and their chance level.
public enum Correlation {
    /// Pearson's coefficient.
    ///
    /// - Parameters:
    ///   - x: Finite numbers.
    ///   - y: As many.
    /// - Returns: -1 ... 1; nil for fewer than two pairs, different counts, constant or non-finite input.
    public static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
        guard x.count == y.count, x.count >= 2, x.allSatisfy(\.isFinite), y.allSatisfy(\.isFinite) else { return nil }
        let n = Double(x.count)
        let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(x, y) {
            xx += (a - mx) * (a - mx)
            xy += (a - mx) * (b - my)
            yy += (b - my) * (b - my)
        }
        // The spread of a constant is rounding.
        guard xx > 1e-28 * (n * mx * mx), yy > 1e-28 * (n * my * my), xx > 0, yy > 0 else { return nil }
        return min(max(xy / (xx.squareRoot() * yy.squareRoot()), -1), 1)
    }

    /// Spearman's coefficient: Pearson's of the ranks, equal numbers sharing their mean rank.
    ///
    /// - Parameters:
    ///   - x: Finite numbers.
    ///   - y: As many.
    /// - Returns: -1 ... 1; nil as for `pearson`.
    public static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
        guard x.allSatisfy(\.isFinite), y.allSatisfy(\.isFinite) else { return nil }
        return pearson(ranks(x), ranks(y))
    }

    static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var result = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { result[order[place]] = Double(start + 1 + end) / 2 }
            start = end
        }
        return result
    }

    /// The level that Pearson's coefficient reaches by chance when blocks of `y` are put in another order.
    ///
    /// - Parameters:
    ///   - x: Finite numbers in order of time.
    ///   - y: As many.
    ///   - blockLength: Neighbours that stay together, at least 1.
    ///   - share: Quantile of the chance coefficients, such as 0.95.
    ///   - permutationCount: At least 1.
    ///   - random: Source of the orders.
    /// - Returns: The threshold and the one-sided p of the observed coefficient; nil as for `pearson`.
    public static func chanceLevel(
        _ x: [Double], _ y: [Double], blockLength: Int = 1, share: Double = 0.95, permutationCount: Int = 1000,
        using random: inout some RandomNumberGenerator
    ) -> (threshold: Double, pValue: Double)? {
        guard let observed = pearson(x, y) else { return nil }
        let length = max(1, blockLength)
        var blocks = stride(from: 0, to: y.count, by: length).map { Array(y[$0..<min(y.count, $0 + length)]) }
        var values: [Double] = []
        for _ in 0..<max(1, permutationCount) {
            blocks.shuffle(using: &random)
            if let value = pearson(x, Array(blocks.joined())) { values.append(value) }
        }
        let reached = values.count { $0 >= observed }
        return (Quantile.of(values.sorted(), share), Double(reached + 1) / Double(values.count + 1))
    }
}
