import Testing

@testable import Verification

/// What each metric is expected to do under each change.
extension MetamorphicTests {
    /// How a metric's value for a change compares with its value without.
    enum Effect: Sendable {
        /// Equal to the value for equal signals within a bound.
        case none(Double)
        /// The value itself is known.
        case value(Double, Double)
        /// Worse than for equal signals.
        case worse
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let metric: Metric
        /// Value for equal signals; infinity must carry its limit.
        let identity: Double
        let identityBound: Double
        /// The test signal times 0.5.
        let gain: Effect
        /// The test signal times -1.
        let inversion: Effect
        /// The test signal 20 ms late.
        let delay: Effect
        /// Whether noise of rising level must make it worse at every step from 50 to -20 dB; nil where it need not.
        let fallsFrom: Double?
        /// Largest step back that saturation excuses.
        let saturation: Double
        /// Whether a silent test signal has a value.
        let measuresSilence: Bool
        var testDescription: String { metric.descriptor.id }
    }

    private static func row(
        _ metric: Metric, _ identity: Double, _ bound: Double = 1e-9, gain: Effect = .worse,
        inversion: Effect = .none(1e-9),
        delay: Effect = .worse, fallsFrom: Double? = 50, saturation: Double = 1e-12,
        silence: Bool = true
    ) -> Row {
        Row(
            metric: metric, identity: identity, identityBound: bound, gain: gain, inversion: inversion, delay: delay,
            fallsFrom: fallsFrom, saturation: saturation, measuresSilence: silence)
    }

    static let rows: [Row] = [
        row(.signalToNoise, .infinity, gain: .value(6.0206, 1e-3), inversion: .value(-6.0206, 1e-3)),
        row(.scaleInvariantSDR(), .infinity, gain: .none(0), inversion: .none(0)),
        row(.scaleInvariantSDR(.plain), .infinity, gain: .none(0), inversion: .none(0)),
        row(.filteredSDR, .infinity, gain: .none(0), inversion: .none(0)),
        row(.levelDifference, 0, gain: .value(-6.0206, 1e-3), delay: .none(0.2), fallsFrom: nil),
        row(.loudnessDifference, 0, gain: .value(-6.0206, 1e-2), delay: .none(0.5), fallsFrom: nil),
        row(.offsetDifference, 0, gain: .none(1e-3), inversion: .none(1e-3), delay: .none(1e-3), fallsFrom: nil),
        row(.addedClipping, 0, gain: .none(0), inversion: .none(0), delay: .none(0), fallsFrom: nil),
        row(
            .lag, 0, 1e-6, gain: .none(1e-6), inversion: .none(1e-6), delay: .value(20, 0.01), fallsFrom: nil,
            silence: false),
        row(.polarity, 1, gain: .none(0), inversion: .value(-1, 0), delay: .none(0), fallsFrom: nil, silence: false),
        row(.spectralConvergence, 0, gain: .value(0.5, 1e-6)),
        row(.multiResolutionSTFT, 0),
        row(.multiScaleSTFT, 0),
        row(.melDistanceDAC, 0),
        row(.melDistanceAudiotools, 0),
        row(.logSpectralDistance(), 0),
        row(.logSpectralDistance(.power1e8), 0),
        row(.stoi, 1, 1e-6, gain: .none(1e-6), fallsFrom: 40, silence: false),
        row(.extendedSTOI, 1, 1e-6, gain: .none(1e-6), fallsFrom: 40, silence: false),
        row(.segmentalSNR(), 35, 25, gain: .worse, inversion: .worse, fallsFrom: 30),
        row(.frequencyWeightedSegmentalSNR, 35, gain: .none(1e-6), fallsFrom: 30),
        row(.logLikelihoodRatio, 0, gain: .none(1e-6), fallsFrom: 30, saturation: 1e-4, silence: false),
        row(.cepstralDistance, 0, gain: .none(1e-6), fallsFrom: nil, silence: false),
        row(.weightedSpectralSlope, 0, fallsFrom: 30),
        row(.melCepstralDistortion, 0, fallsFrom: 40),
        row(.modulationDistance, 0, fallsFrom: 20),
        row(.visqolSpeech, 4.0159, 1e-4, gain: .none(1e-6), delay: .none(0.2), fallsFrom: 30, silence: false),
        row(.speechNSIM, 1, 1e-9, gain: .none(1e-6), delay: .none(0.05), fallsFrom: 30, silence: false),
    ]
}
