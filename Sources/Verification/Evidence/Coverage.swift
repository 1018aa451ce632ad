/// How much of what was planned a number speaks for.
///
/// The unit is whatever is measured one by one: segments, files, codebooks; a single number is one of one.
public struct Coverage: Sendable, Equatable, Codable {
    /// Measurements planned.
    public let planned: Int
    /// Those that gave a value.
    public let measured: Int
    /// Those where the metric says nothing about such input.
    public let notApplicable: Int
    /// Those that should have given a value and did not.
    public let failed: Int

    /// Counts; what is planned and in none of the other three is missing.
    ///
    /// - Parameters:
    ///   - planned: At least the sum of the others.
    ///   - measured: At least 0.
    ///   - notApplicable: At least 0.
    ///   - failed: At least 0.
    public init(planned: Int, measured: Int, notApplicable: Int = 0, failed: Int = 0) {
        self.planned = planned
        self.measured = measured
        self.notApplicable = notApplicable
        self.failed = failed
        precondition(problem == nil, problem ?? "")
    }

    /// Planned, and neither measured nor not applicable nor failed.
    public var missing: Int { planned - measured - notApplicable - failed }

    /// Share of the applicable measurements that gave a value; nil where nothing was applicable.
    public var share: Double? {
        planned > notApplicable ? Double(measured) / Double(planned - notApplicable) : nil
    }

    /// Why the counts contradict each other, for counts that were read from a file.
    var problem: String? {
        let counts = [planned, measured, notApplicable, failed]
        // Files may hold any integer: bounded first, so that the sum cannot overflow.
        guard counts.allSatisfy({ (0...1_000_000_000).contains($0) }) else { return "coverage counts \(counts)" }
        return missing < 0 ? "\(planned) planned but \(planned - missing) accounted for" : nil
    }

    private enum CodingKeys: String, CodingKey {
        case planned, measured, failed
        case notApplicable = "not_applicable"
    }
}

extension Coverage: CustomStringConvertible {
    /// Such as `171/173 measured, 1 not applicable, 1 failed`.
    public var description: String {
        let rest = [(notApplicable, "not applicable"), (failed, "failed"), (missing, "missing")]
        return (["\(measured)/\(planned) measured"] + rest.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" })
            .joined(separator: ", ")
    }
}
