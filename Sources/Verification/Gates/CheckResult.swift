/// What a check found: a number, or the reason why there is none.
///
/// A failure is never a number.
public enum CheckOutcome: Sendable, Equatable {
    /// A finite number in the check's unit.
    case value(Double)
    /// Something that the check needs is not here; says what.
    case notMeasured(reason: String)
    /// The check ran and broke; says how.
    case failed(reason: String)
}

/// What a gate says.
///
/// Only a measured value within its bound passes.
public enum Decision: String, Sendable, Codable {
    /// Measured and within the bound.
    case pass = "PASS"
    /// Measured and outside the bound, or the check broke.
    case fail = "FAIL"
    /// Not measured: neither good nor bad, and never green.
    case notMeasured = "NOT MEASURED"
}

/// One measurement with the bound that it is held against.
public struct CheckResult: Sendable, Equatable {
    /// Stable, dotted, unique in a run: `encodec.full24.codes.6kbps`.
    public let id: String
    /// The migration phase that needs it, 1 to 4.
    public let phase: Int
    /// One line for a person.
    public let title: String
    /// What was found.
    public let measurement: CheckOutcome
    /// What the number counts.
    public let unit: String
    /// Largest value that passes.
    public let bound: Double
    /// How many codes, samples or files the number speaks for; 0 when nothing was measured.
    public let population: Int
    /// Where the bound comes from, and anything a reader must know.
    public let note: String

    /// A result.
    ///
    /// - Parameters:
    ///   - id: Stable, dotted, unique in a run.
    ///   - phase: 1 to 4.
    ///   - title: One line for a person.
    ///   - measurement: What was found.
    ///   - unit: What the number counts.
    ///   - bound: Largest value that passes.
    ///   - population: How many things the number speaks for.
    ///   - note: Where the bound comes from.
    public init(
        id: String, phase: Int, title: String, measurement: CheckOutcome, unit: String, bound: Double, population: Int,
        note: String
    ) {
        self.id = id
        self.phase = phase
        self.title = title
        self.measurement = measurement
        self.unit = unit
        self.bound = bound
        self.population = population
        self.note = note
    }

    /// The one place where a measurement becomes a decision.
    ///
    /// NaN fails; so does a value about nothing.
    public var decision: Decision {
        switch measurement {
        case .value(let value): value <= bound && population > 0 ? .pass : .fail
        case .failed: .fail
        case .notMeasured: .notMeasured
        }
    }
}

/// The answer to "may we go on?", from all results of a run.
public enum Verdict: String, Sendable, Codable {
    /// Everything was measured and passes.
    case `switch` = "SWITCH"
    /// Something fails.
    case doNot = "DO NOT"
    /// Nothing fails, but something was not measured, or nothing was checked at all.
    case cannotTell = "CANNOT TELL"

    /// The verdict over results.
    ///
    /// - Parameter results: All results of the phases in question; an empty list tells nothing.
    public init(_ results: [CheckResult]) {
        if results.contains(where: { $0.decision == .fail }) {
            self = .doNot
        } else if results.isEmpty || results.contains(where: { $0.decision == .notMeasured }) {
            self = .cannotTell
        } else {
            self = .switch
        }
    }

    /// 0 for SWITCH, 1 for DO NOT, 3 for CANNOT TELL.
    public var exitCode: Int32 {
        switch self {
        case .switch: 0
        case .doNot: 1
        case .cannotTell: 3
        }
    }
}
