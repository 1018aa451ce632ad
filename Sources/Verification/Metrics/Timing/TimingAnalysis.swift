/// Delay, drift and polarity between a reference and a test signal, whole and by segments.
public struct TimingAnalysis: Sendable {
    /// One stretch's delay.
    public struct SegmentLag: Sendable, Equatable, Encodable {
        /// Middle of the stretch in seconds.
        public let timeSeconds: Double
        /// How much later the test signal is, in milliseconds.
        public let lagMilliseconds: Double
        /// Height of the peak over the root mean square of all lags looked at; below 5 the lag is a guess.
        public let prominence: Double
    }

    /// Peaks below this are guesses: of 48,000 lags of noise the highest stands 4.3 above their root mean square.
    public static let smallestProminence = 5.0

    /// Largest delay looked for, in seconds.
    public let maximumLagSeconds: Double
    /// Length of the stretches in seconds.
    public let segmentSeconds: Double

    /// Chooses how far to look.
    ///
    /// - Parameters:
    ///   - maximumLagSeconds: Above 0; 0.5 finds lost TR frames and codec delays.
    ///   - segmentSeconds: Above 0; at least four times the largest delay is sensible.
    public init(maximumLagSeconds: Double = 0.5, segmentSeconds: Double = 5) {
        precondition(maximumLagSeconds > 0 && segmentSeconds > 0, "\(maximumLagSeconds) s in \(segmentSeconds) s")
        self.maximumLagSeconds = maximumLagSeconds
        self.segmentSeconds = segmentSeconds
    }

    /// The delay of every stretch that has a clear one; silent stretches and guesses are left out.
    ///
    /// - Parameters:
    ///   - pair: Lengths may differ; a rest shorter than a stretch is left out.
    ///   - maximumCount: At most this many stretches are looked at, evenly spread.
    /// - Returns: In order of time, perhaps none.
    public func segmentLags(_ pair: AudioPair, maximumCount: Int = .max) -> [SegmentLag] {
        let count = Int(segmentSeconds * Double(pair.sampleRate))
        let lag = maximumLag(pair)
        guard count > 0, lag > 0 else { return [] }
        let available = pair.commonCount / count
        let taken = min(available, max(0, maximumCount))
        return (0..<taken).compactMap { index in
            let start = index * available / taken * count
            let part = pair.slice(start..<start + count)
            guard let delay = TimeDelay(part, maximumLag: lag), delay.prominence >= Self.smallestProminence else {
                return nil
            }
            return SegmentLag(
                timeSeconds: (Double(start) + Double(count) / 2) / Double(pair.sampleRate),
                lagMilliseconds: 1000 * delay.lagSamples / Double(pair.sampleRate), prominence: delay.prominence)
        }
    }

    /// Whole samples the test signal is late, for `AudioPair.removingLag`.
    ///
    /// - Parameter pair: Lengths may differ.
    /// - Returns: The lag, or nil where there is no clear one.
    public func lagSamples(_ pair: AudioPair) -> Int? {
        guard maximumLag(pair) > 0, let delay = TimeDelay(pair, maximumLag: maximumLag(pair)),
            delay.prominence >= Self.smallestProminence
        else { return nil }
        return Int(delay.lagSamples.rounded())
    }

    private func maximumLag(_ pair: AudioPair) -> Int { Int(maximumLagSeconds * Double(pair.sampleRate)) }

    func lag(_ pair: AudioPair) -> MetricResult {
        guard let delay = TimeDelay(pair, maximumLag: maximumLag(pair)), delay.prominence >= Self.smallestProminence
        else {
            return unclear
        }
        return .value(
            Measurement(
                1000 * delay.lagSamples / Double(pair.sampleRate),
                details: [("lag_samples", delay.lagSamples), ("prominence", delay.prominence)]))
    }

    /// Theil and Sen's slope of the stretches' delays: the median over all pairs of stretches.
    func drift(_ pair: AudioPair) -> MetricResult {
        let lags = segmentLags(pair, maximumCount: 300)
        guard lags.count >= 3 else {
            return .notApplicable(
                .tooLittleActivity(
                    found: lags.count, needed: 3, unit: "stretches of \(segmentSeconds) s with a clear lag"))
        }
        var slopes: [Double] = []
        for later in lags.indices {
            for earlier in 0..<later {
                let step = lags[later].lagMilliseconds - lags[earlier].lagMilliseconds
                slopes.append(1000 * step / (lags[later].timeSeconds - lags[earlier].timeSeconds))
            }
        }
        return .value(
            Measurement(Quantile.of(slopes.sorted(), 0.5), details: [("segments", Double(lags.count))]))
    }

    func polarity(_ pair: AudioPair) -> MetricResult {
        guard let delay = TimeDelay(pair, maximumLag: maximumLag(pair)), delay.signedCorrelation.magnitude >= 0.1 else {
            return unclear
        }
        return .value(
            Measurement(delay.signedCorrelation > 0 ? 1 : -1, details: [("correlation", delay.signedCorrelation)]))
    }

    private var unclear: MetricResult {
        .notApplicable(
            .tooLittleActivity(
                found: 0, needed: 1, unit: "clear peaks of the correlation within \(maximumLagSeconds) s"))
    }
}

extension Metric {
    private static func timing(
        _ id: String, _ title: String, unit: String, _ direction: MetricDescriptor.Direction,
        _ range: ClosedRange<Double>,
        source: String, seconds: Double, compute: @escaping @Sendable (AudioPair) -> MetricResult
    ) -> Metric {
        Metric(
            MetricDescriptor(
                id: id, title: title, unit: unit, direction: direction, range: range,
                validInput: "any sound with more than one frequency; delay below 0.5 s; lengths may differ",
                blindSpots: "everything but time and sign", source: source),
            minimumCount: { Int(seconds * Double($0)) }, minimumRate: 1000, needsEqualLengths: false, compute: compute)
    }

    /// Delay of the whole test signal in milliseconds, positive when it is late.
    public static let lag = timing(
        "lag.gcc_phat.500ms", "lag", unit: "ms", .zeroIsBest, -501...501,
        source: "Knapp and Carter 1976, phase transform",
        seconds: 0.1
    ) { TimingAnalysis().lag($0) }

    /// Clock difference in parts per million, positive when the test signal falls behind.
    public static let drift = timing(
        "drift.gcc_phat.theil_sen.1s", "drift", unit: "ppm", .zeroIsBest, -200_000...200_000,
        source: "delays of up to 300 stretches of 1 s, median slope", seconds: 15
    ) { TimingAnalysis(segmentSeconds: 1).drift($0) }

    /// 1 when the test signal has the reference's sign, -1 when it is inverted.
    public static let polarity = timing(
        "polarity.xcorr.500ms", "polarity", unit: "sign", .higherIsBetter, -1...1,
        source: "sign of the strongest correlation", seconds: 0.02
    ) { TimingAnalysis().polarity($0) }
}
