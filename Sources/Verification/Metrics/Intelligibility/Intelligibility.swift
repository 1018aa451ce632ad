import Glibc

/// Correlation of third-octave envelopes over 384 ms: STOI (Taal 2011) and ESTOI (Jensen 2016).
enum Intelligibility {
    static let segmentLength = 30
    private static let bandCount = ThirdOctaveSpectra.bandCount

    static func spectra(_ pair: AudioPair) -> ThirdOctaveSpectra {
        let resampler = PolyphaseResampler(from: pair.sampleRate, to: ThirdOctaveSpectra.sampleRate)
        return ThirdOctaveSpectra(reference: resampler.resample(pair.reference), test: resampler.resample(pair.test))
    }

    /// Mean over bands and segments of the correlation of the clipped test band with the reference band.
    static func plain(_ spectra: ThirdOctaveSpectra) -> Double {
        let clip = 1 + pow(10, 15.0 / 20)
        let segments = spectra.frameCount - segmentLength + 1
        var sum = CompensatedSum()
        var (x, y) = ([Double](repeating: 0, count: segmentLength), [Double](repeating: 0, count: segmentLength))
        for first in 0..<segments {
            for band in 0..<bandCount {
                var (xx, yy) = (0.0, 0.0)
                for step in 0..<segmentLength {
                    let index = (first + step) * bandCount + band
                    x[step] = spectra.reference[index]
                    y[step] = spectra.test[index]
                    xx += x[step] * x[step]
                    yy += y[step] * y[step]
                }
                let scale = xx.squareRoot() / (yy.squareRoot() + .ulpOfOne)
                for step in 0..<segmentLength { y[step] = min(y[step] * scale, x[step] * clip) }
                sum.add(correlation(x, y))
            }
        }
        return sum.value / Double(segments * bandCount)
    }

    private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
        let n = Double(segmentLength)
        var (mx, my) = (0.0, 0.0)
        for step in 0..<segmentLength {
            mx += x[step] / n
            my += y[step] / n
        }
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for step in 0..<segmentLength {
            let (a, b) = (x[step] - mx, y[step] - my)
            xx += a * a
            xy += a * b
            yy += b * b
        }
        return xy / ((xx.squareRoot() + .ulpOfOne) * (yy.squareRoot() + .ulpOfOne))
    }

    /// Mean over segments of the correlation of spectra whose rows and columns are normalised.
    ///
    /// pystoi adds noise of 2e-16 before each step to avoid 0 / 0; here a norm of 0 leaves zeros.
    static func extended(_ spectra: ThirdOctaveSpectra) -> Double {
        let segments = spectra.frameCount - segmentLength + 1
        var sum = CompensatedSum()
        let size = segmentLength * bandCount
        var (x, y) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
        for first in 0..<segments {
            normalise(spectra.reference, first * bandCount, &x)
            normalise(spectra.test, first * bandCount, &y)
            var product = 0.0
            for index in 0..<size { product += x[index] * y[index] }
            sum.add(product / Double(segmentLength))
        }
        return sum.value / Double(segments)
    }

    private static func normalise(_ bands: [Double], _ offset: Int, _ target: inout [Double]) {
        for index in target.indices { target[index] = bands[offset + index] }
        for band in 0..<bandCount { normaliseRun(&target, first: band, step: bandCount, count: segmentLength) }
        for frame in 0..<segmentLength { normaliseRun(&target, first: frame * bandCount, step: 1, count: bandCount) }
    }

    /// Removes the mean of a row or column and gives it unit norm.
    private static func normaliseRun(_ values: inout [Double], first: Int, step: Int, count: Int) {
        var mean = 0.0
        for index in 0..<count { mean += values[first + index * step] }
        mean /= Double(count)
        var square = 0.0
        for index in 0..<count {
            values[first + index * step] -= mean
            square += values[first + index * step] * values[first + index * step]
        }
        let scale = square > 0 ? 1 / square.squareRoot() : 0
        for index in 0..<count { values[first + index * step] *= scale }
    }

    /// Applies `score` where enough speech is left, as every variant must.
    static func measure(_ pair: AudioPair, _ score: (ThirdOctaveSpectra) -> Double) -> MetricResult {
        let spectra = spectra(pair)
        guard spectra.frameCount >= segmentLength else {
            return .notApplicable(
                .tooLittleActivity(
                    found: spectra.frameCount, needed: segmentLength,
                    unit: "frames (12.8 ms each) within 40 dB of the loudest"))
        }
        return .value(
            Measurement(score(spectra), details: [("active_seconds", Double(spectra.frameCount) * 0.0128)]))
    }
}

extension Metric {
    private static func intelligibility(
        _ id: String, _ title: String, _ source: String, _ score: @escaping @Sendable (ThirdOctaveSpectra) -> Double
    ) -> Metric {
        Metric(
            MetricDescriptor(
                id: id, title: title, unit: "1", direction: .higherIsBetter, range: -1.000001...1.000001,
                validInput: "speech, at least 0.4 s of it, best 3 to 10 s; alignment within tens of ms",
                blindSpots: "above 4.3 kHz, gain, polarity", source: source),
            minimumCount: { $0 * 3969 / 10000 }, minimumRate: 4000
        ) { measure(pair: $0, score) }
    }

    private static func measure(pair: AudioPair, _ score: (ThirdOctaveSpectra) -> Double) -> MetricResult {
        Intelligibility.measure(pair, score)
    }

    /// Short-time objective intelligibility, equal to pystoi 0.4.1; too little speech is a reason and not 1e-5.
    public static let stoi = intelligibility("stoi.taal2011@10k", "STOI", "Taal et al. 2011 as in pystoi 0.4.1") {
        Intelligibility.plain($0)
    }

    /// Extended STOI, equal to pystoi 0.4.1 with `extended=True`.
    public static let extendedSTOI = intelligibility(
        "estoi.jensen2016@10k", "ESTOI", "Jensen and Taal 2016 as in pystoi 0.4.1"
    ) { Intelligibility.extended($0) }
}
