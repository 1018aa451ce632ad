import Glibc

/// Distances of magnitude spectra at several resolutions.
enum MultiScaleSpectra {
    /// One resolution's sums.
    private struct Sums {
        var difference = CompensatedSum()
        var reference = CompensatedSum()
        var logarithm = CompensatedSum()
        var count = 0
    }

    /// Spectral convergence and mean |ln X - ln Y| at one resolution; powers are clamped from below.
    static func convergenceAndLog(
        _ pair: AudioPair, _ layout: FrameLayout, floor: Double
    ) -> (convergence: Double, logMagnitude: Double) {
        var sums = Sums()
        PairSpectra(layout).forEachBatch(pair) { x, y, frameCount in
            let count = frameCount * layout.binCount
            var (difference, reference, logarithm) = (0.0, 0.0, 0.0)
            for index in 0..<count {
                let (px, py) = (max(x[index], floor), max(y[index], floor))
                let step = px.squareRoot() - py.squareRoot()
                difference += step * step
                reference += px
                // One logarithm of the quotient; 0 / 0 cannot come up, as both are at least the floor.
                if floor > 0 { logarithm += log(px / py).magnitude }
            }
            sums.difference.add(difference)
            sums.reference.add(reference)
            sums.logarithm.add(0.5 * logarithm)
            sums.count += count
        }
        let convergence = (sums.difference.value / sums.reference.value).squareRoot()
        return (convergence, sums.logarithm.value / Double(max(1, sums.count)))
    }

    /// Mean |log10 X^2 - log10 Y^2| with magnitudes clamped, and mean |X - Y|, at one resolution.
    static func audiotoolsTerms(
        _ pair: AudioPair, _ layout: FrameLayout, floor: Double
    ) -> (log: Double, magnitude: Double) {
        var sums = Sums()
        PairSpectra(layout).forEachBatch(pair) { x, y, frameCount in
            let count = frameCount * layout.binCount
            var (difference, logarithm) = (0.0, 0.0)
            for index in 0..<count {
                difference += (x[index].squareRoot() - y[index].squareRoot()).magnitude
                logarithm += log(max(x[index], floor * floor) / max(y[index], floor * floor)).magnitude
            }
            sums.difference.add(difference)
            sums.logarithm.add(logarithm)
            sums.count += count
        }
        let n = Double(max(1, sums.count))
        return (sums.logarithm.value / (n * log(10)), sums.difference.value / n)
    }

    /// The mean distances of mel bands at one resolution: |log10 clamp(M)| times `power`, and plain.
    static func melTerms(
        _ pair: AudioPair, _ layout: FrameLayout, melCount: Int, power: Double, floor: Double
    ) -> (log: Double, magnitude: Double) {
        let basis = SlaneyMelBasis(sampleRate: pair.sampleRate, fftLength: layout.fftLength, melCount: melCount)
        var sums = Sums()
        var magnitudes = [Double](repeating: 0, count: layout.binCount)
        var (mx, my) = ([Double](repeating: 0, count: melCount), [Double](repeating: 0, count: melCount))
        PairSpectra(layout).forEachBatch(pair) { x, y, frameCount in
            var (difference, logarithm) = (0.0, 0.0)
            for frame in 0..<frameCount {
                let offset = frame * layout.binCount
                for bin in 0..<layout.binCount { magnitudes[bin] = x[offset + bin].squareRoot() }
                basis.apply(magnitudes, into: &mx)
                for bin in 0..<layout.binCount { magnitudes[bin] = y[offset + bin].squareRoot() }
                basis.apply(magnitudes, into: &my)
                for band in 0..<melCount {
                    difference += (mx[band] - my[band]).magnitude
                    logarithm += log(max(mx[band], floor) / max(my[band], floor)).magnitude
                }
            }
            sums.difference.add(difference)
            sums.logarithm.add(logarithm)
            sums.count += frameCount * melCount
        }
        let n = Double(max(1, sums.count))
        return (power * sums.logarithm.value / (n * log(10)), sums.difference.value / n)
    }

    /// torch.stft's convention: centred frames, mirrored ends, periodic Hann window.
    static func torchLayout(_ fftLength: Int, hop: Int, window: Int) -> FrameLayout {
        FrameLayout(fftLength: fftLength, hop: hop, window: MetricWindow.periodicHann(window), padding: .reflect)
    }
}
