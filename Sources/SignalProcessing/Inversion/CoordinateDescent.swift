/// Eight frames that are inverted side by side; they do not influence each other.
typealias FrameLanes = SIMD8<Double>

/// Non-negative least squares |A x - b| by cyclic coordinate descent (Gauss-Seidel with a floor at 0).
///
/// Every step minimises the residual exactly along one bin, so the residual never grows. A sweep costs two multiply-adds
/// per weight and frame, because the filter matrix has two weights a column.
struct CoordinateDescent: Sendable {
    let columns: MelColumns
    let sweepLimit: Int
    /// A frame rests when a sweep lowers its squared residual by less than this share.
    let tolerance: Double
    private let inverseNorms: [Double]

    init(_ columns: MelColumns, sweepLimit: Int, tolerance: Double) {
        self.columns = columns
        self.sweepLimit = sweepLimit
        self.tolerance = tolerance
        inverseNorms = columns.rows.indices.map { bin in
            let (a, b) = (columns.firstWeights[bin], columns.secondWeights[bin])
            let norm = a * a + b * b
            return norm > 0 ? 1 / norm : 0
        }
    }

    /// Improves `x` from any start.
    ///
    /// - Parameters:
    ///   - x: A bin each, at least 0; updated.
    ///   - residual: b - A x, a filter each; updated with x.
    ///   - targetEnergy: |b|^2; a residual below 1e-15 of it is rounding and ends the work.
    func improve(
        _ x: UnsafeMutablePointer<FrameLanes>, residual: UnsafeMutablePointer<FrameLanes>, targetEnergy: FrameLanes
    ) {
        var active = SIMDMask<FrameLanes.MaskStorage>(repeating: true)
        for _ in 0..<sweepLimit {
            var energy = FrameLanes.zero
            for row in 0..<columns.melBinCount { energy += residual[row] * residual[row] }
            active = active .& (energy .> 1e-30 * targetEnergy)
            guard any(active) else { return }
            let gain = sweep(x, residual, active)
            active = active .& (gain .> tolerance * energy)
            guard any(active) else { return }
        }
    }

    /// One pass over all bins; returns by how much each frame's squared residual fell.
    private func sweep(
        _ x: UnsafeMutablePointer<FrameLanes>, _ residual: UnsafeMutablePointer<FrameLanes>,
        _ active: SIMDMask<FrameLanes.MaskStorage>
    ) -> FrameLanes {
        var gain = FrameLanes.zero
        let moving = FrameLanes.zero.replacing(with: 1, where: active)
        for bin in columns.rows.indices {
            let inverseNorm = inverseNorms[bin]
            if inverseNorm == 0 { continue }
            let (row, a, b) = (columns.rows[bin], columns.firstWeights[bin], columns.secondWeights[bin])
            let next = b == 0 ? row : row + 1
            let slope = a * residual[row] + b * residual[next]
            let step = pointwiseMax(-x[bin], inverseNorm * slope) * moving
            x[bin] += step
            residual[row] -= a * step
            if b != 0 { residual[next] -= b * step }
            gain += step * (2 * slope - step / inverseNorm)
        }
        return gain
    }
}
