public import Foundation
internal import Glibc
internal import NumericCore

/// The folder that gets a report, and the order in which files appear and go away in it.
///
/// When a run begins, what could be taken for its verdict goes away: `report.html` and `summary.md` are removed, since
/// they can be made again from the results and a file by these names is read as current; `junit.xml` is replaced by one
/// that says in red that the run has not ended, for readers that take a missing file for no news; `results.json` becomes
/// `results.previous.json`, so that no measurement is lost and two runs can be compared. Files of the new run appear
/// whole, at its end only, `results.json` last.
public struct RunFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// A folder.
    ///
    /// - Parameter url: Created when a run begins.
    public init(_ url: URL) { self.url = url }

    /// Path of results.json.
    public var resultsPath: String { url.appendingPathComponent("results.json").path }
    /// Path of the results of the run before.
    public var previousResultsPath: String { url.appendingPathComponent("results.previous.json").path }
    /// Path of junit.xml.
    public var junitPath: String { url.appendingPathComponent("junit.xml").path }
    /// Path of the journal of a run in progress or cut off.
    public var journalPath: String { url.appendingPathComponent(".journal.jsonl").path }

    private static let retired = ["report.html", "summary.md"]

    /// Begins a run: opens the journal, then retires the files of the run before.
    ///
    /// - Parameters:
    ///   - info: The run.
    ///   - plans: Everything that is to be measured.
    ///   - isResuming: Goes on with the journal of a run that was cut off.
    /// - Returns: The journal; it holds the folder until it goes away.
    /// - Throws: ``ResultsError``; when the journal cannot be used, everything is as it was.
    public func begin(info: RunInfo, plans: [FindingPlan], isResuming: Bool = false) throws(ResultsError) -> RunJournal
    {
        do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
            throw .unreadable(path: url.path, reason: error.localizedDescription)
        }
        let journal = try RunJournal(path: journalPath, info: info, plans: plans, isResuming: isResuming)
        if rename(resultsPath, previousResultsPath) != 0, errno != ENOENT {
            throw .system(operation: "rename", path: resultsPath, code: errno)
        }
        for name in Self.retired {
            let path = url.appendingPathComponent(name).path
            if unlink(path) != 0, errno != ENOENT { throw .system(operation: "remove", path: path, code: errno) }
        }
        do {
            try write(Data(JUnitDocument(unfinished: info, planCount: plans.count).xml(.strict)), to: junitPath)
        } catch {
            throw error as? ResultsError ?? .unreadable(path: junitPath, reason: "\(error)")
        }
        return journal
    }

    /// Ends a run: each file appears whole under its name, `results.json` last, then the journal goes away.
    ///
    /// - Parameters:
    ///   - journal: The journal that `begin` gave.
    ///   - results: The bytes of results.json.
    ///   - files: Further files by name.
    /// - Throws: ``ResultsError``; the journal then stays, and the run can be resumed.
    public func finish(_ journal: RunJournal, results: Data, files: [String: Data]) throws(ResultsError) {
        for (name, data) in files.sorted(by: { $0.key < $1.key }) {
            try write(data, to: url.appendingPathComponent(name).path)
        }
        try write(results, to: resultsPath)
        if unlink(journal.path) != 0 { throw .system(operation: "remove", path: journal.path, code: errno) }
    }

    /// Writes a file that is no part of a run, such as the report of one that was cut off.
    ///
    /// - Parameters:
    ///   - data: Its bytes; it appears whole or not at all.
    ///   - name: Its name in the folder.
    /// - Throws: ``ResultsError``.
    public func write(_ data: Data, as name: String) throws(ResultsError) {
        try write(data, to: url.appendingPathComponent(name).path)
    }

    private func write(_ data: Data, to path: String) throws(ResultsError) {
        do { try AtomicFile.write(Array(data), to: path) } catch {
            guard case .system(let operation, _, let code) = error else {
                throw .unreadable(path: path, reason: error.description)
            }
            throw .system(operation: operation, path: path, code: code)
        }
    }
}
