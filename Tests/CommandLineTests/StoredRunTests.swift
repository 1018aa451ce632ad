import Foundation
import TestSupport
import Testing
import Verification

/// Commands over what runs left behind: compare, baseline, merge, explain, and gate on a run that was cut off.
struct StoredRunTests {
    private func results(_ values: [Double], tool: String = "t", shard: Shard? = nil) -> RunResults {
        let findings = values.enumerated().map { index, value in
            let plan = FindingPlan(
                id: "x.\(index)", check: "c\(index)", phase: 1, title: "Title", unit: "u", variant: "v",
                direction: .lower)
            return Finding(plan, .value(value), population: 3)
        }
        let kept = findings.enumerated().filter { shard == nil || $0.offset % 2 + 1 == shard?.index }.map(\.element)
        return RunResults(
            info: RunInfo(tool: tool, command: "c", seed: 0, phases: [1], facts: []), plans: findings.map(\.plan),
            findings: kept, timings: RunTimings(started: "", seconds: 0, checks: [:]), shard: shard)
    }

    private func store(_ results: RunResults, _ path: String) throws -> String {
        let day = try #require(CalendarDay("2026-01-01"))
        try RunReport(results, gates: .shipped(), today: day).json().write(to: URL(fileURLWithPath: path))
        return path
    }

