import Foundation
import TestSupport
import Testing
import Verification

/// results.json is read back as it was written, and nothing else is taken for it.
struct ResultsFileTests {
    private static var findings: [Finding] {
        let segments = [
            SegmentValue(start: 0, end: 1.5, label: .speech, result: .value(0.1)),
            SegmentValue(start: 1.5, end: 3, label: .music, result: .value(-.infinity)),
            SegmentValue(start: 3, end: 4, label: .silence, result: .notApplicable(reason: "silent")),
            SegmentValue(start: 4, end: 5, label: .mix, result: .failed(reason: "broke")),
        ]
        return [
            Finding(
                Sample.plan("a.1", direction: .higher), .segments(segments), note: "n",
                attachments: [.init(path: "audio/a.wav", kind: .audio, title: "reference", segment: 1)],
                curves: [.init("trained", [1, 0.5, 1.0 / 3]), .init("held out", [])], command: "again"),
            Sample.value(1.0 / 3, id: "a.2", bound: 0.5), Sample.value(.infinity, id: "a.3"),
            Finding(Sample.plan("a.4"), .notMeasured(reason: "r", remedy: "m")),
            Finding(Sample.plan("a.5"), .failed(reason: "\u{1B}[31m \"quoted\" \\ 録音")),
        ]
    }

    private func written(_ folder: borrowing TemporaryFolder) throws -> (path: String, text: String) {
        let report = try Sample.judge(Self.findings, Sample.gates(Sample.gateText(["finding": "a.*"])))
        let path = folder.path("results.json")
        try report.json().write(to: URL(fileURLWithPath: path))
        return (path, try String(contentsOfFile: path, encoding: .utf8))
    }

    @Test("What is read is what was written, infinities and reasons included, and is judged alike")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let (path, text) = try written(folder)
        let read = try RunResults(contentsOf: path)
        #expect(read == Sample.run(Self.findings))
        let again = RunReport(
            read, gates: try Sample.gates(Sample.gateText(["finding": "a.*"])), today: try Sample.today)
        #expect(String(decoding: try again.json(), as: UTF8.self) == text)
    }

    @Test("A finding that is not a number is kept as one, so that it still fails when judged again")
    func notANumber() throws {
        let folder = try TemporaryFolder()
        let gates = try Sample.gates(Sample.gateText())
        let path = folder.path("r.json")
        try Sample.judge([Sample.value(.nan)], gates).json().write(to: URL(fileURLWithPath: path))
        let report = RunReport(try RunResults(contentsOf: path), gates: gates, today: try Sample.today)
        #expect(report.verdict.overall == .doNot)
    }

    @Test(
        "Old, foreign, damaged and contradictory files are refused with a sentence that says what and where",
        arguments: [
            ("codecgate.results/2", "codecgate.results/1", "schema"), ("\"schema\"", "\"scheme\"", "schema"),
            ("\"planned\"", "\"plan\"", "planned"), ("\"a.5\"", "\"a.6\"", "planned and findings differ"),
            ("\"phase\" : 1", "\"phase\" : 9", "phase 9"), ("\"population\" : 3", "\"population\" : -3", "population"),
            ("\"measured\" : 2", "\"measured\" : 4", "accounted for"),
            ("\"measured\" : 2", "\"measured\" : 1", "count"),
            ("\"measured\" : 2", "\"measured\" : 9223372036854775807", "coverage"),
            ("audio/a.wav", "../../etc/passwd", "relative path"), ("audio/a.wav", "/etc/passwd", "relative path"),
            ("\"segment\" : 1", "\"segment\" : 4", "segment 4"), ("\"end\" : 1.5", "\"end\" : -1", "segment"),
            ("\"-inf\"", "\"minus\"", "not a number"), ("\"label\" : \"music\"", "\"label\" : \"opera\"", "label"),
            ("\"value\" : 0.1", "\"valve\" : 0.1", "exactly one"),
            ("\"direction\" : \"higher\"", "\"direction\" : \"up\"", "direction"),
            ("\"seed\" : 7", "\"seed\" : -7", "cannot be used"), ("\"seed\" : 7", "\"seed\" : 7,,", "text"),
        ])
    func hostile(old: String, new: String, message: String) throws {
        let folder = try TemporaryFolder()
        let (path, text) = try written(folder)
        let place = try #require(text.range(of: old))
        try Data(text.replacingCharacters(in: place, with: new).utf8).write(to: URL(fileURLWithPath: path))
        do {
            _ = try RunResults(contentsOf: path)
            Issue.record("\(new) was accepted")
        } catch {
            #expect(error.description.contains(message), "\(error)")
            #expect(error.description.contains(path) && error.description.contains("run codecgate verify"), "\(error)")
        }
    }

    @Test("A file cut off anywhere, an empty one, a folder and no file at all are errors")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let (path, text) = try written(folder)
        let bytes = Array(text.utf8)
        for count in stride(from: 0, to: bytes.count - 2, by: 97) {
            try Data(bytes[..<count]).write(to: URL(fileURLWithPath: path))
            #expect(throws: ResultsError.self) { try RunResults(contentsOf: path) }
        }
        #expect(throws: ResultsError.missing(path: folder.path("none"))) {
            try RunResults(contentsOf: folder.path("none"))
        }
        #expect(throws: ResultsError.self) { try RunResults(contentsOf: folder.url.path) }
    }

    @Test("What was planned and has no finding is not measured, and a gate over it is open")
    func missingFinding() throws {
        let plans = [Sample.plan("a.1"), Sample.plan("a.2")]
        let run = RunResults(
            info: Sample.run([]).info, plans: plans, findings: [Sample.value(0, id: "a.1")],
            timings: Sample.run([]).timings)
        #expect(run.findings.map(\.id) == ["a.1", "a.2"])
        let gates = try Sample.gates(Sample.gateText(["finding": "a.*"]))
        #expect(RunReport(run, gates: gates, today: try Sample.today).verdict.overall == .cannotTell)
    }
}
