import ArgumentParser
import Foundation
import Verification

/// `codecgate baseline`.
struct BaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Propose and approve the results that later runs are held against.",
        discussion: """
            A person proposes, reads the difference, and approves; CI does neither.

            Example: codecgate baseline propose --results Reports --baseline base.json --reason "new kernels"
            """,
        subcommands: [BaselineProposeCommand.self, BaselineApproveCommand.self])

    /// A baseline that the build writes for itself would pass whatever it builds.
    static func refuseInCI() throws(CommandError) {
        let value = ProcessInfo.processInfo.environment["CI"] ?? ""
        guard ["", "0", "false"].contains(value.lowercased()) else {
            throw .usage("CI is set to '\(value)': a baseline is written by a person; run this at a desk")
        }
    }
}

/// `codecgate baseline propose`.
struct BaselineProposeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Write BASELINE.proposed and what would change, as BASELINE.proposed.md.",
        discussion: """
            Changes no baseline. Exit codes: 0 written, 3 written although runs measure different things.

            Example: codecgate baseline propose --results Reports --baseline base.json --reason "first one"
            """)

    @Option(help: ArgumentHelp("What verify measured: a file or its folder.", valueName: "path"))
    var results = "Reports"

    @Option(help: ArgumentHelp("The baseline file; it need not exist yet.", valueName: "file"))
    var baseline: String

    @Option(help: ArgumentHelp("Why these results shall be the baseline.", valueName: "text"))
    var reason: String

    func run() throws {
        try BaselineCommand.refuseInCI()
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw CommandError.usage("--reason is empty; say why these results shall be the baseline")
        }
        let stored = try StoredRun(results)
        guard stored.interrupted == nil, stored.results.shard == nil else {
            throw CommandError.badInput(
                "'\(results)' is no whole run; run codecgate verify to its end, or merge shards")
        }
        let replaced = try Baseline.digest(ofFile: baseline)
        let proposal = Baseline(stored.results, reason: reason, replaces: replaced)
        let comparison = try replaced.map { _ in try compare(with: stored.results) }
        let difference = comparison?.text(segmentCount: 10) ?? "First baseline: nothing to compare with.\n"
        let text = "# Proposed baseline\n\nReason: \(reason)\n\n\(difference)"
        try OutputFile.write(try proposal.json(), to: baseline + ".proposed")
        try OutputFile.write(Data(text.utf8), to: baseline + ".proposed.md")
        try StandardStreams.output(
            "\(difference)Proposed: \(baseline).proposed; codecgate baseline approve \(baseline) takes it over\n")
        if comparison?.obstacles.isEmpty == false { throw ExitCode(3) }
    }

    private func compare(with results: RunResults) throws -> RunComparison {
        let report = RunReport(results, gates: try .shipped(), today: try .today)
        return RunComparison(old: try Baseline(contentsOf: baseline).results, new: report, today: try .today)
    }
}

/// `codecgate baseline approve`.
struct BaselineApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Make the proposed baseline the baseline.",
        discussion: """
            Refuses a proposal that was made against another baseline than the one that is there.

            Example: codecgate baseline approve base.json
            """)

    @Argument(help: ArgumentHelp("The baseline file; FILE.proposed lies beside it.", valueName: "file"))
    var baseline: String

    func run() throws {
        try BaselineCommand.refuseInCI()
        let proposal = baseline + ".proposed"
        let proposed = try Baseline(contentsOf: proposal)
        let current = try Baseline.digest(ofFile: baseline)
        guard proposed.replaces == current else {
            throw CommandError.badInput(
                "'\(proposal)' was made against another '\(baseline)' than the one that is there; propose again")
        }
        try OutputFile.write(try proposed.json(), to: baseline)
        for path in [proposal, proposal + ".md"] where FileManager.default.fileExists(atPath: path) {
            do { try FileManager.default.removeItem(atPath: path) } catch {
                throw CommandError.unwritable("'\(path)' cannot be removed: \(error.localizedDescription); remove it")
            }
        }
        try StandardStreams.output("\(baseline): \(proposed.results.findings.count) findings (\(proposed.reason))\n")
    }
}

/// Files that commands write besides a report.
enum OutputFile {
    /// Writes a file whole or not at all.
    ///
    /// - Throws: ``CommandError/unwritable(_:)``.
    static func write(_ data: Data, to path: String) throws(CommandError) {
        do { try data.write(to: URL(filePath: path), options: .atomic) } catch {
            throw .unwritable(
                "cannot write '\(path)': \(error.localizedDescription); give a folder that may be written")
        }
    }
}
