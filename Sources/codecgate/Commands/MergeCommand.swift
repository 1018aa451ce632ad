import ArgumentParser
import Foundation
import Verification

/// `codecgate merge`.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put the shards of a run together and judge them.",
        discussion: """
            results.json is that of the run in one piece, but for times. Exit codes: 0 SWITCH, 1 DO NOT, 3 CANNOT TELL.

            Example: codecgate merge a/results.json b/results.json -o Reports
            """)

    @Argument(help: ArgumentHelp("results.json of each shard, or its folder.", valueName: "results"))
    var inputs: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Folder that gets the report.", valueName: "folder"))
    var out: String

    @Option(help: ArgumentHelp("Gate file (default: the shipped gates).", valueName: "file"))
    var gates: String?

    @OptionGroup var junit: JUnitOption

    func run() throws {
        let gateSet = try gates.map(GateSet.init(contentsOf:)) ?? GateSet.shipped()
        let parts = try inputs.map { (path: $0, results: try StoredRun($0).results) }
        let results = try RunResults(merging: parts)
        let report = RunReport(results, gates: gateSet, today: try .today)
        let folder = RunFolder(URL(filePath: out))
        let journal = try folder.begin(info: results.info, plans: results.findings.map(\.plan))
        try copyAttachments(of: results, to: folder.url)
        try folder.finish(journal, results: report.json(), files: report.files(junit: junit.profile, attachments: folder.url))
        try GitHub.announce(report, onStandardOutput: true)
        try StandardStreams.output(GateTable.text(report) + GateTable.verdict(report) + "Report: \(out)/report.html\n")
        if report.verdict.exitCode != 0 { throw ExitCode(report.verdict.exitCode) }
    }

    /// Takes the files that findings speak of from the folders of the shards.
    private func copyAttachments(of results: RunResults, to folder: URL) throws(CommandError) {
        let files = FileManager.default
        let folders = inputs.map { input in
            var isFolder: ObjCBool = false
            let url = URL(filePath: input)
            return files.fileExists(atPath: input, isDirectory: &isFolder) && isFolder.boolValue
                ? url : url.deletingLastPathComponent()
        }
        for path in Set(results.findings.flatMap(\.attachments).map(\.path)).sorted() {
            let target = folder.appendingPathComponent(path)
            if files.fileExists(atPath: target.path) { continue }
            guard
                let source = folders.map({ $0.appendingPathComponent(path) }).first(where: {
                    files.fileExists(atPath: $0.path)
                })
            else { throw .noInput("'\(path)' lies beside none of the shards; copy each shard's whole folder") }
            do {
                try files.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try files.copyItem(at: source, to: target)
            } catch { throw .unwritable("cannot copy '\(path)' to '\(out)': \(error.localizedDescription)") }
        }
    }
}
