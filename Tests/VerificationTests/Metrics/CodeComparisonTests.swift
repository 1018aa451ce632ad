import Testing

@testable import Verification

@Suite("Codes and features")
struct CodeComparisonTests {
    private static func number(_ comparison: [MetricReport.Entry], _ id: String) -> Double? {
        comparison.first { $0.metric.id == id }?.result.number
    }

    @Test("counts match a case worked by hand")
    func byHand() throws {
        let a = CodeArray([0, 1, 2, 3, 4, 4, 4, 4], codebookCount: 2, frameCount: 4)
        let b = CodeArray([0, 1, 2, 0, 4, 4, 5, 4], codebookCount: 2, frameCount: 4)
        let comparison = CodeComparison(reference: a, test: b, entryCount: 8)
        #expect(Self.number(comparison.entries, "codes.match_rate") == 0.75)
        #expect(Self.number(comparison.entries, "codes.frame_match_rate") == 0.5)
        #expect(Self.number(comparison.entries, "codes.first_divergence") == 0.5)
        #expect(Self.number(comparison.entries, "codes.usage") == (3.0 / 8 + 2.0 / 8) / 2)
        // H(1/2, 1/4, 1/4) = 1.5 bit and H(3/4, 1/4) = 0.811278 bit.
        let entropy = try #require(Self.number(comparison.entries, "codes.entropy"))
        #expect(abs(entropy - (1.5 + 0.8112781244591328) / 2) < 1e-15)
        let first = comparison.entries.first { $0.metric.id == "codes.first_divergence" }
        guard case .value(let measurement) = first?.result else { return #expect(Bool(false)) }
        #expect(measurement.detail("equal_frames") == 2 && measurement.detail("codebook") == 1)
    }

    @Test("equal codes never diverge")
    func identical() {
        let a = CodeArray([1, 2, 3], codebookCount: 1, frameCount: 3)
        let entries = CodeComparison(reference: a, test: a).entries
        #expect(Self.number(entries, "codes.match_rate") == 1 && Self.number(entries, "codes.first_divergence") == 1)
    }

    @Test("other shapes, no codes and codes outside the codebook have no number")
    func outside() {
        let a = CodeArray([1, 2, 3, 4], codebookCount: 1, frameCount: 4)
        let turned = CodeArray([1, 2, 3, 4], codebookCount: 4, frameCount: 1)
        let wrong = CodeArray([1, 2, 3, 1024], codebookCount: 1, frameCount: 4)
        let negative = CodeArray([1, 2, -1, 4], codebookCount: 1, frameCount: 4)
        let none = CodeArray([], codebookCount: 8, frameCount: 0)
        for (x, y) in [(a, turned), (a, wrong), (negative, a), (none, none)] {
            #expect(CodeComparison(reference: x, test: y).entries.allSatisfy { $0.result.number == nil })
        }
    }

    @Test("features: cosine by row, relative error and error of changes by hand")
    func features() throws {
        let half = (0.5 as Double).squareRoot()
        let comparison = FeatureComparison(reference: [1, 0, 0, 2, 0, 0], test: [1, 1, 0, -2, 3, 3], featureCount: 2)
        #expect(
            comparison.rowCosines.map { $0.map { ($0 * 1e12).rounded() } } == [(half * 1e12).rounded(), -1e12, nil])
        let mean = try #require(Self.number(comparison.entries, "features.row_cosine"))
        #expect(abs(mean - (half - 1) / 2) < 1e-15)
        let relative = try #require(Self.number(comparison.entries, "features.relative_l2"))
        #expect(abs(relative - ((1.0 + 16 + 18) / 5).squareRoot()) < 1e-15)
        // Changes: (-1, 2), (0, -2) against (-1, -3), (3, 5): 25 and 9 + 49 over 5 + 4.
        let change = try #require(Self.number(comparison.entries, "features.change_l2"))
        #expect(abs(change - (83.0 / 9).squareRoot()) < 1e-15)
    }

    @Test("features that are not finite, do not fit or are zero have no number")
    func noFeatures() {
        let cases: [([Float], [Float])] = [
            ([1, .nan], [1, 2]), ([1, 2], [1, .infinity]), ([1, 2], [1, 2, 3, 4]), ([], []), ([1, 2, 3], [1, 2, 3]),
        ]
        for (x, y) in cases {
            let comparison = FeatureComparison(reference: x, test: y, featureCount: 2)
            #expect(comparison.entries.count == 3 && comparison.entries.allSatisfy { $0.result.number == nil })
        }
        #expect(
            FeatureComparison(reference: [0, 0], test: [1, 2], featureCount: 2).entries.allSatisfy {
                $0.result.number == nil
            })
    }

    @Test("removing the swing of a sound is noticed by the modulation distance and a delay of 5 ms hardly")
    func modulation() throws {
        let x = FormulaSignals.noisy(FormulaSignals.clean(rate: 16000, seconds: 6), 0.001)
        let tone = FormulaSignals.noise(x.count).map { 0.05 * $0 }
        let flat = try #require(
            Metric.modulationDistance.measure(AudioPair(reference: x, test: tone, sampleRate: 16000)).number)
        let late = AudioPair(reference: x, test: FormulaSignals.delayed(x, 80), sampleRate: 16000)
        let moved = try #require(Metric.modulationDistance.measure(late).number)
        #expect(flat > 3 && moved < 1 && moved > 0, "\(flat), \(moved)")
    }
}
