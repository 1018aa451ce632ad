import NumericCore
import TestSupport
import Testing

@testable import Verification

@Suite("Statistics meet SciPy")
struct StatisticsTests {
    static let a = FormulaSignals.noise(60, seed: 3)
    static let b = FormulaSignals.noise(60, seed: 4)
    static let c = zip(a, b).map { (3 * (0.6 * $0 + 0.4 * $1)).rounded(.toNearestOrEven) / 3 }

    private func test(_ differences: [Double]) -> PairedTest {
        PairedTest(
            candidate: differences.map { .value($0) }, baseline: differences.map { _ in .value(0) },
            direction: .higherIsBetter)
    }

    @Test("correlations with ties agree")
    func correlations() throws {
        let golden = try MetricGoldens.load().statistics
        #expect(abs(try #require(Correlation.pearson(Self.a, Self.c)) - golden.pearson) <= 1e-14)
        #expect(abs(try #require(Correlation.spearman(Self.a, Self.c)) - golden.spearman) <= 1e-14)
    }

    @Test("a constant, a NaN and a single pair have no correlation")
    func noCorrelation() {
        #expect(Correlation.pearson([0.1, 0.1, 0.1], [1, 2, 3]) == nil)
        #expect(Correlation.pearson([0, .nan], [1, 2]) == nil)
        #expect(Correlation.spearman([1, .nan, 2], [1, 2, 3]) == nil)
        #expect(Correlation.pearson([1], [1]) == nil)
        #expect(Correlation.pearson([1, 2], [1, 2, 3]) == nil)
    }

    @Test("quantiles are NumPy's")
    func quantiles() throws {
        let values = [0, 0.05, 0.25, 0.5, 0.95, 1].map { Quantile.of(Self.a.sorted(), $0) }
        expectClose(values, try MetricGoldens.load().statistics.quantiles, bound: 1e-15, relativeTo: .absolute)
    }

    @Test("the normal distribution agrees in its tails")
    func normal() throws {
        let golden = try MetricGoldens.load().statistics
        let quantiles = [0.001, 0.025, 0.2, 0.5, 0.8, 0.975, 0.999].map(NormalDistribution.quantile)
        expectClose(quantiles, golden.normalQuantiles, bound: 1e-13, relativeTo: .absolute)
        let shares = [-6, -1.5, 0, 0.3, 2, 4].map(NormalDistribution.cumulative)
        expectClose(shares, golden.normalCDF, bound: 1e-13, relativeTo: .elementwise)
        #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
    }

    // Quantiles of 100,000 means at 2.5 % have a standard error of sqrt(p q / B) / density, 0.0085 standard errors of the
    // mean; SciPy's of 200,000 add 0.006. Four times their root sum is 0.04 standard errors, 0.0016 here.
    @Test(
        "bootstrap intervals agree with SciPy's within the noise of resampling",
        arguments: [IntervalMethod.percentile, .bca])
    func bootstrap(method: IntervalMethod) throws {
        let golden = try MetricGoldens.load().statistics
        let squares = Self.a.map { $0 * $0 }
        let bootstrap = BlockBootstrap(resampleCount: 100_000, method: method)
        let interval = try #require(bootstrap.interval(squares))
        let expected = method == .bca ? golden.bootstrapBCa : golden.bootstrapPercentile
        #expect(abs(interval.lower - expected[0]) <= 0.0016 && abs(interval.upper - expected[1]) <= 0.0016)
        #expect(interval == bootstrap.interval(squares))
    }

    @Test("blocks widen the interval of a slow signal")
    func blocks() throws {
        let slow = (0..<200).map { Double(($0 / 20) % 3) }
        let single = try #require(BlockBootstrap(resampleCount: 2000).interval(slow))
        let blocks = try #require(BlockBootstrap(blockLength: 20, resampleCount: 2000).interval(slow))
        #expect(blocks.upper - blocks.lower > 2.5 * (single.upper - single.lower))
    }

    @Test("an interval of equal values is a point, and of one value or a NaN nothing")
    func degenerate() throws {
        let point = try #require(BlockBootstrap(resampleCount: 200).interval([2, 2, 2]))
        #expect(point.lower == 2 && point.upper == 2)
        #expect(BlockBootstrap().interval([2]) == nil)
        #expect(BlockBootstrap().interval([2, .nan]) == nil)
    }

    @Test("random signs give SciPy's exact p")
    func signs() throws {
        var random = Xoshiro256(seed: 1)
        let differences = (0..<7).map { Self.a[$0] - (Self.b[$0] + 0.5) }
        let p = try #require(test(differences).signFlipP(using: &random))
        #expect(abs(p - (try MetricGoldens.load().statistics.signFlipP)) <= 1e-12)
        let many = try #require(test(Self.a).signFlipP(sampleCount: 4000, using: &random))
        #expect(many > 0.02 && many <= 1)
        #expect(test([]).signFlipP(using: &random) == nil)
    }

