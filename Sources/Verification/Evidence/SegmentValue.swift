/// What a stretch of a film holds.
public enum ContentLabel: String, Sendable, Codable, CaseIterable {
    /// Somebody speaks.
    case speech
    /// Music without speech.
    case music
    /// Noises and ambience.
    case effect
    /// More than one of them.
    case mix
    /// Nothing audible.
    case silence
}

/// One metric on one stretch of the film.
public struct SegmentValue: Sendable, Equatable {
    /// A number, or the reason why there is none.
    public enum Result: Sendable, Equatable {
        /// In the finding's unit; infinite only at the end of a scale (identical signals, a silent test signal).
        case value(Double)
        /// The metric says nothing about such a stretch.
        case notApplicable(reason: String)
        /// It should have been measurable and was not.
        case failed(reason: String)
    }

    /// Where the stretch begins, in seconds from the film's start.
    public let start: Double
    /// Where it ends, in seconds, after `start`.
    public let end: Double
    /// What it holds.
    public let label: ContentLabel
    /// What was found.
    public let result: Result

    /// A value of a stretch.
    ///
    /// - Parameters:
    ///   - start: Seconds from the film's start, at least 0.
    ///   - end: Seconds, after `start`.
    ///   - label: What the stretch holds.
    ///   - result: What was found; NaN counts as failed.
    public init(start: Double, end: Double, label: ContentLabel, result: Result) {
        self.start = start
        self.end = end
        self.label = label
        if case .value(let value) = result, value.isNaN {
            self.result = .failed(reason: "the result is not a number")
        } else {
            self.result = result
        }
        precondition(problem == nil, problem ?? "")
    }

    /// The number, where there is one.
    ///
    /// Not inlined: the optimiser of Swift 6.3.1 ends the segment's lifetime before it looks at the result, and then
    /// stops itself.
    @inline(never)
    public var number: Double? {
        if case .value(let value) = result { value } else { nil }
    }

    /// Why the times are none, for segments that were read from a file.
    var problem: String? {
        start.isFinite && end.isFinite && start >= 0 && end > start
            ? nil : "a segment from \(start) s to \(end) s"
    }
}

extension SegmentValue.Result {
    /// Takes over what a metric found.
    ///
    /// - Parameter result: A value or a reason.
    public init(_ result: MetricResult) {
        switch result {
        case .value(let measurement): self = .value(measurement.value)
        case .notApplicable(let reason): self = .notApplicable(reason: reason.description)
        case .failed(let reason): self = .failed(reason: reason.description)
        }
    }
}

extension SegmentValue: Codable {
    private enum CodingKeys: String, CodingKey {
        case start, end, label, value, failed
        case notApplicable = "not_applicable"
    }

    /// Reads a segment with exactly one of `value`, `not_applicable` and `failed`.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        start = try container.decode(Double.self, forKey: .start)
        end = try container.decode(Double.self, forKey: .end)
        label = try container.decode(ContentLabel.self, forKey: .label)
        let value = try container.decodeIfPresent(JSONNumber.self, forKey: .value)?.value
        let notApplicable = try container.decodeIfPresent(String.self, forKey: .notApplicable)
        let failed = try container.decodeIfPresent(String.self, forKey: .failed)
        switch (value, notApplicable, failed) {
        case (let value?, nil, nil) where !value.isNaN: result = .value(value)
        case (nil, let reason?, nil): result = .notApplicable(reason: reason)
        case (nil, nil, let reason?): result = .failed(reason: reason)
        default: throw container.problem("needs exactly one of value, not_applicable and failed", key: .value)
        }
        if let problem { throw container.problem(problem, key: .end) }
    }

    /// Writes the segment.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(start, forKey: .start)
        try container.encode(end, forKey: .end)
        try container.encode(label, forKey: .label)
        switch result {
        case .value(let value): try container.encode(JSONNumber(value), forKey: .value)
        case .notApplicable(let reason): try container.encode(reason, forKey: .notApplicable)
        case .failed(let reason): try container.encode(reason, forKey: .failed)
        }
    }
}
