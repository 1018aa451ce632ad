import Glibc

/// Facts about each signal's amplitude.
struct AmplitudeStatistics {
    var peak = 0.0
    var clippedCount = 0
    var mean = 0.0
    var rms = 0.0

    /// Magnitudes at or above `clipLevel` count as clipped.
    init(_ samples: AudioSamples, clipLevel: Double = 1) {
        var (sum, square) = (CompensatedSum(), CompensatedSum())
        var block = [Double](repeating: 0, count: PairMoments.blockCount)
        for start in stride(from: 0, to: samples.count, by: block.count) {
            let count = min(block.count, samples.count - start)
            samples.load(from: start, count: count, into: &block)
            var (first, second) = (0.0, 0.0)
            for index in 0..<count {
                let value = block[index]
                first += value
                second += value * value
                peak = max(peak, value.magnitude)
                if value.magnitude >= clipLevel { clippedCount += 1 }
            }
            sum.add(first)
            square.add(second)
        }
        let n = Double(max(1, samples.count))
        mean = sum.value / n
        rms = (square.value / n).squareRoot()
    }
}

extension Metric {
    /// RMS of the test signal relative to the reference.
    public static let levelDifference = Metric(
        MetricDescriptor(
            id: "level.rms", title: "level difference", unit: "dB", direction: .zeroIsBest, range: .anyNumber,
            validInput: "any sound; lengths may differ", blindSpots: "everything but overall level",
            source: "definition"),
        silentTest: .measured, needsEqualLengths: false
    ) { pair in
        let (x, y) = (AmplitudeStatistics(pair.reference), AmplitudeStatistics(pair.test))
        if y.rms == 0 { return .value(Measurement(-.infinity, limit: .silentTest)) }
        return .value(
            Measurement(
                20 * log10(y.rms / x.rms),
                details: [
                    ("reference_rms", x.rms), ("test_rms", y.rms), ("reference_peak", x.peak), ("test_peak", y.peak),
                ]))
    }

    /// Share of test samples at or beyond full scale that the reference does not have.
    public static let addedClipping = Metric(
        MetricDescriptor(
            id: "clipping.added", title: "added clipping", unit: "1", direction: .zeroIsBest, range: -1...1,
            validInput: "any sound; lengths may differ", blindSpots: "clipping below full scale", source: "definition"),
        silentTest: .measured, needsEqualLengths: false, needsReference: false
    ) { pair in
        let (x, y) = (AmplitudeStatistics(pair.reference), AmplitudeStatistics(pair.test))
        let share = Double(y.clippedCount) / Double(pair.test.count)
        let before = Double(x.clippedCount) / Double(pair.reference.count)
        return .value(
            Measurement(
                share - before,
                details: [
                    ("reference_samples_clipped", Double(x.clippedCount)),
                    ("test_samples_clipped", Double(y.clippedCount)),
                ]))
    }

    /// Constant offset of the test signal beyond that of the reference.
    public static let offsetDifference = Metric(
        MetricDescriptor(
            id: "dc.difference", title: "DC difference", unit: "full scale", direction: .zeroIsBest,
            range: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
            validInput: "any sound; lengths may differ", blindSpots: "everything but the mean", source: "definition"),
        silentTest: .measured, needsEqualLengths: false, needsReference: false
    ) { pair in
        let (x, y) = (AmplitudeStatistics(pair.reference).mean, AmplitudeStatistics(pair.test).mean)
        return .value(Measurement(y - x, details: [("reference_mean", x), ("test_mean", y)]))
    }
}
