public import ArgumentParser
import Foundation
public import Verification

/// How much junit.xml holds.
struct JUnitOption: ParsableArguments {
    @Option(
        name: .customLong("junit-profile"),
        help: ArgumentHelp("junit.xml: strict (junit-10) or rich (properties of test cases).", valueName: "profile"))
    var profile = JUnitProfile.strict
}

extension JUnitProfile: ExpressibleByArgument {}

/// What a run left behind, named by its results or its folder.
struct StoredRun {
    /// What was measured.
    let results: RunResults
    /// The folder, where only the journal of a run that was cut off is in it.
    let interrupted: RunFolder?

    /// Reads results.json, or the journal in a folder without it.
    ///
    /// - Parameter path: A file or a folder.
    /// - Throws: `ResultsError`.
    init(_ path: String) throws(ResultsError) {
        var isFolder: ObjCBool = false
        let files = FileManager.default
        guard files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            results = try RunResults(contentsOf: path)
            interrupted = nil
            return
        }
        let folder = RunFolder(URL(filePath: path))
        let isCutOff = !files.fileExists(atPath: folder.resultsPath) && files.fileExists(atPath: folder.journalPath)
        interrupted = isCutOff ? folder : nil
        results =
            isCutOff
            ? try JournalContents(contentsOf: folder.journalPath).results
            : try RunResults(contentsOf: folder.resultsPath)
    }
}

/// The run that was cut off in a folder before another one begins there.
struct LeftoverRun {
    private static let name = "junit.previous.xml"
    private let report: RunReport

    /// Reads the journal that a new run is about to empty.
    ///
    /// - Parameters:
    ///   - folder: Where it may be.
    ///   - gates: The lines.
    /// - Throws: `CommandError` on a clock that gives no day; a damaged journal says nothing and is nil.
    init?(_ folder: RunFolder, gates: GateSet) throws {
        guard FileManager.default.fileExists(atPath: folder.journalPath) else { return nil }
        do {
            let contents = try JournalContents(contentsOf: folder.journalPath)
            report = RunReport(contents.results, gates: gates, today: try .today)
        } catch let error as ResultsError {
            StandardStreams.error("The journal of the run before is lost: \(error).\n")
            return nil
        }
    }

    /// Writes what it had found as junit.previous.xml.
    ///
    /// - Parameters:
    ///   - folder: Where.
    ///   - profile: How much it holds.
    /// - Throws: `JUnitError` and `ResultsError`.
    func keep(in folder: RunFolder, _ profile: JUnitProfile) throws {
        try folder.write(Data(report.junit(profile)), as: Self.name)
        StandardStreams.error(
            "The run before ended early; \(Self.name) says what it had found (--resume goes on instead).\n")
    }
}
