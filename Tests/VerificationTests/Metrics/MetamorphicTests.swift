import Testing

@testable import Verification

/// What must hold for every metric whatever its formula: one row a metric, one test a law.
@Suite("Laws that every metric obeys")
struct MetamorphicTests {
    static let rate = 16000
    /// Harmonics over a soft noise, so that nothing is digitally silent.
    static let x = FormulaSignals.noisy(FormulaSignals.clean(rate: rate, seconds: 3), 0.0005, seed: 7)
    static let noise = FormulaSignals.noise(x.count, seed: 11)

    static func measure(_ row: Row, _ y: [Double]) -> MetricResult {
        row.metric.measure(AudioPair(reference: x, test: y, sampleRate: rate))
    }

    /// Larger is worse.
    static func badness(_ row: Row, _ value: Double) -> Double {
        switch row.metric.descriptor.direction {
        case .higherIsBetter: -value
        case .lowerIsBetter: value
        case .zeroIsBest: value.magnitude
        }
    }

    static func expect(_ row: Row, _ y: [Double], _ effect: Effect, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let value = try #require(measure(row, y).number, sourceLocation: sourceLocation)
        let identity = try #require(measure(row, x).number)
        switch effect {
        case .none(let bound):
            #expect(value == identity || abs(value - identity) <= bound, sourceLocation: sourceLocation)
        case .value(let wanted, let bound): #expect(abs(value - wanted) <= bound, sourceLocation: sourceLocation)
        case .worse: #expect(badness(row, value) > badness(row, identity), sourceLocation: sourceLocation)
        }
    }

