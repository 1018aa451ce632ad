import ArgumentParser
import Foundation
import Verification
import VerificationSuite

/// `codecgate verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Measure, judge and write the report: results.json and report.html.",
        discussion: """
            Holds EnCodec against Hugging Face's goldens, and the real facebook/encodec_24khz, when it is in the local \
            hub cache, against what its publishers state. The lines are those of the gate file. A phase whose checks \
            are missing is not green. When a run begins, the report of the run before goes away; its results stay as \
            results.previous.json. Exit codes: 0 SWITCH, 1 DO NOT, 3 CANNOT TELL.

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

    @Flag(help: "Go on with a run that was cut off in this folder.")
    var resume = false

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
        let verifier = Verifier(options)
        let folder = RunFolder(URL(filePath: out))
        let journal = try folder.begin(info: verifier.info, plans: verifier.plans, isResuming: resume)
        let results = try verifier.run(journal: journal) { finding in
            try Interruption.check()
            if !quiet, !json { try StandardStreams.output(GateTable.line(finding)) }
        }
        let report = RunReport(results, gates: gateSet, today: try .today)
        let bytes = try report.json()
        let page = try report.html(attachments: folder.url)
        try folder.finish(journal, results: bytes, files: ["report.html": Data(page.utf8)])
        try show(report, bytes)
    }

    private var options: Verifier.Options {
        let command = "codecgate verify --phase \(phase.rawValue) --seed \(seed)"
        return Verifier.Options(
            goldens: URL(filePath: goldens), recordings: recordings.map { URL(filePath: $0) },
            environment: ProcessInfo.processInfo.environment, phases: phase.phases, seed: seed,
            command: gates.map { "\(command) --gates \($0)" } ?? command,
            tool: "codecgate \(Codecgate.configuration.version)")
    }

    private func show(_ report: RunReport, _ bytes: Data) throws {
        if json {
            try StandardStreams.output(String(decoding: bytes, as: UTF8.self))
        } else {
            let table = quiet ? "" : "\n" + GateTable.text(report)
            try StandardStreams.output("\(table)\(GateTable.verdict(report))Report: \(out)/report.html\n")
        }
        if report.verdict.exitCode != 0 { throw ExitCode(report.verdict.exitCode) }
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
