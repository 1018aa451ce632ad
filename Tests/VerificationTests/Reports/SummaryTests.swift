import Foundation
import Testing
import Verification

/// summary.md and the error lines that GitHub shows.
struct SummaryTests {
    private func report(gates count: Int, reason: String = "broke") throws -> RunReport {
        let entries = (0..<count).map { Sample.gateText(["id": "g\($0)", "title": "'T|\($0)'"]) }
        let gates = try GateSet(
            parsing: "schema: codecgate.gates/1\ngates:\n" + entries.joined(), path: "odd,na:me%/g.yaml")
        return try Sample.judge([Finding(Sample.plan("a"), .failed(reason: reason))], gates)
    }

    @Test("The summary has a row a gate in which nothing is markup")
    func rows() throws {
        let text = try report(gates: 3, reason: "<b>|`x`\r\n*").markdown()
        #expect(text.hasPrefix("# DO NOT: "))
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("| FAIL | g") }.count == 3)
        #expect(text.contains("| FAIL | g0 | block | &lt;b>\\|\\`x\\` \\* |"))
    }

    @Test("A summary over its limit is cut at a line's end and says how much is missing", arguments: [500, 2000, 4000])
    func cut(limit: Int) throws {
        let report = try report(gates: 200)
        let (whole, text) = (report.markdown(), report.markdown(byteLimit: limit))
        #expect(whole.utf8.count > limit && text.utf8.count <= limit)
        let parts = text.components(separatedBy: "\nCut off: ")
        #expect(parts.count == 2 && whole.hasPrefix(parts[0]))
        #expect(parts[1].hasSuffix(" more parts are in report.html and results.json.\n"))
        #expect(try self.report(gates: 3).markdown().contains("Cut off") == false)
    }

    @Test("Ten error lines at most, the last counts the rest; what would end a line is escaped")
    func errorLines() throws {
        #expect(try report(gates: 10).githubErrors().count == 10)
        #expect(try report(gates: 10).githubErrors()[9].contains("broke"))
        let lines = try report(gates: 47, reason: "50%\r\nx\u{1B}").githubErrors()
        #expect(lines.count == 10 && lines[9].hasSuffix("::and 38 more"))
        #expect(lines[0].hasPrefix("::error file=odd%2Cna%3Ame%25/g.yaml,line=3::FAIL: T|0: 50%25%0D%0Ax#x1B"))
        #expect(!lines.contains { $0.contains("\n") || $0.contains("\r") })
        let passing = try Sample.judge([Sample.value(0)], Sample.gates(Sample.gateText()))
        #expect(passing.githubErrors().isEmpty)
        let empty = try Sample.judge([], Sample.gates(Sample.gateText(["severity": "warn"])))
        #expect(empty.githubErrors().count == 1 && empty.verdict.exitCode == 3)
    }
}
