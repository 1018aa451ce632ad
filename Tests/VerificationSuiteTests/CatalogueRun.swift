import EnCodec
import FeaturePipeline
import Foundation
import TestSupport
import Testing
import Verification
import VerificationSuite

/// One run of the catalogue that the cases of a test share.
actor CatalogueRun {
    static let shared = CatalogueRun(Repository.root.appendingPathComponent("Reports"), trCount: nil)

    /// Everything that exists once the run has begun.
    private struct State {
        let film: FilmContext
        let verifier: Verifier
        let journal: RunJournal
        let gates: GateSet
        let start: ContinuousClock.Instant
        var findings: [String: [Finding]] = [:]
        /// When the report was written last.
        var written: ContinuousClock.Instant?
    }

    private let folder: RunFolder
    private let trCount: Int?
    private var state: State?

    /// - Parameters:
    ///   - url: Gets the report.
    ///   - trCount: Use the first TRs of the clip only, or nil.
    init(_ url: URL, trCount: Int?) {
        folder = RunFolder(url)
        self.trCount = trCount
    }

    /// Begins the run, which removes the old report, and says what will be measured.
    func checks() throws -> [String] { try begun().verifier.checks }

    /// Measures with one check.
    ///
    /// Rewrites the report after the first one and then every few seconds: all of its statistics after each of more than
    /// a hundred checks would cost more than most checks.
    func measure(_ check: String) throws -> [Finding] {
        var state = try begun()
        let findings = try state.verifier.run(check: check, journal: state.journal)
        state.findings[check] = findings
        let isDue = state.written.map { ContinuousClock.now - $0 > .seconds(4) } ?? true
        if isDue {
            try writeUnfinished(state)
            state.written = .now
        }
        self.state = state
        return findings
    }

    /// Ends the run when every check has run; nil otherwise, and the report stays that of a run that ended early.
    func finish() throws -> RunReport? {
        let state = try begun()
        guard state.verifier.checks.allSatisfy({ state.findings[$0] != nil }) else {
            try writeUnfinished(state)
            return nil
        }
        let journaled = try JournalContents(contentsOf: folder.journalPath)
        let timings = RunTimings(
            started: Date().ISO8601Format(), seconds: (ContinuousClock.now - state.start) / .seconds(1),
            checks: journaled.doneChecks)
        let results = RunResults(
            info: state.verifier.info, plans: state.verifier.plans, findings: state.findings.values.flatMap { $0 },
            timings: timings)
        let report = RunReport(results, gates: state.gates, today: try today)
        try folder.finish(state.journal, results: report.json(), files: report.files())
        state.film.close()
        return report
    }

    private var today: CalendarDay {
        get throws { try #require(CalendarDay(String(Date().ISO8601Format().prefix(10)))) }
    }

    private func writeUnfinished(_ state: State) throws {
        let report = try RunReport(
            JournalContents(contentsOf: folder.journalPath).results, gates: state.gates, today: today)
        for (name, data) in try report.files() { try folder.write(data, as: name) }
    }

    private func begun() throws -> State {
        if let state { return state }
        let gates = try GateSet.shipped()
        let film = try FilmContext(try request())
        var options = Verifier.Options(
            goldens: Repository.golden("encodec").deletingLastPathComponent(),
            environment: ProcessInfo.processInfo.environment, command: "swift test --filter CatalogueTests",
            tool: "codecgate \(FeatureManifest.currentToolVersion)")
        (options.film, options.gates) = (film, gates)
        let verifier = Verifier(options)
        let journal = try folder.begin(info: verifier.info, plans: verifier.plans)
        let begun = State(film: film, verifier: verifier, journal: journal, gates: gates, start: .now)
        state = begun
        return begun
    }

    private func request() throws -> FilmContext.Request {
        FilmFixture.productThreads
        let codec = try AudioProcessor.Codec(CodecFiles.locate(CodecFiles.embeddedName))
        // The same place every time: what a crashed run left there is overwritten by the next.
        var request = FilmContext.Request(
            path: Repository.golden("clips/scene.m4v").path, codec: codec,
            scratch: folder.url.appendingPathComponent(".scratch-tests"))
        request.labelsPath = Repository.golden("clips/scene.labels.csv").path
        request.maximumTRCount = trCount
        request.reportFolder = folder.url
        request.threadCount = 2
        return request
    }
}