    @Test("every public metric has a row")
    func complete() {
        let missing = Set((MetricPanel.all.metrics + MetricPanel.compatible.metrics).map(\.descriptor.id))
            .subtracting(Self.rows.map(\.metric.descriptor.id))
        // Drift needs 15 s and is tested by itself; the presets of SI-SDR with an epsilon have goldens.
        #expect(
            missing == [
                "drift.gcc_phat.theil_sen.1s", "si_sdr.auraloss0.4", "si_sdr.audiotools", "snrseg.all_frames.30ms",
            ])
    }

    @Test("equal signals have the best value", arguments: rows)
    func identity(row: Row) throws {
        guard case .value(let found) = Self.measure(row, Self.x) else {
            Issue.record("no value for equal signals")
            return
        }
        if row.identity.isInfinite {
            #expect(found.value == row.identity && found.limit == .identical)
        } else {
            #expect(abs(found.value - row.identity) <= row.identityBound)
        }
    }

    @Test("half the level has the effect of the table", arguments: rows)
    func gain(row: Row) throws { try Self.expect(row, Self.x.map { 0.5 * $0 }, row.gain) }

    @Test("inverted polarity has the effect of the table", arguments: rows)
    func inversion(row: Row) throws { try Self.expect(row, Self.x.map { -$0 }, row.inversion) }

    @Test("a delay of 20 ms has the effect of the table", arguments: rows)
    func delay(row: Row) throws { try Self.expect(row, FormulaSignals.delayed(Self.x, 320), row.delay) }

    @Test("noise makes it worse at every step of 10 dB", arguments: rows.filter { $0.fallsFrom != nil })
    func monotone(row: Row) throws {
        let from = try #require(row.fallsFrom)
        let scale = (FormulaSignals.energy(Self.x) / FormulaSignals.energy(Self.noise)).squareRoot()
        let values = try stride(from: from, through: -20, by: -10).map { decibels in
            let amplitude = scale * PlainCosine.power(10, -decibels / 20)
            let y = zip(Self.x, Self.noise).map { $0 + amplitude * $1 }
            return Self.badness(row, try #require(Self.measure(row, y).number))
        }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 + row.saturation }, "\(values)")
        #expect(values[values.count - 1] > values[0])
    }

    @Test("the same twice over has nearly the same value", arguments: rows)
    func concatenation(row: Row) throws {
        let y = zip(Self.x, Self.noise).map { $0 + 0.01 * $1 }
        let once = try #require(Self.measure(row, y).number)
        let pair = AudioPair(reference: Self.x + Self.x, test: y + y, sampleRate: Self.rate)
        let twice = try #require(row.metric.measure(pair).number)
        // Loudness is gated by blocks of 400 ms, some of which now lie across the seam.
        let bound = row.metric.descriptor.unit == "LU" ? 0.1 : 0.02
        #expect(abs(once - twice) <= max(0.05 * abs(once), bound), "\(once), \(twice)")
    }

    @Test("silence after both signals does not make a metric better by more than its share", arguments: rows)
    func appendedSilence(row: Row) throws {
        let y = zip(Self.x, Self.noise).map { $0 + 0.01 * $1 }
        let silence = [Double](repeating: 0, count: Self.rate)
        let pair = AudioPair(reference: Self.x + silence, test: y + silence, sampleRate: Self.rate)
        let (before, after) = (try #require(Self.measure(row, y).number), try #require(row.metric.measure(pair).number))
        #expect(after.isFinite && row.metric.descriptor.range.contains(after))
        // A mean over frames moves by at most the share of the frames that are new, towards perfect or the lower limit.
        let reach = max(before.magnitude, 35) * 0.3
        #expect(abs(after - before) <= reach, "\(before), \(after)")
    }

    @Test("a silent reference has no value", arguments: rows)
    func silentReference(row: Row) {
        let silent = [Double](repeating: 0, count: Self.x.count)
        let result = row.metric.measure(AudioPair(reference: silent, test: Self.x, sampleRate: Self.rate))
        let needsNone = ["dc.difference", "clipping.added"].contains(row.metric.descriptor.id)
        #expect((result.number != nil) == needsNone)
        #expect(needsNone || result == .notApplicable(.silentReference))
    }

    @Test("a silent test signal is a limit, a poor value or not applicable, never a good one", arguments: rows)
    func silentTest(row: Row) throws {
        let result = Self.measure(row, [Double](repeating: 0, count: Self.x.count))
        guard row.measuresSilence else {
            #expect(result == .notApplicable(.silentTest))
            return
        }
        guard case .value(let found) = result else {
            Issue.record("\(result)")
            return
        }
        let descriptor = row.metric.descriptor
        if ["dc.difference", "clipping.added"].contains(descriptor.id) { return }
        #expect(Self.badness(row, found.value) > Self.badness(row, min(row.identity, 1e9)))
        #expect(found.value.isFinite || found.limit == .silentTest)
    }

    @Test("nothing, one sample and a frame too few are too short", arguments: rows)
    func short(row: Row) {
        for count in [0, 1, 40] {
            let samples = Array(Self.x.suffix(count))
            let result = row.metric.measure(AudioPair(reference: samples, test: samples, sampleRate: Self.rate))
            switch result {
            case .value(let found):
                #expect(count > 0 && row.metric.descriptor.range.contains(found.value))
            case .notApplicable(.tooShort(let found, let needed)): #expect(found == count && needed > count)
            default: Issue.record("\(count) samples: \(result)")
            }
        }
    }

    @Test("NaN and infinity in either signal are failures that say where", arguments: rows)
    func nonFinite(row: Row) {
        for bad in [Double.nan, .infinity, -.infinity] {
            var broken = Self.x
            broken[1234] = bad
            let test = row.metric.measure(AudioPair(reference: Self.x, test: broken, sampleRate: Self.rate))
            #expect(test == .failed(.nonFinite(signal: "test signal", index: 1234)))
            let reference = row.metric.measure(AudioPair(reference: broken, test: Self.x, sampleRate: Self.rate))
            #expect(reference == .failed(.nonFinite(signal: "reference", index: 1234)))
        }
    }

    @Test("other lengths are explained or measured, absurd rates refused", arguments: rows)
    func lengths(row: Row) {
        let pair = AudioPair(reference: Self.x, test: Array(Self.x.dropLast(5)), sampleRate: Self.rate)
        let result = row.metric.measure(pair)
        let explained = result == .notApplicable(.lengthsDiffer(reference: Self.x.count, test: Self.x.count - 5))
        #expect(explained || result.number != nil)
        for rate in [-1, 0, 2_000_000] {
            let odd = row.metric.measure(AudioPair(reference: Self.x, test: Self.x, sampleRate: rate))
            #expect(odd == .failed(.unsupportedRate(rate, needed: "1 ... 1000000 Hz")))
        }
    }

    @Test(
        "no rate and no short length gives a value outside the range", arguments: rows,
        [1, 7, 100, 1000, 192_000, 999_983])
    func rates(row: Row, rate: Int) {
        for count in [40, 300, 2500, 9000] {
            let (a, b) = (Array(Self.x.suffix(count)), Array(Self.noise.suffix(count)))
            if case .failed(let reason) = row.metric.measure(AudioPair(reference: a, test: b, sampleRate: rate)) {
                Issue.record("\(count) samples at \(rate) Hz: \(reason)")
            }
        }
    }
}
