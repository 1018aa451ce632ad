import Glibc
import NumericCore

/// Delay between two signals from their cross-spectrum, accumulated over blocks.
struct TimeDelay {
    /// How much later the test signal is, in samples; parabolic between samples.
    let lagSamples: Double
    /// Height of the peak over the root mean square of all lags looked at.
    let prominence: Double
    /// Correlation coefficient at the lag that correlates best in magnitude, with its sign.
    let signedCorrelation: Double

    /// Looks at lags of up to `maximumLag` samples both ways.
    ///
    /// The lag comes from the phase transform (GCC-PHAT): every frequency that carries signal counts the same. Bins below
    /// 1e-6 of the strongest are left out, as they hold rounding only. The sign comes from the plain correlation.
    init?(_ pair: AudioPair, maximumLag: Int) {
        // A block holds up to four times the largest lag, and room for the lag at both ends.
        var length = 1024
        while length < min(pair.commonCount, 4 * maximumLag) + 2 * maximumLag { length *= 2 }
        let sums = Self.crossSpectrum(pair, length: length, maximumLag: maximumLag)
        guard sums.referenceEnergy > 0, sums.testEnergy > 0 else { return nil }
        let transform = RealFourierTransform<Double>(length: length)
        let plain = transform.inverse(sums.cross)
        let phase = transform.inverse(Self.whitened(sums.cross))
        let lagCount = 2 * maximumLag + 1
        let best = Self.peak(phase, lagCount)
        var square = 0.0
        for index in 0..<lagCount { square += phase[index] * phase[index] }
        prominence = phase[best].magnitude / (square / Double(lagCount)).squareRoot()
        lagSamples = Double(best - maximumLag) + Self.parabolicOffset(phase, best, lagCount)
        let strongest = Self.peak(plain, lagCount)
        signedCorrelation = plain[strongest] / (sums.referenceEnergy * sums.testEnergy).squareRoot()
    }

    private struct Sums {
        var cross: [Double]
        var referenceEnergy = 0.0
        var testEnergy = 0.0
    }

    /// Sum over blocks of conj(X) Y, where y starts `maximumLag` samples earlier and ends as much later than x.
    private static func crossSpectrum(_ pair: AudioPair, length: Int, maximumLag: Int) -> Sums {
        let transform = RealFourierTransform<Double>(length: length)
        let step = length - 2 * maximumLag
        var sums = Sums(cross: [Double](repeating: 0, count: 2 * transform.binCount))
        var (x, y) = ([Double](repeating: 0, count: length), [Double](repeating: 0, count: length))
        for start in stride(from: 0, to: max(pair.reference.count, pair.test.count), by: step) {
            pair.reference.load(from: start, count: step, into: &x)
            pair.test.load(from: start - maximumLag, count: length, into: &y)
            for index in 0..<step {
                sums.referenceEnergy += x[index] * x[index]
                sums.testEnergy += y[index + maximumLag] * y[index + maximumLag]
            }
            let (a, b) = (transform.forward(x), transform.forward(y))
            for index in stride(from: 0, to: a.count, by: 2) {
                sums.cross[index] += a[index] * b[index] + a[index + 1] * b[index + 1]
                sums.cross[index + 1] += a[index] * b[index + 1] - a[index + 1] * b[index]
            }
        }
        return sums
    }

    private static func whitened(_ cross: [Double]) -> [Double] {
        var result = cross
        var strongest = 0.0
        for index in stride(from: 0, to: cross.count, by: 2) {
            strongest = max(strongest, hypot(cross[index], cross[index + 1]))
        }
        for index in stride(from: 0, to: cross.count, by: 2) {
            let magnitude = hypot(cross[index], cross[index + 1])
            let scale = magnitude > 1e-6 * strongest ? 1 / magnitude : 0
            result[index] *= scale
            result[index + 1] *= scale
        }
        return result
    }

    private static func peak(_ values: [Double], _ count: Int) -> Int {
        var best = 0
        for index in 1..<count where values[index].magnitude > values[best].magnitude { best = index }
        return best
    }

    /// Top of the parabola through the peak and its neighbours, from -0.5 to 0.5.
    private static func parabolicOffset(_ values: [Double], _ index: Int, _ count: Int) -> Double {
        guard index > 0, index + 1 < count else { return 0 }
        let (a, b, c) = (values[index - 1].magnitude, values[index].magnitude, values[index + 1].magnitude)
        let curvature = a - 2 * b + c
        return curvature < 0 ? min(max(0.5 * (a - c) / curvature, -0.5), 0.5) : 0
    }
}
