import Testing

@testable import Verification

/// The values that NumPy, pystoi, auraloss and audiotools gave for `clean(24000, 4)` and the same plus 0.02 noise.
@Suite("Metrics meet the values of their references")
struct ReferenceTableTests {
    static let x = FormulaSignals.clean(rate: 24000, seconds: 4)
    static let y = FormulaSignals.noisy(x, 0.02)
    static let pair = AudioPair(reference: x, test: y, sampleRate: 24000)

    struct Case: Sendable, CustomTestStringConvertible {
        let metric: Metric
        let expected: Double
        /// Absolute for dB and intelligibility, relative for the rest.
        let bound: Double
        var testDescription: String { metric.descriptor.id }
    }

    static let cases = [
        Case(metric: .signalToNoise, expected: 12.753682177146057, bound: 1e-6),
        Case(metric: .scaleInvariantSDR(), expected: 12.768500460308697, bound: 1e-6),
        Case(metric: .scaleInvariantSDR(.plain), expected: 12.768481759293913, bound: 1e-6),
        Case(metric: .stoi, expected: 0.9228730444629034, bound: 1e-6),
        Case(metric: .extendedSTOI, expected: 0.3394468581132156, bound: 1e-6),
        Case(metric: .multiResolutionSTFT, expected: 6.043871110544611, bound: 6e-6),
        Case(metric: .multiScaleSTFT, expected: 13.863623263655832, bound: 1.4e-5),
        Case(metric: .melDistanceDAC, expected: 8.212089068076972, bound: 8e-6),
        Case(metric: .melDistanceAudiotools, expected: 6.439502460526338, bound: 6e-6),
        Case(metric: .logSpectralDistance(.power1e8), expected: 58.06204539703431, bound: 6e-5),
    ]

    @Test("the test signals have the energies of the table")
    func signals() {
        #expect(abs(FormulaSignals.energy(Self.x) - 242.16410754072436) < 1e-10)
        #expect(abs(FormulaSignals.energy(Self.y) - 255.82237344163752) < 1e-10)
        #expect(abs(Self.x[3] - 2.0560569203937093e-07) < 1e-20)
        #expect(
            FormulaSignals.noise(4) == [
                0.1364606532878152, -0.5490731421044974, -0.17432336234097634, 0.2607960996791958,
            ])
    }

    @Test("a value of the table is met", arguments: cases)
    func value(_ item: Case) throws {
        let value = try #require(item.metric.measure(Self.pair).number)
        #expect(abs(value - item.expected) <= item.bound, "\(value), not \(item.expected)")
    }
}
