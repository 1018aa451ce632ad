import ArgumentParser
import Foundation
import Verification
import VerificationSuite

/// `codecgate verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Measure, judge and write results.json, junit.xml, report.html and summary.md.",
        discussion: """
            Holds EnCodec against Hugging Face's goldens, and the real facebook/encodec_24khz, when it is in the local \
            hub cache, against what its publishers state. The lines are those of the gate file. A phase whose checks \
            are missing is not green. When a run begins, the report of the run before goes away; its results stay as \
            results.previous.json. junit.xml is red until the run ends. Exit codes: 0 SWITCH, 1 DO NOT, 3 CANNOT TELL.

            Example: codecgate verify --phase 1 --out Reports
            """)

    @Option(help: ArgumentHelp("1, 2, 3, 4 or all.", valueName: "phase"))
    var phase = PhaseChoice.all

    @Option(help: ArgumentHelp("Gate file (default: the shipped gates).", valueName: "file"))
    var gates: String?

    @Option(help: ArgumentHelp("Seed of everything random, the intervals included.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Folder that gets the report.", valueName: "folder"))
    var out = "Reports"

    @Option(help: ArgumentHelp("Folder of goldens, as in the repository.", valueName: "folder"))
    var goldens = "GoldenData"

    @Option(
        help: ArgumentHelp(
            "Folder that holds recordings the repository may not ship (LibriSpeech 1272-128104-0000).",
            valueName: "folder"))
    var recordings: String?

    @Option(help: ArgumentHelp("Exit with 1 also when something is worse than in this baseline.", valueName: "file"))
    var baseline: String?

    @Option(help: ArgumentHelp("Run one part of the checks, such as 2/3; merge puts them together.", valueName: "i/n"))
    var shard: Shard?

    @Flag(help: "Go on with a run that was cut off in this folder.")
    var resume = false

    @OptionGroup var junit: JUnitOption

    @Flag(help: "Print only the verdict.")
    var quiet = false

    @Flag(help: "Print results.json instead of the table.")
    var json = false

    func run() throws {
        // Everything that may be wrong with the request comes before the old report goes away.
        let gateSet = try gates.map(GateSet.init(contentsOf:)) ?? GateSet.shipped()
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: goldens + "/encodec", isDirectory: &isFolder), isFolder.boolValue
        else {
            throw CommandError.noInput(
                "no goldens in '\(goldens)': run from the repository's top folder or pass --goldens")
        }
        let approved = try baseline.map { try Baseline(contentsOf: $0).results }
        guard shard == nil || approved == nil else {
            throw CommandError.usage("--baseline needs a whole run; merge the shards and compare the result")
        }
        let verifier = Verifier(options)
        let folder = RunFolder(URL(filePath: out))
        let leftover = resume ? nil : try LeftoverRun(folder, gates: gateSet)
        let journal = try folder.begin(info: verifier.info, plans: verifier.plans, isResuming: resume)
        try leftover?.keep(in: folder, junit.profile)
        let results = try verifier.run(journal: journal) { finding in
            try Interruption.check()
            if !quiet, !json { try StandardStreams.output(GateTable.line(finding)) }
        }
        let report = RunReport(results, gates: gateSet, today: try .today)
        let bytes = try report.json()
        if let shard { return try finish(shard, folder, journal, bytes, count: verifier.checks.count) }
        try folder.finish(journal, results: bytes, files: report.files(junit: junit.profile))
        try GitHub.announce(report, onStandardOutput: !json)
        let comparison = try approved.map { RunComparison(old: $0, new: report, today: try .today) }
        try show(report, bytes, comparison)
    }

    /// One shard has no verdict: it leaves its results only, and everything else is made from all of them.
    private func finish(_ shard: Shard, _ folder: RunFolder, _ journal: RunJournal, _ bytes: Data, count: Int) throws {
        try folder.finish(journal, results: bytes, files: [:])
        try StandardStreams.output(
            json
                ? String(decoding: bytes, as: UTF8.self)
                : "Shard \(shard.index) of \(shard.count) ran \(count) checks: \(folder.resultsPath); "
                    + "codecgate merge judges all shards\n")
    }

    private var options: Verifier.Options {
        let command = "codecgate verify --phase \(phase.rawValue) --seed \(seed)"
        var options = Verifier.Options(
            goldens: URL(filePath: goldens), recordings: recordings.map { URL(filePath: $0) },
            environment: ProcessInfo.processInfo.environment, phases: phase.phases, seed: seed,
            command: gates.map { "\(command) --gates \($0)" } ?? command,
            tool: "codecgate \(Codecgate.configuration.version)")
        (options.shard, options.facts) = (shard, SourceState.facts)
        return options
    }

    private func show(_ report: RunReport, _ bytes: Data, _ comparison: RunComparison?) throws {
        if json {
            try StandardStreams.output(String(decoding: bytes, as: UTF8.self))
        } else {
            let table = quiet ? "" : "\n" + GateTable.text(report)
            try StandardStreams.output("\(table)\(GateTable.verdict(report))Report: \(out)/report.html\n")
        }
        if let comparison {
            let text = "Against \(baseline ?? ""): \(comparison.text())"
            if json { StandardStreams.error(text) } else { try StandardStreams.output(text) }
        }
        let status = max(report.verdict.exitCode, comparison?.status ?? 0)
        // DO NOT outranks CANNOT TELL.
        if report.verdict.exitCode == 1 || comparison?.status == 1 { throw ExitCode(1) }
        if status != 0 { throw ExitCode(status) }
    }
}

/// Which phases are asked for.
enum PhaseChoice: String, ExpressibleByArgument, CaseIterable {
    case one = "1"
    case two = "2"
    case three = "3"
    case four = "4"
    case all

    var phases: [Int] { Int(rawValue).map { [$0] } ?? [1, 2, 3, 4] }
}

extension CalendarDay {
    /// The day in UTC: the one place where the clock decides about waivers.
    static var today: CalendarDay {
        get throws {
            let text = String(Date().ISO8601Format().prefix(10))
            guard let day = CalendarDay(text) else { throw CommandError.badInput("the clock says '\(text)'; set it") }
            return day
        }
    }
}
