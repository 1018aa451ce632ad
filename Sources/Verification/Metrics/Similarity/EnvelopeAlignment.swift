import NumericCore

/// Alignment by the correlation of upper envelopes, as ViSQOL does it.
enum EnvelopeAlignment {
    /// Twice the rectified signal about its mean, plus the mean.
    ///
    /// The reference program means to take a Hilbert envelope, but its inverse transform keeps the real part only: what is
    /// left is twice the centred signal without its component at half the rate. The lags follow from that.
    static func envelope(_ signal: ArraySlice<Double>) -> [Double] {
        guard !signal.isEmpty else { return [] }
        let mean = signal.reduce(0, +) / Double(signal.count)
        var length = 32
        while length < signal.count { length *= 2 }
        var (alternating, sign) = (0.0, 1.0)
        for value in signal {
            alternating += sign * (value - mean)
            sign = -sign
        }
        let removed = alternating * (length == signal.count ? 1 : 2) / Double(length)
        sign = -1
        return signal.map { value in
            sign = -sign
            return (2 * (value - mean) - sign * removed).magnitude + mean
        }
    }

    /// Samples by which the reference is later; the first among equal peaks.
    static func lag(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Int {
        let longest = max(x.count, y.count)
        guard longest > 1 else { return 0 }
        var length = 1
        while length < 2 * longest - 1 { length *= 2 }
        let transform = RealFourierTransform<Double>(length: length)
        let (a, b) = (envelope(x), envelope(y))
        let padded = { (values: [Double]) in values + [Double](repeating: 0, count: length - values.count) }
        let (p, q) = (transform.forward(padded(a)), transform.forward(padded(b)))
        var cross = p
        for index in stride(from: 0, to: p.count, by: 2) {
            cross[index] = p[index] * q[index] + p[index + 1] * q[index + 1]
            cross[index + 1] = p[index + 1] * q[index] - p[index] * q[index + 1]
        }
        let correlation = transform.inverse(cross)
        var best = -(longest - 1)
        let at = { (lag: Int) in correlation[lag < 0 ? length + lag : lag] }
        for lag in -(longest - 1)...longest - 1 where at(lag) > at(best) { best = lag }
        return best
    }

    /// The test signal moved onto the reference: zeros in front, or its first samples cut; lags of more than half the
    /// reference are not believed.
    static func align(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> (test: [Double], lag: Int) {
        let lag = lag(x, y)
        if lag == 0 || 2 * abs(lag) > x.count { return (Array(y), 0) }
        if lag < 0 { return (Array(y.dropFirst(-lag)), lag) }
        return ([Double](repeating: 0, count: lag) + y, lag)
    }

    /// Both aligned and cut to one length.
    static func alignAndCut(
        _ x: ArraySlice<Double>, _ y: ArraySlice<Double>
    ) -> (reference: ArraySlice<Double>, test: ArraySlice<Double>) {
        let (moved, lag) = align(x, y)
        if x.count > moved.count { return (x.prefix(moved.count), moved[...]) }
        if x.count < moved.count { return (x.dropFirst(max(0, lag)), moved[max(0, lag)..<x.count]) }
        return (x, moved[...])
    }
}
