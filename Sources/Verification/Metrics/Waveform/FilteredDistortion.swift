import Glibc
import NumericCore

/// The distortion ratio that forgives a short filter (BSS Eval version 4's SDR with one source).
///
/// The reference is passed through the 512-tap filter that brings it nearest to the test signal; what the filter cannot
/// explain is distortion. With x and y of unit norm, R the autocorrelation of x, b its correlation with y and R h = b,
/// the explained share is c = b . h.
enum FilteredDistortion {
    static let tapCount = 512

    static func decibels(_ pair: AudioPair) -> MetricResult {
        let (auto, cross, testEnergy) = correlations(pair)
        guard auto[0] > 0 else { return .notApplicable(.silentReference) }
        guard testEnergy > 0 else { return .value(Measurement(-.infinity, limit: .silentTest)) }
        // Unit norms: R scales by 1 / |x|^2 and b by 1 / (|x| |y|).
        let r = auto.map { $0 / auto[0] }
        let b = cross.map { $0 / (auto[0] * testEnergy).squareRoot() }
        guard let h = solveToeplitz(r, b) else { return .failed(.outOfRange(.nan)) }
        let coherence = zip(b, h).reduce(0) { $0 + $1.0 * $1.1 }
        // The ridge alone keeps equal signals 1e-12 away from 1: above 114 dB there is nothing to tell.
        if coherence >= 1 - 4e-12 { return .value(Measurement(.infinity, limit: .identical)) }
        if coherence <= 0 { return .value(Measurement(-.infinity, limit: .silentTest)) }
        return .value(10 * log10(coherence / (1 - coherence)))
    }

    /// Correlations at lags 0 ..< tapCount and the test signal's energy, by overlapping blocks.
    private static func correlations(_ pair: AudioPair) -> (auto: [Double], cross: [Double], testEnergy: Double) {
        let length = 16384
        let step = length - tapCount
        let transform = RealFourierTransform<Double>(length: length)
        var auto = [Double](repeating: 0, count: 2 * transform.binCount)
        var cross = auto
        var (x, ahead, y) = ([Double](repeating: 0, count: length), [Double](repeating: 0, count: length), 0.0)
        var wide = ahead
        for start in stride(from: 0, to: pair.commonCount, by: step) {
            // x holds `step` samples; the others look `tapCount` samples further, so that no lag wraps around.
            pair.reference.load(from: start, count: min(step, pair.commonCount - start), into: &x)
            for index in min(step, pair.commonCount - start)..<length { x[index] = 0 }
            pair.reference.load(from: start, count: length, into: &ahead)
            pair.test.load(from: start, count: length, into: &wide)
            for index in 0..<min(step, pair.commonCount - start) { y += wide[index] * wide[index] }
            let spectrum = transform.forward(x)
            addConjugateProduct(spectrum, transform.forward(ahead), to: &auto)
            addConjugateProduct(spectrum, transform.forward(wide), to: &cross)
        }
        return (
            Array(transform.inverse(auto).prefix(tapCount)), Array(transform.inverse(cross).prefix(tapCount)), y
        )
    }

    private static func addConjugateProduct(_ a: [Double], _ b: [Double], to sum: inout [Double]) {
        for index in stride(from: 0, to: a.count, by: 2) {
            sum[index] += a[index] * b[index] + a[index + 1] * b[index + 1]
            sum[index + 1] += a[index] * b[index + 1] - a[index + 1] * b[index]
        }
    }

    /// Solves the symmetric Toeplitz system by Cholesky; a ridge of 1e-12 keeps band-limited references solvable.
    static func solveToeplitz(_ r: [Double], _ b: [Double]) -> [Double]? {
        let n = r.count
        var lower = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0...i {
                var sum = r[i - j] + (i == j ? 1e-12 * r[0] : 0)
                for k in 0..<j { sum -= lower[i * n + k] * lower[j * n + k] }
                if i == j {
                    guard sum > 0 else { return nil }
                    lower[i * n + i] = sum.squareRoot()
                } else {
                    lower[i * n + j] = sum / lower[j * n + j]
                }
            }
        }
        return substitute(lower, b)
    }

    private static func substitute(_ lower: [Double], _ b: [Double]) -> [Double] {
        let n = b.count
        var h = b
        for i in 0..<n {
            for k in 0..<i { h[i] -= lower[i * n + k] * h[k] }
            h[i] /= lower[i * n + i]
        }
        for i in (0..<n).reversed() {
            for k in i + 1..<max(n, i + 1) { h[i] -= lower[k * n + i] * h[k] }
            h[i] /= lower[i * n + i]
        }
        return h
    }
}

extension Metric {
    /// SDR of BSS Eval with a distortion filter of 512 taps.
    public static let filteredSDR = Metric(
        MetricDescriptor(
            id: "sdr.bss_eval.512taps", title: "SDR", unit: "dB", direction: .higherIsBetter, range: .anyNumber,
            validInput: "any sound longer than 1 s, delayed by less than 512 samples",
            blindSpots: "any linear filter of 512 taps, loudness, polarity, a short delay",
            source: "Scheibler 2022 (fast_bss_eval), least squares with a ridge of 1e-12"),
        minimumCount: { max($0, 2 * FilteredDistortion.tapCount) }, silentTest: .measured
    ) { FilteredDistortion.decibels($0) }
}