    @Test("the detectable effect is the one the formula gives, and shrinks with the root of n")
    func detectable() throws {
        let effect = try #require(test(Self.a).minimumDetectableEffect())
        #expect(abs(effect - (try MetricGoldens.load().statistics.minimumDetectableEffect)) <= 1e-13)
        let more = try #require(test(Self.a + Self.a + Self.a + Self.a).minimumDetectableEffect())
        #expect(abs(more / effect - 0.5) < 0.01)
    }

    @Test("the outcome follows the interval: shown, refuted, inconclusive, not measured")
    func outcomes() {
        #expect(test(Self.a.map { $0 + 1 }).superiority().outcome == .shown)
        #expect(test(Self.a.map { $0 - 1 }).superiority().outcome == .refuted)
        #expect(test(Self.a).superiority().outcome == .inconclusive)
        #expect(test(Self.a).nonInferiority(margin: 0.5).outcome == .shown)
        #expect(test(Self.a.map { $0 - 1 }).nonInferiority(margin: 0.5).outcome == .refuted)
        #expect(test([1]).superiority().outcome == .notMeasured)
    }

    @Test("a positive difference means better, whichever way is good")
    func directions() {
        let (candidate, baseline): ([MetricResult], [MetricResult]) = (
            [.value(-1), .value(3)], [.value(2), .value(-2)]
        )
        let expected: [(MetricDescriptor.Direction, [Double])] = [
            (.higherIsBetter, [-3, 5]), (.lowerIsBetter, [3, -5]), (.zeroIsBest, [1, -1]),
        ]
        for (direction, differences) in expected {
            let paired = PairedTest(candidate: candidate, baseline: baseline, direction: direction)
            #expect(paired.differences == differences)
        }
    }

    @Test("segments without a value are counted and left out")
    func missing() {
        let candidate: [MetricResult] = [
            .value(2), .notApplicable(.silentTest), .value(Measurement(.infinity, limit: .identical)),
        ]
        let paired = PairedTest(
            candidate: candidate, baseline: [.value(1), .value(1), .value(1)], direction: .lowerIsBetter)
        #expect(paired.differences == [-1] && paired.plannedCount == 3)
        let summary = SegmentSummary(candidate, direction: .higherIsBetter)
        #expect(summary.plannedCount == 3 && summary.measuredCount == 1 && summary.mean == 2)
        #expect(SegmentSummary([.failed(.silentTest)], direction: .higherIsBetter).mean == nil)
    }

    @Test(
        "worst segments follow the direction",
        arguments: [
            (MetricDescriptor.Direction.higherIsBetter, [0, 3]), (.lowerIsBetter, [1, 2]), (.zeroIsBest, [0, 1]),
        ])
    func worst(direction: MetricDescriptor.Direction, expected: [Int]) {
        let summary = SegmentSummary([-9, 8, 1, -0.5].map { .value($0) }, direction: direction, worstCount: 2)
        #expect(summary.worstIndices == expected)
    }

    @Test("Holm's values are those of the textbook example")
    func holm() {
        expectClose(
            HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02], bound: 1e-15,
            relativeTo: .absolute)
        #expect(HolmCorrection.adjusted([.nan, 0.9]) == [1, 1])
        #expect(HolmCorrection.adjusted([]).isEmpty)
    }

    @Test("a true relation beats chance and an independent one does not")
    func chance() throws {
        var random = Xoshiro256(seed: 5)
        let related = try #require(Correlation.chanceLevel(Self.a, Self.c, using: &random))
        #expect(related.pValue < 0.01 && related.threshold < 0.35 && related.threshold > 0.1)
        let free = try #require(Correlation.chanceLevel(Self.a, Self.b, blockLength: 4, using: &random))
        #expect(free.pValue > 0.01)
    }
}

@Suite("Segments")
struct SegmentationTests {
    @Test("cover every sample once, stay short and cut in the pause")
    func pauses() {
        let rate = 1000
        var signal = [Float](repeating: 0.5, count: 25_300)
        for index in 7000..<7200 { signal[index] = 0 }
        let segments = Segmentation.atPauses(AudioSamples(signal), sampleRate: rate, boundaries: [12_000, 40_000])
        #expect(segments.first?.lowerBound == 0 && segments.last?.upperBound == 25_300)
        #expect(zip(segments, segments.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(segments.allSatisfy { $0.count <= 11_000 && !$0.isEmpty })
        #expect((7000...7200).contains(segments[0].upperBound))
        #expect(segments.contains { $0.lowerBound == 12_000 })
    }

    @Test("of nothing are none, of a short signal one", arguments: [(0, 0), (1, 1), (999, 1), (10_001, 1)])
    func short(count: Int, expected: Int) {
        let samples = AudioSamples([Float](repeating: 1, count: count))
        let segments = Segmentation.atPauses(samples, sampleRate: 1000, shortestSeconds: 6)
        #expect(segments.count == expected && segments.reduce(0) { $0 + $1.count } == count)
    }
}
