public import Verification

/// Measures one or more quantities that belong together; it judges nothing.
///
/// What is planned is known before anything runs. A check that throws fails all that it had not recorded yet; one that
/// throws ``NotMeasurable`` leaves it not measured.
public protocol Check {
    /// Dotted id, unique in a run: the first parts of its findings' ids.
    var id: String { get }
    /// Everything that it will measure, each with this check's id.
    var plans: [FindingPlan] { get }

    /// Measures.
    ///
    /// - Parameter record: Takes each finding as soon as it is there; each must be planned, once.
    /// - Throws: What breaks, ``NotMeasurable``, or what `record` throws.
    func run(_ record: (Finding) throws -> Void) throws
}

/// Thrown by a check where something that it needs is not here.
public struct NotMeasurable: Error, Sendable, Equatable {
    /// What is missing.
    public let reason: String
    /// What to do about it.
    public let remedy: String?

    /// A reason.
    ///
    /// - Parameters:
    ///   - reason: What is missing.
    ///   - remedy: What to do about it.
    public init(_ reason: String, remedy: String? = nil) {
        self.reason = reason
        self.remedy = remedy
    }
}

extension NotMeasurable: CustomStringConvertible {
    /// One sentence with the remedy, where one is known.
    public var description: String { [reason, remedy].compactMap(\.self).joined(separator: "; ") }
}

/// A check of one quantity, or something this version cannot measure yet, made from a closure.
struct SimpleCheck: Check {
    let plans: [FindingPlan]
    let measure: ((Finding) throws -> Void) throws -> Void

    var id: String { plans[0].check }

    init(_ plans: [FindingPlan], measure: @escaping (_ record: (Finding) throws -> Void) throws -> Void) {
        precondition(Set(plans.map(\.check)).count == 1, "a check plans findings of its own only")
        self.plans = plans
        self.measure = measure
    }

    func run(_ record: (Finding) throws -> Void) throws { try measure(record) }
}
