/// A JUnit report as values, before it becomes XML.
///
/// Counts are computed from the cases, so that they cannot contradict them.
struct JUnitDocument: Equatable {
    /// What happened to a case.
    enum Outcome: Equatable {
        /// Judged and on the good side.
        case passed
        /// Judged and on the wrong side: one line, and everything that is known.
        case failure(message: String, body: String)
        /// Not measured, not settled or broken: never green.
        case error(message: String, body: String)
        /// Has no say: the metric says nothing about such input, or the gate does not block.
        case skipped(message: String)
    }

    /// One test case.
    struct Case: Equatable {
        /// Dotted area; GitLab groups by it.
        let classname: String
        /// Unique within the area.
        let name: String
        var seconds = 0.0
        let outcome: Outcome
        /// Shown by the rich profile only.
        var properties: [RunInfo.Fact] = []
        /// Paths beside the report, shown by the rich profile only.
        var attachments: [String] = []
    }

    /// Cases that belong together.
    struct Suite: Equatable {
        let name: String
        var properties: [RunInfo.Fact] = []
        let cases: [Case]

        var seconds: Double { cases.reduce(0) { $0 + $1.seconds } }
        func count(_ kind: (Outcome) -> Bool) -> Int { cases.count { kind($0.outcome) } }
    }

    let name: String
    /// UTC in ISO 8601 without zone, or empty.
    var timestamp = ""
    let suites: [Suite]

    func count(_ kind: (Outcome) -> Bool) -> Int { suites.reduce(0) { $0 + $1.count(kind) } }
    var caseCount: Int { suites.reduce(0) { $0 + $1.cases.count } }
    var seconds: Double { suites.reduce(0) { $0 + $1.seconds } }
}

extension JUnitDocument.Outcome {
    var isFailure: Bool { if case .failure = self { true } else { false } }
    var isError: Bool { if case .error = self { true } else { false } }
    var isSkipped: Bool { if case .skipped = self { true } else { false } }
}

/// How much a junit.xml holds.
public enum JUnitProfile: String, Sendable, CaseIterable {
    /// Valid by Jenkins' junit-10 schema, which most readers follow.
    case strict
    /// Properties and attachments of test cases besides, which that schema does not know.
    case rich
}
