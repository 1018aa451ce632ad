import Foundation
import TestSupport
import Testing
import Verification

/// Parts of a run: never green alone, and together the same as one run.
struct ShardTests {
    private static let findings = (0..<7).map { index in
        let plan = FindingPlan(
            id: "f.\(index)", check: "check.\(index / 2)", phase: 1, title: "t", unit: "u", variant: "v",
            direction: .lower)
        return Finding(plan, .value(Double(index)), population: 1)
    }

    private func part(_ shard: Shard?, seed: UInt64 = 7, command: String = "c") -> RunResults {
        let plans = Self.findings.map(\.plan)
        let owners = Shard.owners(of: plans, count: shard?.count ?? 1)
        return RunResults(
            info: RunInfo(tool: "t", command: command, seed: seed, phases: [1], facts: []), plans: plans,
            findings: Self.findings.filter { owners[$0.plan.check] == shard?.index ?? 1 },
            timings: RunTimings(started: "", seconds: 0, checks: [:]), shard: shard)
    }

    private func shards(_ count: Int) throws -> [(path: String, results: RunResults)] {
        try (1...count).map { index in
            let shard: Shard = try #require(Shard("\(index)/\(count)"))
            return ("\(index)", part(shard))
        }
    }

    @Test("Merged shards are the run in one piece, to the byte, in any order and number", arguments: [1, 2, 3, 7])
    func merged(count: Int) throws {
        let gates = try Sample.gates(Sample.gateText(["finding": "f.*", "threshold": "9"]))
        func bytes(_ results: RunResults) throws -> Data {
            try RunReport(results, gates: gates, today: Sample.today).json()
        }
        let temporary = try TemporaryFolder()
        let read = try shards(count).reversed().map { part in
            let path = temporary.path(part.path)
            try bytes(part.results).write(to: URL(fileURLWithPath: path))
            return (path: path, results: try RunResults(contentsOf: path))
        }
        #expect(try bytes(RunResults(merging: read)) == bytes(part(nil)))
    }

    @Test("A shard alone is never green, though every gate of its own checks passes")
    func alone() throws {
        let gates = try Sample.gates(Sample.gateText(["finding": "f.*", "threshold": "9"]))
        for part in try shards(2) {
            let report = RunReport(part.results, gates: gates, today: try Sample.today)
            #expect(report.verdict.overall == .cannotTell)
            #expect(report.evaluation.results[0].reason.contains("shard"))
        }
    }

    @Test("Missing, doubled and foreign shards are refused, and the file is named")
    func refused() throws {
        let three = try shards(3)
        let other: Shard = try #require(Shard("3/3"))
        let cases: [([(path: String, results: RunResults)], String)] = [
            ([], "no shard"), ([("w", part(nil))], "no shard"), (Array(three.prefix(2)), "3 are missing"),
            ([three[0], three[1], ("again", three[0].results)], "it is shard 1, as '1' is"),
            ([three[0], try shards(2)[1]], "one of 2 shards"),
            ([three[0], three[1], ("seed", part(other, seed: 8))], "'seed' cannot be merged: its seed is 8"),
            ([three[0], three[1], ("x", part(other, command: "d"))], "its command is 'd'"),
        ]
        for (parts, text) in cases {
            do {
                _ = try RunResults(merging: parts)
                Issue.record("\(text) was merged")
            } catch { #expect(error.description.contains(text), "\(error)") }
        }
    }

    @Test(
        "Only i/n with 1 <= i <= n <= 1000 is a shard",
        arguments: ["0/1", "2/1", "1/1001", "1", "/", "1/2/3", "a/b", "-1/2"])
    func texts(text: String) { #expect(Shard(text) == nil) }
}
