/// A^T (A A^T + ridge I)^-1 b: the least-norm solution of A x = b by one tridiagonal factorisation.
///
/// With a ridge of 1e-10 of the largest diagonal element this is the pseudo-inverse for every singular value above the
/// rounding noise: the legacy filters' lie within 0.048 ... 0.61, or are 0.
struct RidgeStart: Sendable {
    /// Multipliers l and reciprocal pivots of A A^T + ridge I = L D L^T.
    private let multipliers: [Double]
    private let inversePivots: [Double]

    init(_ columns: MelColumns) {
        let count = columns.melBinCount
        var diagonal = [Double](repeating: 0, count: count)
        var upper = [Double](repeating: 0, count: count)
        for bin in columns.rows.indices {
            let (row, a, b) = (columns.rows[bin], columns.firstWeights[bin], columns.secondWeights[bin])
            diagonal[row] += a * a
            if b != 0 {
                diagonal[row + 1] += b * b
                upper[row] += a * b
            }
        }
        let ridge = max(1e-10 * (diagonal.max() ?? 0), Double.leastNormalMagnitude)
        var multipliers = [Double](repeating: 0, count: count)
        var inversePivots = [Double](repeating: 0, count: count)
        var carried = 0.0
        for row in 0..<count {
            // Rounding may push the pivot of a dependent row below the ridge that it cannot be below.
            let pivot = max(ridge, diagonal[row] + ridge - carried)
            inversePivots[row] = 1 / pivot
            multipliers[row] = upper[row] / pivot
            carried = multipliers[row] * upper[row]
        }
        (self.multipliers, self.inversePivots) = (multipliers, inversePivots)
    }

    /// Solves (A A^T + ridge I) z = b in place.
    func solve(_ z: UnsafeMutablePointer<FrameLanes>) {
        let count = multipliers.count
        for row in 1..<max(1, count) { z[row] -= multipliers[row - 1] * z[row - 1] }
        z[count - 1] *= inversePivots[count - 1]
        for row in stride(from: count - 2, through: 0, by: -1) {
            z[row] = inversePivots[row] * z[row] - multipliers[row] * z[row + 1]
        }
    }
}
