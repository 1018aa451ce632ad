import Testing

@testable import Verification

@Suite("Delay, drift and polarity")
struct TimingTests {
    private static let rate = 8000
    private static let noise = FormulaSignals.noise(20 * rate, seed: 9)

    /// Noise without its upper third, so that shifting it by parts of a sample is well defined.
    private static func sampled(_ signal: [Double], at position: (Int) -> Double) -> [Double] {
        (0..<signal.count).map { n in
            let place = position(n)
            let centre = Int(place.rounded(.down))
            var sum = 0.0
            for k in centre - 24...centre + 24 where signal.indices.contains(k) {
                let t = place - Double(k)
                let angle = Double.pi * t * 0.66
                let taper = 0.5 + 0.5 * PlainCosine.of(Double.pi * t / 25)
                sum += signal[k] * (t == 0 ? 0.66 : PlainCosine.sine(angle) / (Double.pi * t)) * taper
            }
            return sum
        }
    }

    @Test("a delay is found to the sample, early and late", arguments: [-3999, -320, -1, 0, 1, 24, 320, 3999])
    func delay(samples: Int) throws {
        let y = Self.noise.indices.map { n in
            Self.noise.indices.contains(n - samples) ? Self.noise[n - samples] : 0
        }
        let pair = AudioPair(reference: Self.noise, test: FormulaSignals.noisy(y, 0.5), sampleRate: Self.rate)
        let result = Metric.lag.measure(pair)
        #expect(abs(try #require(result.number) - Double(samples) / 8) <= 0.01)
        #expect(TimingAnalysis().lagSamples(pair) == samples)
        let aligned = pair.removingLag(samples)
        #expect(aligned.reference.count == Self.noise.count - abs(samples))
        #expect(try #require(Metric.signalToNoise.measure(aligned).number) > 5)
    }

    @Test("no lag is claimed between unrelated signals")
    func unrelated() {
        let other = FormulaSignals.noise(Self.noise.count, seed: 10)
        let pair = AudioPair(reference: Self.noise, test: other, sampleRate: Self.rate)
        #expect(Metric.lag.measure(pair).number == nil && Metric.polarity.measure(pair).number == nil)
        #expect(TimingAnalysis().lagSamples(pair) == nil && TimingAnalysis().segmentLags(pair).isEmpty)
    }

    @Test("a delay of a fraction of a sample is found within a tenth")
    func fraction() throws {
        let x = Self.sampled(Self.noise) { Double($0) }
        let y = Self.sampled(Self.noise) { Double($0) - 5.5 }
        let delay = try #require(TimeDelay(AudioPair(reference: x, test: y, sampleRate: Self.rate), maximumLag: 400))
        #expect(abs(delay.lagSamples - 5.5) <= 0.1)
    }

    @Test("a slow clock is found within 3 ppm", arguments: [-100.0, 0, 50, 200])
    func drift(ppm: Double) throws {
        let x = Self.sampled(Self.noise) { Double($0) }
        let y = Self.sampled(Self.noise) { Double($0) * (1 - ppm * 1e-6) }
        let result = Metric.drift.measure(AudioPair(reference: x, test: y, sampleRate: Self.rate))
        // A tenth of a sample over the 15 s between the first and the last stretch is 0.8 ppm.
        #expect(abs(try #require(result.number) - ppm) <= 3)
    }

    @Test("an inverted signal is told from an upright one, also when late", arguments: [1.0, -1.0])
    func polarity(sign: Double) throws {
        let y = FormulaSignals.delayed(Self.noise, 77).map { 0.1 * sign * $0 }
        let result = Metric.polarity.measure(AudioPair(reference: Self.noise, test: y, sampleRate: Self.rate))
        #expect(try #require(result.number) == sign)
    }

    @Test("segments report the delay of their own time")
    func segments() {
        let half = Self.noise.count / 2
        let y =
            FormulaSignals.delayed(Array(Self.noise[..<half]), 8)
            + FormulaSignals.delayed(Array(Self.noise[half...]), 80)
        let lags = TimingAnalysis().segmentLags(AudioPair(reference: Self.noise, test: y, sampleRate: Self.rate))
        #expect(lags.map { ($0.lagMilliseconds * 10).rounded() / 10 } == [1, 1, 10, 10])
        #expect(lags.map(\.timeSeconds) == [2.5, 7.5, 12.5, 17.5])
    }

    @Test("aligning by more than there is leaves nothing", arguments: [-1000, 1000])
    func excessiveLag(samples: Int) {
        let pair = AudioPair(reference: [Float](repeating: 1, count: 10), test: [1, 2, 3], sampleRate: 8000)
        #expect(pair.removingLag(samples).commonCount == 0)
        #expect(
            Metric.signalToNoise.measure(pair.removingLag(samples))
                == .notApplicable(.tooShort(sampleCount: 0, needed: 1)))
    }
}
