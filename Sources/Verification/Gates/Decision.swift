/// What a gate says.
///
/// Only a measurement on the good side of its line, interval included, passes.
public enum Decision: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// Measured and within the bound.
    case pass = "PASS"
    /// Measured and outside the bound, or the check broke.
    case fail = "FAIL"
    /// Measured, but the interval straddles the line.
    case inconclusive = "INCONCLUSIVE"
    /// Not measured, or too little of it: neither good nor bad, and never green.
    case notMeasured = "NOT MEASURED"

    /// The order in which a reader wants rows: failures first.
    public static let worstFirst: [Decision] = [.fail, .notMeasured, .inconclusive, .pass]

    /// The worst of several decisions.
    ///
    /// - Parameter decisions: In any order.
    /// - Returns: The first of `worstFirst` that occurs; not measured when there is none.
    public static func worst(_ decisions: some Sequence<Decision>) -> Decision {
        let found = Set(decisions)
        return worstFirst.first(where: found.contains) ?? .notMeasured
    }
}

/// The answer to "may we go on?".
public enum Verdict: String, Sendable, Codable {
    /// Everything was measured and passes.
    case `switch` = "SWITCH"
    /// Something fails.
    case doNot = "DO NOT"
    /// Nothing fails, but something was not measured or not settled, or nothing was judged at all.
    case cannotTell = "CANNOT TELL"

    /// 0 for SWITCH, 1 for DO NOT, 3 for CANNOT TELL.
    public var exitCode: Int32 {
        switch self {
        case .switch: 0
        case .doNot: 1
        case .cannotTell: 3
        }
    }

    /// The verdict over several: red before open, open before green.
    ///
    /// - Parameter verdicts: In any order.
    /// - Returns: The worst; cannot tell when there is none.
    public static func worst(_ verdicts: some Sequence<Verdict>) -> Verdict {
        let found = Set(verdicts)
        return [.doNot, .cannotTell, .switch].first(where: found.contains) ?? .cannotTell
    }

    /// The verdict over decisions that block.
    ///
    /// - Parameter decisions: Of all blocking gates of a phase.
    /// - Returns: SWITCH only when there are some and all pass.
    static func over(_ decisions: some Sequence<Decision>) -> Verdict {
        switch Decision.worst(decisions) {
        case .pass: .switch
        case .fail: .doNot
        case .inconclusive, .notMeasured: .cannotTell
        }
    }
}
