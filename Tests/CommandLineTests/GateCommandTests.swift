import Foundation
import TestSupport
import Testing
import Verification

/// Stored measurements judged by lines: table, JSON and exit code say the same.
struct GateCommandTests {
    private func store(_ outcomes: [(String, Finding.Outcome)], in folder: borrowing TemporaryFolder) throws -> String {
        let findings = outcomes.map { id, outcome in
            let plan = FindingPlan(
                id: id, check: "c", phase: 1, title: "Title of \(id)", unit: "u", variant: "v", direction: .lower)
            return Finding(plan, outcome, population: 3)
        }
        let info = RunInfo(tool: "t", command: "c", seed: 0, phases: [1], facts: [])
        let results = RunResults(
            info: info, plans: findings.map(\.plan), findings: findings,
            timings: RunTimings(started: "", seconds: 0, checks: [:]))
        let day = try #require(CalendarDay("2026-01-01"))
        let path = folder.path("results.json")
        try RunReport(results, gates: .shipped(), today: day).json().write(to: URL(fileURLWithPath: path))
        return path
    }

    private func gateFile(in folder: borrowing TemporaryFolder, threshold: String = "1") throws -> String {
        let text = """
            schema: codecgate.gates/1
            gates:
              - {id: g, phase: 1, title: The gate, finding: x.*, statistic: value, comparison: atMost,
                 threshold: \(threshold), severity: block, owner: me, reason: because}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("gates.yaml")))
        return folder.path("gates.yaml")
    }

    @Test(
        "The exit code follows the decision, and the table says why",
        arguments: [
            (Finding.Outcome.value(0.5), Int32(0), "PASS"), (.value(1.5), 1, "FAIL"), (.value(.nan), 1, "FAIL"),
            (.failed(reason: "broke"), 1, "broke"), (.notMeasured(reason: "no film"), 3, "no film"),
        ])
    func exitCodes(outcome: Finding.Outcome, status: Int32, text: String) throws {
        let folder = try TemporaryFolder()
        let arguments = try [
            "gate", "--phase", "1", "--results", store([("x.1", .value(0)), ("x.2", outcome)], in: folder), "--gates",
            gateFile(in: folder),
        ]
        let found = try Program.run(arguments)
        #expect(found.status == status && found.output.contains(text), "\(found.output)\(found.error)")
        let json = try Program.run(arguments + ["--json"])
        #expect(json.status == status)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let verdict = try #require(object["verdict"] as? [String: Any])
        #expect(verdict["exit_code"] as? Int == Int(status))
        #expect(found.output.contains(try #require(verdict["overall"] as? String) + ":"))
    }

    @Test("Another line changes the verdict without measuring again; a phase without gates is open")
    func otherLine() throws {
        let folder = try TemporaryFolder()
        let results = try store([("x.1", .value(0.5))], in: folder)
        func status(_ threshold: String, phase: String) throws -> Int32 {
            try Program.run([
                "gate", "--phase", phase, "--results", results, "--gates", gateFile(in: folder, threshold: threshold),
            ]).status
        }
        #expect(try status("0.5", phase: "1") == 0)
        #expect(try status("0.49", phase: "1") == 1)
        #expect(try status("0.5", phase: "2") == 3)
        #expect(try status("0.5", phase: "all") == 3)
    }

    @Test("Missing, old and wrong files end with one sentence and their exit code")
    func errors() throws {
        let folder = try TemporaryFolder()
        let results = try store([("x.1", .value(0.5))], in: folder)
        try Program.expectFailure(
            ["gate", "--phase", "1", "--results", folder.path("none.json")], status: 66,
            saying: ["none.json", "verify"])
        let old = folder.path("old.json")
        try Data("{\"schema\": \"codecgate.results/1\"}".utf8).write(to: URL(fileURLWithPath: old))
        try Program.expectFailure(
            ["gate", "--phase", "1", "--results", old], status: 65, saying: ["codecgate.results/1", "verify again"])
        try Program.expectFailure(
            ["gate", "--phase", "1", "--results", results, "--gates", gateFile(in: folder, threshold: "low")],
            status: 64,
            saying: ["gates.yaml:", "'threshold'", "finite number"])
    }

    @Test("verify with a broken gate file, without goldens, or with nothing to resume leaves the old report as it was")
    func oldReport() throws {
        let folder = try TemporaryFolder()
        let page = URL(fileURLWithPath: folder.path("report.html"))
        try Data("old".utf8).write(to: page)
        let goldens = Repository.golden("encodec").deletingLastPathComponent().path
        let common = ["verify", "--out", folder.url.path, "--goldens"]
        let broken = try gateFile(in: folder, threshold: "low")
        try Program.expectFailure(common + [goldens, "--gates", broken], status: 64, saying: ["threshold"])
        try Program.expectFailure(common + ["/nonexistent"], status: 66, saying: ["no goldens"])
        try Program.expectFailure(common + [goldens, "--resume"], status: 66, saying: ["journal"])
        #expect(try String(contentsOf: page, encoding: .utf8) == "old")
    }
}