    private func gates(_ folder: borrowing TemporaryFolder) throws -> [String] {
        let text = """
            schema: codecgate.gates/1
            gates:
              - {id: g, phase: 1, title: The gate, finding: x.*, statistic: value, comparison: atMost,
                 threshold: 1, severity: block, owner: me, reason: because}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("gates.yaml")))
        return ["--gates", folder.path("gates.yaml")]
    }

    @Test("compare exits with 0 for equal or better, 1 for worse, and 3 for another tool unless told otherwise")
    func compare() throws {
        let folder = try TemporaryFolder()
        let gates = try gates(folder)
        let old = try store(results([0.5, 0.5]), folder.path("old.json"))
        let better = try store(results([0.5, 0.25]), folder.path("better.json"))
        let worse = try store(results([0.5, 2]), folder.path("worse.json"))
        let other = try store(results([0.5, 0.5], tool: "u"), folder.path("other.json"))
        func run(_ old: String, _ new: String, _ more: [String] = []) throws -> Program.Outcome {
            try Program.run(["compare", old, new] + gates + more)
        }
        #expect(try run(old, old).status == 0 && run(old, better).status == 0)
        let found = try run(old, worse)
        #expect(found.status == 1)
        #expect(found.output.contains("gate g: PASS -> FAIL") && found.output.contains("worse: x.1: 0.5 -> 2 u, 75 %"))
        let listed = try run(old, worse, ["--json"])
        let report = try #require(try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any])
        #expect(listed.status == 1 && report["worse"] as? Bool == true && report["comparable"] as? Bool == true)
        let changes = try #require(report["findings"] as? [[String: Any]])
        #expect(changes.map { $0["id"] as? String } == ["x.1"])
        #expect(changes.first?["old"] as? Double == 0.5 && changes.first?["new"] as? Double == 2)
        let gate = try #require((report["gates"] as? [[String: Any]])?.first)
        #expect(gate["gate"] as? String == "g" && gate["worse"] as? Bool == true)
        let unlike = try run(old, other, ["--json"])
        #expect(unlike.status == 3 && unlike.output.contains("\"comparable\" : false"))
        let refused = try run(old, other)
        #expect(refused.status == 3 && refused.output.contains("the tool was 't', is 'u'"))
        #expect(try run(old, other, ["--anyway"]).status == 0)
        #expect(try run(old, folder.path("none.json")).status == 66)
        #expect(try run(old, old, ["--tolerance", "2"]).status == 64)
    }

    @Test("A baseline is proposed with a reason and approved once; a stale proposal and CI are refused")
    func baseline() throws {
        let folder = try TemporaryFolder()
        let (first, second) = try (
            store(results([0.5]), folder.path("1.json")), store(results([0.75]), folder.path("2.json"))
        )
        let base = folder.path("base.json")
        func run(_ words: [String], ci: String = "") throws -> Program.Outcome {
            try Program.run(["baseline"] + words, environment: ["CI": ci])
        }
        func propose(_ results: String, reason: String = "why not") -> [String] {
            ["propose", "--results", results, "--baseline", base, "--reason", reason]
        }
        #expect(try run(propose(first), ci: "true").status == 64)
        #expect(try run(propose(first, reason: " ")).status == 64)
        #expect(try run(["approve", base]).status == 66)
        #expect(try run(propose(first)).status == 0)
        #expect(!FileManager.default.fileExists(atPath: base))
        #expect(try run(["approve", base], ci: "1").status == 64)
        #expect(try run(["approve", base]).status == 0)
        #expect(try Baseline(contentsOf: base).reason == "why not")
        #expect(try run(["approve", base]).status == 66, "the proposal is used up")
        let proposed = try run(propose(second))
        #expect(proposed.status == 0 && proposed.output.contains("worse: x.0: 0.5 -> 0.75 u"))
        let text = try String(contentsOfFile: base + ".proposed.md", encoding: .utf8)
        #expect(text.contains("Reason: why not") && text.contains("worse: x.0"))
        // Somebody else's approval in between makes this proposal stale.
        try Baseline(results([0.1]), reason: "other", replaces: nil).json().write(to: URL(fileURLWithPath: base))
        let stale = try run(["approve", base])
        #expect(stale.status == 65 && stale.error.contains("propose again"))
    }

    @Test("merge writes the report of the whole run; a missing shard and a whole run are refused")
    func merge() throws {
        let folder = try TemporaryFolder()
        let gates = try gates(folder)
        let parts = try ["1/2", "2/2"].enumerated().map { index, text in
            try store(results([0.5, 0.25, 0.125], shard: Shard(text)), folder.path("\(index).json"))
        }
        let out = folder.path("out")
        let merged = try Program.run(["merge", parts[1], parts[0], "-o", out] + gates)
        #expect(merged.status == 0, "\(merged.error)")
        #expect(try RunResults(contentsOf: out + "/results.json") == results([0.5, 0.25, 0.125]))
        for name in ["junit.xml", "report.html", "summary.md"] {
            #expect(FileManager.default.fileExists(atPath: "\(out)/\(name)"))
        }
        try Program.expectFailure(["merge", parts[0], "-o", out] + gates, status: 65, saying: ["2 are missing"])
        let whole = try store(results([0.5]), folder.path("whole.json"))
        try Program.expectFailure(["merge", whole, "-o", out] + gates, status: 65, saying: ["no shard"])
    }

    @Test("explain shows the numbers of a gate, and names the gates where it is asked for another")
    func explain() throws {
        let folder = try TemporaryFolder()
        let gates = try gates(folder)
        let path = try store(results([0.5, 2]), folder.path("r.json"))
        let found = try Program.run(["explain", "g", "--results", path] + gates)
        #expect(found.status == 1)
        #expect(found.output.contains("x.1: FAIL") && found.output.contains("margin: -1.0 u"))
        let common = ["--results", path] + gates
        try Program.expectFailure(["explain", "h"] + common, status: 64, saying: ["'h'", "choose one of g"])
        try Program.expectFailure(["explain", "g", "--segment", "0"] + common, status: 64, saying: ["no segments"])
    }

    @Test("gate on a folder with only a journal says that the run ended early, writes junit.xml, and is never SWITCH")
    func journal() throws {
        let folder = try TemporaryFolder()
        let gates = try gates(folder)
        let whole = results([0.5, 0.25])
        do {
            let journal = try RunFolder(folder.url).begin(info: whole.info, plans: whole.findings.map(\.plan))
            for finding in whole.findings { try journal.record(finding) }
        }
        let found = try Program.run(
            ["gate", "--phase", "1", "--results", folder.url.path] + gates, environment: ["GITHUB_ACTIONS": "true"])
        #expect(found.status == 3 && found.error.contains("ended early"), "\(found.output)\(found.error)")
        #expect(found.output.contains("::error file=") && found.output.contains("gates.yaml,line=1::"))
        let text = try String(contentsOfFile: folder.path("junit.xml"), encoding: .utf8)
        #expect(text.contains("run ended early after 2 of 2 findings"))
    }
}
