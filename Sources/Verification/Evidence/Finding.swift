/// One quantity that a check measured: what it is, what was found, and what must be known with it.
///
/// A finding judges nothing; gates do.
public struct Finding: Sendable, Equatable {
    /// Which way is good.
    public enum Direction: String, Sendable, Codable {
        /// A larger value is better.
        case higher
        /// A smaller value is better.
        case lower
        /// The closer to 0 the better.
        case zero
        /// A plain fact.
        case none
    }

    /// What was found; a failure is never a number.
    public enum Outcome: Sendable, Equatable {
        /// One number for the whole; not finite only when the check is broken, and then no gate passes.
        case value(Double)
        /// One value or reason a stretch of the film, in order of time.
        case segments([SegmentValue])
        /// Something that the check needs is not here; says what, and what to do about it where that is known.
        case notMeasured(reason: String, remedy: String? = nil)
        /// The check ran and broke; says how.
        case failed(reason: String)
    }

    /// A bound that comes with the measurement, such as the one in a golden's manifest.
    public struct Bound: Sendable, Equatable, Codable {
        /// Worst value that passes, in the finding's unit.
        public let value: Double
        /// Where it is derived.
        public let source: String

        /// A bound.
        ///
        /// - Parameters:
        ///   - value: Finite.
        ///   - source: Where it is derived.
        public init(_ value: Double, source: String) {
            self.value = value
            self.source = source
        }
    }

    /// A file that shows what was measured.
    public struct Attachment: Sendable, Equatable, Codable {
        /// What a reader does with it.
        public enum Kind: String, Sendable, Codable {
            /// To be heard.
            case audio
            /// To be looked at.
            case picture
            /// Anything else.
            case data
        }

        /// Path relative to the folder of results.json, inside it.
        public let path: String
        /// What a reader does with it.
        public let kind: Kind
        /// What it shows, such as `reference` or `encodec 6 kbps`.
        public let title: String
        /// Position in the finding's segments, or nil for the whole.
        public let segment: Int?

        /// An attachment.
        ///
        /// - Parameters:
        ///   - path: Relative, without `..`.
        ///   - kind: What a reader does with it.
        ///   - title: What it shows.
        ///   - segment: Position in the finding's segments, or nil for the whole.
        public init(path: String, kind: Kind, title: String, segment: Int? = nil) {
            self.path = path
            self.kind = kind
            self.title = title
            self.segment = segment
        }
    }

    /// Numbers that belong together in order, such as a loss epoch by epoch.
    public struct Curve: Sendable, Equatable, Codable {
        /// What it shows.
        public let title: String
        /// One number a step, in the finding's unit unless the title says otherwise.
        public let values: [Double]

        /// A curve.
        ///
        /// - Parameters:
        ///   - title: What it shows.
        ///   - values: Finite.
        public init(_ title: String, _ values: [Double]) {
            self.title = title
            self.values = values
        }
    }

    /// What was to be measured.
    public let plan: FindingPlan
    /// What was found.
    public let outcome: Outcome
    /// How much of what was planned the number speaks for.
    public let coverage: Coverage
    /// How many things (`populationUnit`) the number speaks for; 0 when nothing was measured.
    public let population: Int
    /// What `population` counts, such as `codes`, `samples` or `segments`.
    public let populationUnit: String
    /// Circumstances of this measurement, such as the worst layer; may be empty.
    public let note: String
    /// The bound that comes with the measurement, where one does.
    public let bound: Bound?
    /// Files that show it.
    public let attachments: [Attachment]
    /// How the number came about, step by step, where that is worth a picture.
    public let curves: [Curve]
    /// The command that measures this again, where it differs from the run's own.
    public let command: String?

    /// A finding.
    ///
    /// - Parameters:
    ///   - plan: What was to be measured.
    ///   - outcome: What was found.
    ///   - coverage: For single values that stand for many measurements; counted from segments, and one of one
    ///     otherwise, when nil.
    ///   - population: How many things the number speaks for; the measured segments when nil, 0 without a number.
    ///   - populationUnit: What `population` counts.
    ///   - note: Circumstances of this measurement.
    ///   - bound: The bound that comes with the measurement.
    ///   - attachments: Files that show it.
    ///   - curves: How the number came about, step by step.
    ///   - command: The command that measures this again, where it differs from the run's own.
    public init(
        _ plan: FindingPlan, _ outcome: Outcome, coverage: Coverage? = nil, population: Int? = nil,
        populationUnit: String = "segments", note: String = "", bound: Bound? = nil, attachments: [Attachment] = [],
        curves: [Curve] = [], command: String? = nil
    ) {
        let counted = Self.coverage(of: outcome)
        self.plan = plan
        self.outcome = outcome
        self.coverage = outcome.isSegments ? counted : coverage ?? counted
        self.population = outcome.hasNumber ? population ?? counted.measured : 0
        self.populationUnit = populationUnit
        self.note = note
        self.bound = bound
        self.attachments = attachments
        self.curves = curves
        self.command = command
        precondition(problem == nil, problem ?? "")
    }

    /// Stable dotted id, unique in a run.
    public var id: String { plan.id }

    /// Counts what an outcome holds.
    static func coverage(of outcome: Outcome) -> Coverage {
        switch outcome {
        case .value: Coverage(planned: 1, measured: 1)
        case .notMeasured: Coverage(planned: 1, measured: 0)
        case .failed: Coverage(planned: 1, measured: 0, failed: 1)
        case .segments(let values):
            values.reduce(Coverage(planned: values.count, measured: 0)) { sum, value in
                switch value.result {
                case .value: sum.adding(measured: 1)
                case .notApplicable: sum.adding(notApplicable: 1)
                case .failed: sum.adding(failed: 1)
                }
            }
        }
    }
}

extension Finding.Outcome {
    /// The segments, where there are any.
    public var segments: [SegmentValue]? {
        if case .segments(let values) = self { values } else { nil }
    }

    /// Why there is no number, where there is none.
    public var reason: String? {
        switch self {
        case .value(let value): value.isNaN ? "the result is not a number" : nil
        case .segments: nil
        case .notMeasured(let reason, _), .failed(let reason): reason
        }
    }

    var isSegments: Bool { segments != nil }

    var hasNumber: Bool {
        switch self {
        case .value: true
        case .segments(let values): values.contains { $0.number != nil }
        case .notMeasured, .failed: false
        }
    }
}

extension Coverage {
    fileprivate func adding(measured: Int = 0, notApplicable: Int = 0, failed: Int = 0) -> Coverage {
        Coverage(
            planned: planned, measured: self.measured + measured, notApplicable: self.notApplicable + notApplicable,
            failed: self.failed + failed)
    }
}
