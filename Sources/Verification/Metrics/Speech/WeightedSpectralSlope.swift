import Glibc

/// Klatt's weighted spectral slope distance over 25 critical bands, best 95 % of frames.
enum WeightedSpectralSlope {
    private static let globalWeight = 20.0
    private static let localWeight = 1.0
    private static let smallestEnergy = 1e-10

    static func measure(_ pair: AudioPair) -> MetricResult {
        let frames = SpeechFrames(sampleRate: pair.sampleRate, sampleCount: pair.commonCount)
        let bands = CriticalBands(sampleRate: pair.sampleRate, fftLength: frames.fftLength)
        var (frame, spectrum, powers) = (frames.emptyFrame, frames.emptySpectrum, frames.emptyPowers)
        var (x, y) = ([Double](repeating: 0, count: 25), [Double](repeating: 0, count: 25))
        var values: [Double] = []
        for index in 0..<frames.frameCount {
            frames.load(pair.reference, index, into: &frame)
            frames.powers(frame, &spectrum, into: &powers)
            bands.apply(powers, into: &x)
            frames.load(pair.test, index, into: &frame)
            frames.powers(frame, &spectrum, into: &powers)
            bands.apply(powers, into: &y)
            values.append(distance(x.map(decibels), y.map(decibels)))
        }
        return .value(Measurement(meanOfBest95Percent(values), details: [("frames", Double(values.count))]))
    }

    private static func decibels(_ energy: Double) -> Double { 10 * log10(max(energy, smallestEnergy)) }

    private static func distance(_ x: [Double], _ y: [Double]) -> Double {
        let (wx, wy) = (weights(x), weights(y))
        var (sum, total) = (0.0, 0.0)
        for band in 0..<CriticalBands.count - 1 {
            let weight = (wx[band] + wy[band]) / 2
            let step = (x[band + 1] - x[band]) - (y[band + 1] - y[band])
            sum += weight * step * step
            total += weight
        }
        return sum / total
    }

    private static func weights(_ energy: [Double]) -> [Double] {
        let slopeCount = energy.count - 1
        let slope = (0..<slopeCount).map { energy[$0 + 1] - energy[$0] }
        let loudest = energy.reduce(-.infinity, max)
        return (0..<slopeCount).map { band in
            let peak = nearestPeak(energy, slope, band)
            let global = globalWeight / (globalWeight + loudest - energy[band])
            return global * localWeight / (localWeight + peak - energy[band])
        }
    }

    /// The energy that Loizou's program calls the nearest peak: going up it stops one band short of the real one.
    private static func nearestPeak(_ energy: [Double], _ slope: [Double], _ band: Int) -> Double {
        var index = band
        if slope[band] > 0 {
            while index < slope.count, slope[index] > 0 { index += 1 }
            return energy[index - 1]
        }
        while index >= 0, slope[index] <= 0 { index -= 1 }
        return energy[index + 1]
    }
}
