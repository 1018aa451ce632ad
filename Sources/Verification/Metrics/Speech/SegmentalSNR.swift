import Glibc

/// Signal-to-noise ratios of short frames, each limited to -10 to 35 dB.
enum SegmentalSNR {
    private static let limits = -10.0...35.0

    static func plain(_ pair: AudioPair, dropsLast: Bool) -> MetricResult {
        let frames = SpeechFrames(sampleRate: pair.sampleRate, sampleCount: pair.commonCount, dropsLast: dropsLast)
        var (x, y, sum) = (frames.emptyFrame, frames.emptyFrame, CompensatedSum())
        for frame in 0..<frames.frameCount {
            frames.load(pair.reference, frame, into: &x)
            frames.load(pair.test, frame, into: &y)
            var (signal, noise) = (0.0, 0.0)
            for index in 0..<frames.length {
                signal += x[index] * x[index]
                noise += (x[index] - y[index]) * (x[index] - y[index])
            }
            let ratio = 10 * log10(signal / (noise + .ulpOfOne) + .ulpOfOne)
            sum.add(min(max(ratio, limits.lowerBound), limits.upperBound))
        }
        return .value(
            Measurement(sum.value / Double(frames.frameCount), details: [("frames", Double(frames.frameCount))]))
    }

    /// Frequency-weighted: critical bands of spectra of unit area, weights E^0.2; silent reference frames are left out.
    static func weighted(_ pair: AudioPair) -> MetricResult {
        let frames = SpeechFrames(sampleRate: pair.sampleRate, sampleCount: pair.commonCount)
        let bands = CriticalBands(sampleRate: pair.sampleRate, fftLength: frames.fftLength)
        var (frame, spectrum, powers) = (frames.emptyFrame, frames.emptySpectrum, frames.emptyPowers)
        var (x, y) = ([Double](repeating: 0, count: 25), [Double](repeating: 0, count: 25))
        var (sum, used) = (CompensatedSum(), 0)
        func area(_ samples: AudioSamples, _ index: Int, into result: inout [Double]) -> Double {
            frames.load(samples, index, into: &frame)
            frames.powers(frame, &spectrum, into: &powers)
            var total = 0.0
            for bin in 0..<frames.fftLength / 2 {
                powers[bin] = powers[bin].squareRoot()
                total += powers[bin]
            }
            bands.apply(powers, into: &result)
            if total > 0 { for band in result.indices { result[band] /= total } }
            return total
        }
        for index in 0..<frames.frameCount {
            guard area(pair.reference, index, into: &x) > 0 else { continue }
            _ = area(pair.test, index, into: &y)
            var (weighted, weights) = (0.0, 0.0)
            for band in 0..<CriticalBands.count where x[band] > 0 {
                let error = max((x[band] - y[band]) * (x[band] - y[band]), .ulpOfOne)
                let weight = pow(x[band], 0.2)
                weighted += weight * 10 * log10(x[band] * x[band] / error)
                weights += weight
            }
            guard weights > 0 else { continue }
            sum.add(min(max(weighted / weights, limits.lowerBound), limits.upperBound))
            used += 1
        }
        guard used > 0 else { return .notApplicable(.silentReference) }
        return .value(Measurement(sum.value / Double(used), details: [("frames", Double(used))]))
    }
}
