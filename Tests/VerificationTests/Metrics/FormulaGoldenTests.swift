import Foundation
import TestSupport
import Testing

@testable import Verification

/// Seven rates, a pair with noise, a gain, a delayed square and a small offset; the manifest names who gave the values.
@Suite("Metrics meet independent formulas at seven rates")
struct FormulaGoldenTests {
    static let metrics: [Metric] =
        Metric.ScaleInvariantVariant.allCases.map { .scaleInvariantSDR($0) } + [
            .filteredSDR, .stoi, .extendedSTOI, .logSpectralDistance(), .spectralConvergence, .segmentalSNR(),
            .segmentalSNR(dropsLastFrame: false), .frequencyWeightedSegmentalSNR, .logLikelihoodRatio,
            .cepstralDistance,
            .weightedSpectralSlope, .melCepstralDistortion, .loudnessDifference, .levelDifference, .offsetDifference,
        ]

    static func pair(rate: Int) -> AudioPair {
        let base = FormulaSignals.clean(rate: rate, seconds: 2.5)
        let x = FormulaSignals.noisy(base, 0.0005, seed: 7)
        let z = FormulaSignals.noisy(x, 0.01)
        let y = zip(z, FormulaSignals.delayed(z, 5)).map { 0.8 * $0 + 0.3 * $1 * $1 }
        return AudioPair(reference: x, test: y, sampleRate: rate)
    }

    @Test("all values of a rate are met", arguments: [8000, 10000, 16000, 22050, 24000, 44100, 48000])
    func values(rate: Int) throws {
        let expected = try #require(try MetricGoldens.load().formula[String(rate)])
        #expect(Set(expected.keys) == Set(Self.metrics.map(\.descriptor.id)))
        let pair = Self.pair(rate: rate)
        for metric in Self.metrics {
            let id = metric.descriptor.id
            let value = try #require(metric.measure(pair).number, "\(id) has no value")
            let wanted = try #require(expected[id])
            // Both sides compute in double precision; 1e-8 leaves room for solvers and 1e-6 is what is promised.
            let error = abs(value - wanted)
            #expect(error <= 1e-8 * max(1, abs(wanted)), "\(id) is \(value), not \(wanted)")
        }
    }
}
