/// A list of metrics that are run over the same pair.
public struct MetricPanel: Sendable {
    /// The metrics, in the order of the report.
    public let metrics: [Metric]

    /// Chooses metrics.
    ///
    /// - Parameter metrics: Any, each id at most once.
    public init(_ metrics: [Metric]) {
        let ids = Set(metrics.map(\.descriptor.id))
        precondition(ids.count == metrics.count, "\(metrics.count) metrics have only \(ids.count) different ids")
        self.metrics = metrics
    }

    /// The metrics whose ids are asked for, in that order.
    ///
    /// - Parameter ids: Ids as in `descriptor.id`.
    /// - Returns: A smaller panel.
    /// - Throws: `MetricPanelError.unknownMetric` for an id this panel does not have.
    public func selecting(_ ids: [String]) throws(MetricPanelError) -> MetricPanel {
        var chosen: [Metric] = []
        for id in ids where !chosen.contains(where: { $0.descriptor.id == id }) {
            guard let metric = metrics.first(where: { $0.descriptor.id == id }) else {
                throw .unknownMetric(id, known: metrics.map(\.descriptor.id))
            }
            chosen.append(metric)
        }
        return MetricPanel(chosen)
    }

    /// Measures everything, one metric after the other.
    ///
    /// - Parameter pair: Any input at all; the reasons are in the entries.
    /// - Returns: One entry a metric, in order.
    public func run(_ pair: AudioPair) -> MetricReport {
        let condition = PairCondition(pair)
        return report(pair, metrics.map { $0.measure(pair, condition: condition) })
    }

    /// Measures everything with several metrics at work at a time; the report is the same as that of `run`.
    ///
    /// - Parameters:
    ///   - pair: Any input at all; the reasons are in the entries.
    ///   - workerCount: Metrics at work at once, at least 1.
    ///   - progress: Called with the number of metrics done after each one.
    /// - Returns: One entry a metric, in order.
    public func run(
        _ pair: AudioPair, workerCount: Int, progress: @Sendable (_ doneCount: Int) -> Void = { _ in }
    ) async -> MetricReport {
        let condition = PairCondition(pair)
        var results = [MetricResult?](repeating: nil, count: metrics.count)
        await withTaskGroup(of: (Int, MetricResult).self) { group in
            var (next, doneCount) = (0, 0)
            func start() {
                guard next < metrics.count else { return }
                let (index, metric) = (next, metrics[next])
                next += 1
                group.addTask { (index, metric.measure(pair, condition: condition)) }
            }
            for _ in 0..<max(1, workerCount) { start() }
            for await (index, result) in group {
                results[index] = result
                doneCount += 1
                progress(doneCount)
                start()
            }
        }
        return report(pair, results.compactMap { $0 })
    }

    private func report(_ pair: AudioPair, _ results: [MetricResult]) -> MetricReport {
        let entries = zip(metrics, results).map { MetricReport.Entry(metric: $0.descriptor, result: $1) }
        return MetricReport(
            sampleRate: pair.sampleRate, referenceCount: pair.reference.count, testCount: pair.test.count,
            entries: entries)
    }
}

/// A request a panel cannot meet.
public enum MetricPanelError: Error, Equatable, CustomStringConvertible {
    /// No metric has this id.
    case unknownMetric(String, known: [String])

    /// One sentence with the value and the remedy.
    public var description: String {
        switch self {
        case .unknownMetric(let id, let known):
            "there is no metric \"\(id)\"; choose from \(known.joined(separator: ", "))"
        }
    }
}

/// What a panel found about one pair.
public struct MetricReport: Sendable, Equatable, Encodable {
    /// One metric's outcome.
    public struct Entry: Sendable, Equatable, Encodable {
        /// What was measured.
        public let metric: MetricDescriptor
        /// What came of it.
        public let result: MetricResult
    }

    /// Samples per second.
    public let sampleRate: Int
    /// Samples of the reference.
    public let referenceCount: Int
    /// Samples of the test signal.
    public let testCount: Int
    /// One entry a metric, in the panel's order.
    public let entries: [Entry]

    /// The outcome of one metric.
    ///
    /// - Parameter id: The metric's id.
    /// - Returns: Its result, or nil where the panel did not have it.
    public subscript(id: String) -> MetricResult? { entries.first { $0.metric.id == id }?.result }

    private enum CodingKeys: String, CodingKey {
        case sampleRate = "sample_rate"
        case referenceCount = "reference_samples"
        case testCount = "test_samples"
        case entries = "metrics"
    }
}
