import Foundation
import TestSupport
import Testing
import Verification
import VerificationSuite

/// The runner: nothing planned can vanish, and a broken check is a finding.
struct CheckRunnerTests {
    /// A check of two findings whose behaviour the test chooses.
    private struct Probe: Check {
        var id = "probe"
        let body: ([FindingPlan], (Finding) throws -> Void) throws -> Void

        var plans: [FindingPlan] {
            ["\(id).1", "\(id).2"].map {
                FindingPlan(
                    id: $0, check: id, phase: 1, title: $0, unit: "u", variant: "v", direction: .lower)
            }
        }

        func run(_ record: (Finding) throws -> Void) throws { try body(plans, record) }
    }

    private struct Broken: Error {}
    private struct Stop: Error {}

    private func outcomes(_ body: @escaping ([FindingPlan], (Finding) throws -> Void) throws -> Void) throws
        -> [Finding.Outcome]
    {
        try CheckRunner([Probe(body: body)]).run(journal: nil).findings.map(\.outcome)
    }

    @Test("What a check does not record is failed, or not measured when the check says so")
    func gaps() throws {
        let all = try outcomes { plans, record in for plan in plans.reversed() { try record(Finding(plan, .value(1))) }
        }
        #expect(all == [.value(1), .value(1)])
        let half = try outcomes { plans, record in try record(Finding(plans[0], .value(1))) }
        #expect(half == [.value(1), .failed(reason: "the check ended without measuring this")])
        let broken = try outcomes { plans, record in
            try record(Finding(plans[1], .value(1)))
            throw Broken()
        }
        #expect(broken == [.failed(reason: "Broken()"), .value(1)])
        let open = try outcomes { _, _ in throw NotMeasurable("no film", remedy: "bring one") }
        #expect(open == Array(repeating: .notMeasured(reason: "no film", remedy: "bring one"), count: 2))
    }

    @Test("An error of the caller ends the run, also when the check swallows it")
    func interruption() throws {
        let runner = CheckRunner([
            Probe { plans, record in
                do { try record(Finding(plans[0], .value(1))) } catch { throw NotMeasurable("swallowed") }
            }
        ])
        #expect(throws: Stop.self) { try runner.run(journal: nil) { _ in throw Stop() } }
    }

    @Test("A resumed run measures only the checks that had not finished, and its results are those of one run")
    func resume() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        let calls = Calls()
        let runner = CheckRunner(
            ["first", "second"].map { id in
                Probe(id: id) { plans, record in
                    calls.ids.append(id)
                    for plan in plans { try record(Finding(plan, .value(Double(plan.id.utf8.count)))) }
                }
            })
        let info = RunInfo(tool: "t", command: "c", seed: 0, phases: [1], facts: [])
        func interrupted() throws {
            let journal = try folder.begin(info: info, plans: runner.plans)
            #expect(throws: Stop.self) {
                try runner.run(journal: journal) { if $0.id == "second.1" { throw Stop() } }
            }
        }
        try interrupted()
        #expect(calls.ids == ["first", "second"])
        let journal = try folder.begin(info: info, plans: runner.plans, isResuming: true)
        let resumed = try runner.run(journal: journal)
        #expect(calls.ids == ["first", "second", "second"])
        #expect(try resumed.findings == runner.run(journal: nil).findings)
        #expect(try JournalContents(contentsOf: folder.journalPath).findings == resumed.findings)
    }

    private final class Calls {
        var ids: [String] = []
    }
}
