/// A named measurement of an audio pair.
///
/// The checks that hold for all metrics are made here once: finite samples, a sane rate, equal lengths, an audible
/// reference and test, enough samples, and that the result lies in the range the metric declares.
public struct Metric: Sendable {
    /// What the metric does about a silent test signal.
    enum SilentTest: Sendable {
        /// It has an answer.
        case measured
        /// Its formula has nothing to judge.
        case notApplicable
    }

    /// What is measured.
    public let descriptor: MetricDescriptor

    private let minimumCount: @Sendable (_ sampleRate: Int) -> Int
    private let minimumRate: Int
    private let silentTest: SilentTest
    private let needsEqualLengths: Bool
    private let needsReference: Bool
    private let compute: @Sendable (AudioPair) -> MetricResult

    init(
        _ descriptor: MetricDescriptor, minimumCount: @escaping @Sendable (_ sampleRate: Int) -> Int = { _ in 1 },
        minimumRate: Int = 1,
        silentTest: SilentTest = .notApplicable, needsEqualLengths: Bool = true, needsReference: Bool = true,
        compute: @escaping @Sendable (AudioPair) -> MetricResult
    ) {
        self.descriptor = descriptor
        self.minimumCount = minimumCount
        self.minimumRate = minimumRate
        self.silentTest = silentTest
        self.needsEqualLengths = needsEqualLengths
        self.needsReference = needsReference
        self.compute = compute
    }

    /// Measures one pair.
    ///
    /// - Parameter pair: Any input at all.
    /// - Returns: A value inside `descriptor.range`, or a reason.
    public func measure(_ pair: AudioPair) -> MetricResult {
        measure(pair, condition: PairCondition(pair))
    }

    /// Measures with what is already known about the input, so that a panel looks at it once.
    func measure(_ pair: AudioPair, condition: PairCondition) -> MetricResult {
        if let reason = condition.unusable { return .failed(reason) }
        if needsEqualLengths, pair.reference.count != pair.test.count {
            return .notApplicable(.lengthsDiffer(reference: pair.reference.count, test: pair.test.count))
        }
        guard pair.sampleRate >= minimumRate else {
            return .notApplicable(.unsupportedRate(pair.sampleRate, needed: "\(minimumRate) Hz or more"))
        }
        let needed = max(1, minimumCount(pair.sampleRate))
        guard pair.commonCount >= needed else {
            return .notApplicable(.tooShort(sampleCount: pair.commonCount, needed: needed))
        }
        if needsReference, condition.isReferenceSilent { return .notApplicable(.silentReference) }
        if silentTest == .notApplicable, condition.isTestSilent { return .notApplicable(.silentTest) }
        return checked(compute(pair))
    }

    private func checked(_ result: MetricResult) -> MetricResult {
        guard case .value(let measurement) = result else { return result }
        let value = measurement.value
        let isLimit = value.isInfinite && measurement.limit != nil
        guard descriptor.range.contains(value), value.isFinite || isLimit else { return .failed(.outOfRange(value)) }
        return result
    }
}

/// What the checks of every metric need to know about a pair.
struct PairCondition: Sendable {
    let unusable: MetricReason?
    let isReferenceSilent: Bool
    let isTestSilent: Bool

    init(_ pair: AudioPair) {
        isReferenceSilent = pair.reference.isSilent
        isTestSilent = pair.test.isSilent
        if !(1...1_000_000).contains(pair.sampleRate) {
            unusable = .unsupportedRate(pair.sampleRate, needed: "1 ... 1000000 Hz")
        } else if let index = pair.reference.firstNonFiniteIndex {
            unusable = .nonFinite(signal: "reference", index: index)
        } else if let index = pair.test.firstNonFiniteIndex {
            unusable = .nonFinite(signal: "test signal", index: index)
        } else {
            unusable = nil
        }
    }
}
