internal import NumericCore

/// The step of Griffin-Lim that keeps a spectrum's phases and puts the wanted magnitudes in.
enum PhaseProjection {
    /// target = magnitude x d / (|d| + tiny) with d = rebuilt - weight x previous; 0 where d is 0.
    ///
    /// |d| is computed without overflow or underflow: squares of very small or large d are taken after scaling by 2^60.
    ///
    /// - Parameters:
    ///   - rebuilt: Spectrum of the signal now, real and imaginary part in turn.
    ///   - previous: The same an iteration ago, or nil.
    ///   - weight: momentum / (1 + momentum).
    ///   - magnitudes: Wanted, one a bin.
    ///   - binCount: Bins.
    ///   - target: Receives the new spectrum.
    static func run(
        _ rebuilt: UnsafePointer<Float>, previous: UnsafePointer<Float>?, weight: Float,
        magnitudes: UnsafePointer<Float>, binCount: Int, into target: UnsafeMutablePointer<Float>
    ) {
        // Without a past, d = rebuilt - 0 x rebuilt.
        let (previous, weight) = previous.map { ($0, weight) } ?? (rebuilt, 0)
        let isOrdinary = SpectralKernels.project(
            rebuilt, past: previous, weight: weight, magnitudes: magnitudes, into: target, count: binCount)
        if isOrdinary { return }
        // Silence and the like: the whole frame again with care, so that the kernel stays free of branches.
        for bin in 0..<binCount {
            let re = rebuilt[2 * bin] - weight * previous[2 * bin]
            let im = rebuilt[2 * bin + 1] - weight * previous[2 * bin + 1]
            (target[2 * bin], target[2 * bin + 1]) = project(re, im, magnitudes[bin])
        }
    }

    /// One bin of any size.
    static func project(_ re: Float, _ im: Float, _ magnitude: Float) -> (Float, Float) {
        let largest = max(re.magnitude, im.magnitude)
        let scaling: Float = largest < 0x1p-50 ? 0x1p60 : largest >= 0x1p49 ? 0x1p-60 : 1
        let (x, y) = (re * scaling, im * scaling)
        let length = (x * x + y * y).squareRoot() + Float.leastNormalMagnitude
        return (magnitude * (x / length), magnitude * (y / length))
    }
}
