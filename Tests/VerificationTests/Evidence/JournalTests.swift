import Foundation
import TestSupport
import Testing
import Verification

/// A run that is cut off leaves its findings and no verdict.
struct JournalTests {
    private let plans = [Sample.plan("a.1"), Sample.plan("a.2")]
    private let info = Sample.run([]).info

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test("A run retires what could be taken for its verdict, keeps the old results, and writes at its end only")
    func folder() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        for name in ["results.json", "report.html", "junit.xml", "summary.md", "notes.txt"] {
            try Data("green".utf8).write(to: temporary.url.appendingPathComponent(name))
        }
        let journal = try folder.begin(info: info, plans: plans)
        for name in ["results.json", "report.html", "summary.md"] {
            #expect(!exists(temporary.path(name)))
        }
        #expect(exists(folder.previousResultsPath) && exists(temporary.path("notes.txt")))
        try journal.record(Sample.value(0, id: "a.1"))
        #expect(!exists(folder.resultsPath))
        try folder.finish(journal, results: Data("new".utf8), files: ["report.html": Data("page".utf8)])
        #expect(try String(contentsOfFile: folder.resultsPath, encoding: .utf8) == "new")
        #expect(try String(contentsOfFile: temporary.path("report.html"), encoding: .utf8) == "page")
        #expect(!exists(folder.journalPath))
    }

    @Test("A cut-off run can be read and resumed: whole lines count, the cut-off last one goes away")
    func resume() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        func start() throws {
            let journal = try folder.begin(info: info, plans: plans)
            try journal.record(Sample.value(0.25, id: "a.1"))
            try journal.finish(check: "check", seconds: 2)
        }
        try start()
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.journalPath))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"finding\":{\"id\":\"a.2\"".utf8))
        try handle.close()
        let contents = try JournalContents(contentsOf: folder.journalPath)
        #expect(contents.findings == [Sample.value(0.25, id: "a.1")] && contents.doneChecks == ["check": 2])
        #expect(contents.results.findings[1].outcome.reason?.contains("the run ended") == true)
        do {
            let journal = try folder.begin(info: info, plans: plans, isResuming: true)
            #expect(journal.resumed?.findings.map(\.id) == ["a.1"])
            try journal.record(Sample.value(0.5, id: "a.2"))
        }
        let whole = try JournalContents(contentsOf: folder.journalPath)
        #expect(whole.findings == [Sample.value(0.25, id: "a.1"), Sample.value(0.5, id: "a.2")])
    }

    @Test("A journal of another run is refused and stays as it was; so is the report beside it")
    func otherRun() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        do { _ = try folder.begin(info: info, plans: plans) }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.journalPath))
        try Data("old".utf8).write(to: temporary.url.appendingPathComponent("report.html"))
        let others = [
            (RunInfo(tool: "t", command: "c", seed: 8, phases: [1], facts: []), plans),
            (RunInfo(tool: "u", command: "c", seed: 7, phases: [1], facts: []), plans),
            (RunInfo(tool: "t", command: "c", seed: 7, phases: [1, 2], facts: []), plans),
            (RunInfo(tool: "t", command: "c", seed: 7, phases: [1], facts: [.init(name: "film", value: "f")]), plans),
            (info, Array(plans.prefix(1))),
        ]
        for (info, plans) in others {
            #expect(throws: ResultsError.self) { try folder.begin(info: info, plans: plans, isResuming: true) }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.journalPath)) == bytes)
        #expect(exists(temporary.path("report.html")))
        let renamed = RunInfo(tool: "t", command: "other", seed: 7, phases: [1], facts: [])
        #expect(throws: Never.self) { try folder.begin(info: renamed, plans: plans, isResuming: true) }
    }

    @Test("Two runs cannot write one folder, and nothing can be resumed where nothing was begun")
    func busy() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        #expect(throws: ResultsError.missing(path: folder.journalPath)) {
            try folder.begin(info: info, plans: plans, isResuming: true)
        }
        let journal = try folder.begin(info: info, plans: plans)
        #expect(throws: ResultsError.busy(path: folder.journalPath)) { try folder.begin(info: info, plans: plans) }
        try journal.record(Sample.value(0, id: "a.1"))
        #expect(try JournalContents(contentsOf: folder.journalPath).findings.count == 1)
    }

    @Test(
        "A damaged journal is an error, not an empty run",
        arguments: [
            "", "\n", "{}\n", "{\"schema\":\"codecgate.journal/9\"}\n", "not json\n",
            "{\"schema\":\"codecgate.journal/1\"}\n", "HEADER{\"finding\":{\"id\":1}}\n{\"done\":\"x\"}\n",
            "HEADERHEADER2",
        ])
    func damaged(text: String) throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        do { _ = try folder.begin(info: info, plans: plans) }
        let header = try String(contentsOfFile: folder.journalPath, encoding: .utf8)
        // A plan that stands there twice would otherwise trap.
        let doubled = header.replacingOccurrences(of: "a.2", with: "a.1")
        let whole = text == "HEADERHEADER2" ? doubled : text.replacingOccurrences(of: "HEADER", with: header)
        try Data(whole.utf8).write(to: URL(fileURLWithPath: folder.journalPath))
        #expect(throws: ResultsError.self) { try JournalContents(contentsOf: folder.journalPath) }
    }
}
