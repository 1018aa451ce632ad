internal import Dispatch
internal import FeaturePipeline
internal import Synchronization
public import Verification

extension FilmContext {
    /// Measures a version against another one, segment by segment.
    ///
    /// - Parameters:
    ///   - metrics: What to measure.
    ///   - version: What is judged.
    ///   - reference: What it is held against, of the same rate.
    ///   - isAligned: Moves each segment to where it correlates best before measuring.
    /// - Returns: For each metric one value a segment; silent segments are not applicable.
    /// - Throws: What making the versions throws, and ``NotMeasurable`` for a film that is silent throughout.
    public func measure(
        _ metrics: [Metric], of version: FilmVersion, against reference: FilmVersion = .original,
        isAligned: Bool = false
    ) throws -> [[SegmentValue]] {
        try measure(metrics, through: reader(version, against: reference), isAligned: isAligned)
    }

    /// Measures whatever a reader reads; for sounds that are no version of the film, too.
    func measure(_ metrics: [Metric], through reader: SegmentReader, isAligned: Bool = false) throws -> [[SegmentValue]]
    {
        try requireSound()
        let panel = MetricPanel(metrics)
        let rows: [[SegmentValue.Result]] = try concurrently { segment in
            guard !segment.isSilent else { return metrics.map { _ in .notApplicable(reason: Self.silent) } }
            let (pair, problem) = try reader.pair(segment, isAligned: isAligned)
            guard let pair else { return metrics.map { _ in .failed(reason: problem) } }
            return panel.run(pair).entries.map { SegmentValue.Result($0.result) }
        }
        return metrics.indices.map { metric in zip(segments, rows).map { value($0, $1[metric]) } }
    }

    /// Samples by which a version is late, segment by segment; positive when it is late.
    ///
    /// - Parameters:
    ///   - version: What is judged.
    ///   - reference: What it is held against, of the same rate.
    /// - Returns: One value a segment; where nothing correlates clearly it is not applicable.
    /// - Throws: What making the versions throws.
    public func lags(of version: FilmVersion, against reference: FilmVersion = .original) throws -> [SegmentValue] {
        try requireSound()
        let reader = try reader(version, against: reference)
        let rows: [SegmentValue.Result] = try concurrently { segment in
            guard !segment.isSilent else { return .notApplicable(reason: Self.silent) }
            let (lag, problem) = try reader.lag(segment)
            if let lag { return .value(Double(lag)) }
            if !problem.isEmpty { return .failed(reason: problem) }
            return .notApplicable(
                reason: "nothing correlates clearly within \(SegmentReader.timing.maximumLagSeconds) s")
        }
        return zip(segments, rows).map { value($0, $1) }
    }

    private static let silent = "the film is silent there, below -60 dB of full scale"

    private func reader(_ version: FilmVersion, against reference: FilmVersion) throws -> SegmentReader {
        let dropsFrames =
            version == .grid(.seed112) || version == .features && request.features?.input.layout.grid == .seed112
        return SegmentReader(
            test: try sound(version), reference: try sound(reference), clock: clock, dropsFrames: dropsFrames)
    }

    private func value(_ segment: FilmSegment, _ result: SegmentValue.Result) -> SegmentValue {
        let rate = Double(clock.sampleRate)
        return SegmentValue(
            start: Double(segment.range.lowerBound) / rate, end: Double(segment.range.upperBound) / rate,
            label: segment.label, result: result)
    }

    /// Runs a closure for each segment on several threads; results in order of time.
    func concurrently<Value: Sendable>(
        _ body: @escaping @Sendable (FilmSegment) throws -> Value
    ) throws -> [Value] {
        let segments = segments
        let slots = Mutex([Result<Value, any Error>?](repeating: nil, count: segments.count))
        let workerCount = max(1, min(request.threadCount, segments.count))
        DispatchQueue.concurrentPerform(iterations: workerCount) { worker in
            for index in stride(from: worker, to: segments.count, by: workerCount) {
                let result = Result { try body(segments[index]) }
                slots.withLock { $0[index] = result }
            }
        }
        return try slots.withLock { $0 }.compactMap { try $0?.get() }
    }
}
