public import Verification

/// Runs checks in order and keeps the journal; a check that breaks is a finding, not the end of the run.
public struct CheckRunner {
    private let checks: [any Check]

    /// A runner.
    ///
    /// - Parameter checks: In the order in which they run; ids of checks and of findings are unique.
    public init(_ checks: [any Check]) {
        self.checks = checks
        precondition(Set(checks.map(\.id)).count == checks.count, "two checks share an id")
        let plans = checks.flatMap(\.plans)
        precondition(Set(plans.map(\.id)).count == plans.count, "two findings share an id")
        precondition(checks.allSatisfy { check in check.plans.allSatisfy { $0.check == check.id } }, "a foreign plan")
    }

    /// Everything that will be measured.
    public var plans: [FindingPlan] { checks.flatMap(\.plans) }

    /// Ids of the checks, in the order in which they run.
    var ids: [String] { checks.map(\.id) }

    /// Runs one check.
    func run(check id: String, journal: RunJournal?) throws -> [Finding] {
        guard let check = checks.first(where: { $0.id == id }) else { return [] }
        let start = ContinuousClock.now
        let findings = try Self.measure(check) { try journal?.record($0) }
        try journal?.finish(check: id, seconds: (ContinuousClock.now - start) / .seconds(1))
        return findings
    }

    /// Runs all checks but those that the journal's earlier run had finished.
    ///
    /// - Parameters:
    ///   - journal: Gets each finding as soon as it is there; nil to keep none.
    ///   - progress: Called with every finding, taken over or new; may throw to end the run.
    /// - Returns: One finding for each plan, and seconds by check.
    /// - Throws: What `progress` throws, and `ResultsError` when the journal cannot be written.
    public func run(journal: RunJournal?, progress: (Finding) throws -> Void = { _ in }) throws
        -> (findings: [Finding], seconds: [String: Double])
    {
        let earlier = journal?.resumed
        let known = Dictionary(uniqueKeysWithValues: (earlier?.findings ?? []).map { ($0.id, $0) })
        var seconds: [String: Double] = [:]
        var findings: [Finding] = []
        for check in checks {
            let taken = check.plans.compactMap { known[$0.id] }
            if let spent = earlier?.doneChecks[check.id], taken.count == check.plans.count {
                seconds[check.id] = spent
                for finding in taken { try progress(finding) }
                findings += taken
                continue
            }
            let start = ContinuousClock.now
            findings += try Self.measure(check) { finding in
                try journal?.record(finding)
                try progress(finding)
            }
            let spent = (ContinuousClock.now - start) / .seconds(1)
            seconds[check.id] = spent
            try journal?.finish(check: check.id, seconds: spent)
        }
        return (findings, seconds)
    }

    /// Runs one check; whatever it leaves out becomes a finding that says so.
    private static func measure(_ check: any Check, _ record: (Finding) throws -> Void) throws -> [Finding] {
        var found: [String: Finding] = [:]
        var ending: (any Error)?
        let planned = Set(check.plans.map(\.id))
        func take(_ finding: Finding) throws {
            precondition(planned.contains(finding.id) && found[finding.id] == nil, "\(finding.id) was not planned")
            found[finding.id] = finding
            // The journal's and the caller's errors end the run; the check must not be blamed for them.
            do { try record(finding) } catch {
                ending = error
                throw error
            }
        }
        var rest = Finding.Outcome.failed(reason: "the check ended without measuring this")
        do { try check.run(take) } catch let error as NotMeasurable {
            rest = .notMeasured(reason: error.reason, remedy: error.remedy)
        } catch {
            rest = .failed(reason: "\(error)")
        }
        if let ending { throw ending }
        for plan in check.plans where found[plan.id] == nil {
            try take(Finding(plan, rest))
        }
        return check.plans.compactMap { found[$0.id] }
    }
}
