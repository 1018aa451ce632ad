import Glibc
import NumericCore

/// Distance of modulation spectra: how strongly the loudness of each band swings at 0.5 to 32 Hz.
///
/// Envelopes: 40 Slaney bands, 10 ms apart (frames of 40 ms). Windows of 2 s every second; in each, the mean is removed
/// and the power of the envelope's spectrum is summed over the octaves 0.5-1, 1-2, ... 16-32 Hz. The distance is the root
/// mean square over windows, bands and octaves of the level difference in dB, with a floor 40 dB below the strongest.
enum ModulationDistance {
    static let bandCount = 40
    static let windowFrames = 200
    private static let octaveCount = 6

    static func measure(_ pair: AudioPair) -> MetricResult {
        let (x, y) = (levels(pair.reference, pair.sampleRate), levels(pair.test, pair.sampleRate))
        let floor = x.reduce(0, max) * 1e-4
        guard floor > 0 else { return .notApplicable(.silentReference) }
        var sum = CompensatedSum()
        for index in x.indices {
            let step = 10 * log10(max(x[index], floor) / max(y[index], floor))
            sum.add(step * step)
        }
        return .value((sum.value / Double(x.count)).squareRoot())
    }

    /// Fewest samples that fill one window.
    static func minimumCount(_ sampleRate: Int) -> Int { windowFrames * (sampleRate / 100) + layoutLength(sampleRate) }

    private static func layoutLength(_ sampleRate: Int) -> Int {
        var length = 64
        while length < sampleRate / 25 { length *= 2 }
        return length
    }

    /// Modulation power, row-major (window, band, octave).
    private static func levels(_ samples: AudioSamples, _ sampleRate: Int) -> [Double] {
        let length = layoutLength(sampleRate)
        let layout = FrameLayout(
            fftLength: length, hop: max(1, sampleRate / 100), window: MetricWindow.periodicHann(length), padding: .none)
        let basis = SlaneyMelBasis(sampleRate: sampleRate, fftLength: length, melCount: bandCount)
        let envelopes = envelopes(samples, layout, basis)
        let frameCount = envelopes.count / bandCount
        let transform = RealFourierTransform<Double>(length: windowFrames)
        var result: [Double] = []
        var window = [Double](repeating: 0, count: windowFrames)
        for start in stride(from: 0, through: frameCount - windowFrames, by: windowFrames / 2) {
            for band in 0..<bandCount {
                for step in 0..<windowFrames { window[step] = envelopes[(start + step) * bandCount + band] }
                let mean = window.reduce(0, +) / Double(windowFrames)
                for step in 0..<windowFrames { window[step] -= mean }
                append(octaves: transform.forward(window), to: &result)
            }
        }
        return result
    }

    /// Bins are 0.5 Hz apart: octave o holds bins 2^o ..< 2^(o + 1).
    private static func append(octaves spectrum: [Double], to result: inout [Double]) {
        for octave in 0..<octaveCount {
            var sum = 0.0
            for bin in (1 << octave)..<(2 << octave) {
                sum += spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1]
            }
            result.append(sum)
        }
    }

    private static func envelopes(_ samples: AudioSamples, _ layout: FrameLayout, _ basis: SlaneyMelBasis) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(layout.frameCount(samples.count) * bandCount)
        var magnitudes = [Double](repeating: 0, count: layout.binCount)
        var row = [Double](repeating: 0, count: bandCount)
        PairSpectra(layout).forEachBatch(samples) { x, frameCount in
            for frame in 0..<frameCount {
                for bin in 0..<layout.binCount { magnitudes[bin] = x[frame * layout.binCount + bin].squareRoot() }
                basis.apply(magnitudes, into: &row)
                result.append(contentsOf: row)
            }
        }
        return result
    }
}

extension Metric {
    /// Distance of modulation spectra, which models of the brain's response to sound are built on.
    public static let modulationDistance = Metric(
        MetricDescriptor(
            id: "modulation.slaney40.2s.0.5-32Hz", title: "modulation distance", unit: "dB", direction: .lowerIsBetter,
            range: .nonNegative, validInput: "any sound of 2.1 s and more, 4 kHz and above",
            blindSpots: "phase, constant sounds, delays far below 2 s", source: "own definition after Elliott 2009"),
        minimumCount: { ModulationDistance.minimumCount($0) }, minimumRate: 4000, silentTest: .measured
    ) { ModulationDistance.measure($0) }
}
