import Glibc

/// Distances of short-time linear prediction models.
enum LinearPrediction {
    /// 10 below 10 kHz, else 16.
    static func order(_ sampleRate: Int) -> Int { sampleRate < 10000 ? 10 : 16 }

    /// Autocorrelation at the lags from 0 to `order`.
    static func autocorrelation(_ frame: [Double], length: Int, order: Int) -> [Double] {
        (0...order).map { lag in
            var sum = 0.0
            for index in 0..<max(0, length - lag) { sum += frame[index] * frame[index + lag] }
            return sum
        }
    }

    /// Prediction error filter (1, a1, ...) by Levinson and Durbin; nil where the frame is silent or fully predictable.
    static func filter(_ r: [Double]) -> [Double]? {
        guard r[0] > 0 else { return nil }
        var (a, error) = ([Double](repeating: 0, count: r.count), r[0])
        a[0] = 1
        for i in 1..<r.count {
            var sum = r[i]
            for j in 1..<i { sum += a[j] * r[i - j] }
            let reflection = -sum / error
            let old = a
            for j in 1..<i { a[j] = old[j] + reflection * old[i - j] }
            a[i] = reflection
            error *= 1 - reflection * reflection
            guard error > 0 else { return nil }
        }
        return a
    }

    /// a R a' with R the Toeplitz matrix of r.
    private static func residual(_ a: [Double], _ r: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { for j in a.indices { sum += a[i] * a[j] * r[abs(i - j)] } }
        return sum
    }

    /// ln of the residual of x under y's filter over that under its own, from 0 to 2.
    static func logLikelihoodRatio(_ x: [Double], _ y: [Double]) -> Double? {
        guard let ax = filter(x), let ay = filter(y) else { return nil }
        let (own, other) = (residual(ax, x), residual(ay, x))
        guard own > 0, other > 0 else { return nil }
        return min(max(log(other / own), 0), 2)
    }

    /// 10 sqrt(2) / ln 10 times the distance of the cepstra of both filters, from 0 to 10.
    static func cepstralDistance(_ x: [Double], _ y: [Double]) -> Double? {
        guard let ax = filter(x), let ay = filter(y) else { return nil }
        let (cx, cy) = (cepstrum(ax), cepstrum(ay))
        let square = zip(cx, cy).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return min(10 / log(10) * (2 * square).squareRoot(), 10)
    }

    private static func cepstrum(_ a: [Double]) -> [Double] {
        var c = [Double](repeating: 0, count: a.count)
        for n in 1..<a.count {
            var sum = a[n]
            for k in 1..<n { sum += Double(k) / Double(n) * c[k] * a[n - k] }
            c[n] = -sum
        }
        return c
    }

    /// The mean over the best 95 % of the frames in which both signals sound.
    static func measure(_ pair: AudioPair, _ distance: ([Double], [Double]) -> Double?) -> MetricResult {
        let frames = SpeechFrames(sampleRate: pair.sampleRate, sampleCount: pair.commonCount)
        let order = order(pair.sampleRate)
        var (frame, values): ([Double], [Double]) = (frames.emptyFrame, [])
        for index in 0..<frames.frameCount {
            frames.load(pair.reference, index, into: &frame)
            let x = autocorrelation(frame, length: frames.length, order: order)
            frames.load(pair.test, index, into: &frame)
            let y = autocorrelation(frame, length: frames.length, order: order)
            if let value = distance(x, y) { values.append(value) }
        }
        guard !values.isEmpty else {
            return .notApplicable(.tooLittleActivity(found: 0, needed: 1, unit: "frames in which both signals sound"))
        }
        return .value(Measurement(meanOfBest95Percent(values), details: [("frames", Double(values.count))]))
    }
}
