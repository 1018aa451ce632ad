/// What came of a measurement: a value inside the metric's range, or the reason why there is none.
public enum MetricResult: Sendable, Equatable {
    /// It was measured.
    case value(Measurement)
    /// The metric says nothing about such input.
    case notApplicable(MetricReason)
    /// It should have been measurable and was not.
    case failed(MetricReason)

    /// A plain value.
    static func value(_ number: Double) -> MetricResult { .value(Measurement(number)) }

    /// The number, where there is one.
    public var number: Double? {
        if case .value(let measurement) = self { return measurement.value }
        return nil
    }
}

/// A measured number and what must be known with it.
public struct Measurement: Sendable, Equatable {
    /// Why a value is at the end of its scale.
    public enum Limit: String, Sendable, Encodable {
        /// Reference and test are the same, sample for sample (or up to gain, where the metric ignores gain).
        case identical
        /// The test signal is silent and the reference is not.
        case silentTest = "silent test"
    }

    /// A part or circumstance of the value, such as the number of frames used.
    public struct Detail: Sendable, Equatable {
        /// Name with its unit.
        public let name: String
        /// Its number.
        public let value: Double
    }

    /// In the metric's unit; infinite only together with `limit`.
    public let value: Double
    /// Set when the value is a limit of the formula and not a quantity.
    public let limit: Limit?
    /// Parts and circumstances.
    public let details: [Detail]

    /// Keeps a number.
    ///
    /// - Parameters:
    ///   - value: In the metric's unit; infinite only together with `limit`.
    ///   - limit: Why the value is at the end of its scale.
    ///   - details: Names with their units, and numbers.
    package init(_ value: Double, limit: Limit? = nil, details: [(String, Double)] = []) {
        self.value = value
        self.limit = limit
        self.details = details.map { Detail(name: $0.0, value: $0.1) }
    }

    /// A detail by name.
    ///
    /// - Parameter name: As listed in `details`.
    /// - Returns: Its number, or nil where this metric has none of that name.
    public func detail(_ name: String) -> Double? { details.first { $0.name == name }?.value }
}

/// Why there is no number.
public enum MetricReason: Sendable, Equatable, CustomStringConvertible {
    /// The two signals have different lengths.
    case lengthsDiffer(reference: Int, test: Int)
    /// A NaN or an infinity in the input.
    case nonFinite(signal: String, index: Int)
    /// Nothing to compare with.
    case silentReference
    /// Nothing to judge.
    case silentTest
    /// Too few samples.
    case tooShort(sampleCount: Int, needed: Int)
    /// More samples than the metric is meant for.
    case tooLong(sampleCount: Int, most: Int)
    /// Enough samples, but too few that carry the kind of sound the metric is for.
    case tooLittleActivity(found: Int, needed: Int, unit: String)
    /// The rate is not one the metric is defined for.
    case unsupportedRate(Int, needed: String)
    /// The arrays of codes or features do not fit together.
    case shapesDiffer(reference: [Int], test: [Int])
    /// A formula gave a number it cannot give.
    case outOfRange(Double)
    /// A program that is needed is not installed.
    case noProvider(String)
    /// A program that is needed did not do its work.
    case providerFailed(String)

    /// One sentence with the values and, where there is one, the remedy.
    public var description: String {
        switch self {
        case .lengthsDiffer(let reference, let test):
            "the reference has \(reference) samples and the test signal \(test); align and cut them first"
        case .nonFinite(let signal, let index): "sample \(index) of the \(signal) is not a finite number"
        case .silentReference: "the reference is silent"
        case .silentTest: "the test signal is silent"
        case .tooShort(let count, let needed): "\(count) samples are too few; \(needed) are needed"
        case .tooLong(let count, let most): "\(count) samples are too many; cut into segments of at most \(most)"
        case .tooLittleActivity(let found, let needed, let unit): "\(found) \(unit) are too few; \(needed) are needed"
        case .unsupportedRate(let rate, let needed): "the rate is \(rate) Hz; resample to \(needed)"
        case .shapesDiffer(let reference, let test): "shape \(reference) cannot be compared with \(test)"
        case .outOfRange(let number): "the computation gave \(number), which this metric cannot give"
        case .noProvider(let text): "not measured: \(text)"
        case .providerFailed(let text): text
        }
    }
}

extension MetricResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case status, value, limit, reason, details
    }

    /// Writes `{"status": "value", "value": 12.5}`; an infinite value is the text "inf" or "-inf" with its `limit`.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .value(let measurement):
            try container.encode("value", forKey: .status)
            if measurement.value.isFinite {
                try container.encode(measurement.value, forKey: .value)
            } else {
                try container.encode(measurement.value > 0 ? "inf" : "-inf", forKey: .value)
            }
            try container.encodeIfPresent(measurement.limit, forKey: .limit)
            if !measurement.details.isEmpty {
                let pairs = measurement.details.map { ($0.name, $0.value) }
                try container.encode(Dictionary(pairs) { first, _ in first }, forKey: .details)
            }
        case .notApplicable(let reason):
            try container.encode("not applicable", forKey: .status)
            try container.encode(reason.description, forKey: .reason)
        case .failed(let reason):
            try container.encode("failed", forKey: .status)
            try container.encode(reason.description, forKey: .reason)
        }
    }
}
