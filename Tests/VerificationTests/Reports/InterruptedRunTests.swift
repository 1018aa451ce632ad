import Foundation
import TestSupport
import Testing
import Verification

/// A run that was cut off is red in junit.xml from its first moment on.
struct InterruptedRunTests {
    private let plans = [Sample.plan("a.1"), Sample.plan("a.2")]

    @Test("From its start a run's junit.xml is valid and red, until its end replaces it")
    func placeholder() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        let path = URL(fileURLWithPath: folder.junitPath)
        try Data("green".utf8).write(to: path)
        let journal = try folder.begin(info: Sample.run([]).info, plans: plans)
        let bytes = try [UInt8](Data(contentsOf: path))
        #expect(try JUnitSchema.problem(bytes) == 0)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("errors=\"1\"") && text.contains("0 of 2 findings were judged"))
        let report = try Sample.judge([Sample.value(0, id: "a.1")], Sample.gates(Sample.gateText(["finding": "a.*"])))
        try folder.finish(journal, results: report.json(), files: report.files())
        #expect(try [UInt8](Data(contentsOf: path)) == report.junit())
        #expect(FileManager.default.fileExists(atPath: temporary.path("summary.md")))
    }

    @Test("A journal becomes a valid document with an error, also when every finding had been recorded")
    func journal() throws {
        let gates = try Sample.gates(Sample.gateText(["finding": "a.*"]))
        for count in 0...2 {
            let temporary = try TemporaryFolder()
            let folder = RunFolder(temporary.url)
            do {
                let journal = try folder.begin(info: Sample.run([]).info, plans: plans)
                for plan in plans.prefix(count) { try journal.record(Sample.value(0, id: plan.id)) }
            }
            let results = try JournalContents(contentsOf: folder.journalPath).results
            let report = RunReport(results, gates: gates, today: try Sample.today)
            #expect(report.verdict.overall == .cannotTell && report.verdict.exitCode == 3)
            #expect(report.verdict.summary.contains("ended") || count < 2, "\(report.verdict.summary)")
            let bytes = try report.junit()
            #expect(try JUnitSchema.problem(bytes) == 0)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("run ended early after \(count) of 2 findings"))
        }
    }
}
