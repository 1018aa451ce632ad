import Glibc

/// Distance of mel cepstra, c0 left out, in dB; this project's variant, since WORLD envelopes are not at hand.
///
/// 40 Slaney bands of magnitudes, frames of 1024 every 256, natural logarithm with a floor 80 dB below the reference's
/// largest band, c_d = mean over bands of ln M cos(pi d (m + 1/2) / 40) for d = 1 ... 13, mean over frames of
/// 10 / ln 10 sqrt(2 sum (c_d - c'_d)^2).
enum MelCepstralDistortion {
    static let bandCount = 40
    static let orders = 1...13
    private static let layout = MultiScaleSpectra.torchLayout(1024, hop: 256, window: 1024)

    static func measure(_ pair: AudioPair) -> MetricResult {
        let basis = SlaneyMelBasis(sampleRate: pair.sampleRate, fftLength: layout.fftLength, melCount: bandCount)
        let (x, y) = (bands(pair.reference, basis), bands(pair.test, basis))
        let floor = x.reduce(0, max) * 1e-4
        guard floor > 0 else { return .notApplicable(.silentReference) }
        let cosines = orders.flatMap { order in
            (0..<bandCount).map { cos(Double.pi * Double(order) * (Double($0) + 0.5) / Double(bandCount)) }
        }
        let frameCount = x.count / bandCount
        var sum = CompensatedSum()
        for frame in 0..<frameCount {
            var square = 0.0
            for order in 0..<orders.count {
                var c = 0.0
                for band in 0..<bandCount {
                    let index = frame * bandCount + band
                    c += cosines[order * bandCount + band] * log(max(x[index], floor) / max(y[index], floor))
                }
                square += c / Double(bandCount) * c / Double(bandCount)
            }
            sum.add(10 / log(10) * (2 * square).squareRoot())
        }
        return .value(Measurement(sum.value / Double(frameCount), details: [("frames", Double(frameCount))]))
    }

    /// Band magnitudes, row-major (frame, band).
    static func bands(_ samples: AudioSamples, _ basis: SlaneyMelBasis) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(layout.frameCount(samples.count) * basis.melCount)
        var magnitudes = [Double](repeating: 0, count: layout.binCount)
        var row = [Double](repeating: 0, count: basis.melCount)
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
