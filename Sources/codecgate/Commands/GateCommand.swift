import ArgumentParser
import Foundation
import Verification

/// `codecgate gate`.
struct GateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Judge stored results: the table of gates and the verdict of one phase.",
        discussion: """
            Measures nothing: findings come from results.json, lines from the gate file, so that new lines can be tried \
            on old measurements. A failed measurement stays failed. A folder stands for its results.json; where a run was \
            cut off, its journal is judged instead, which is never SWITCH, and junit.xml says so. Exit codes: 0 SWITCH, \
            1 DO NOT, 3 CANNOT TELL.

            Example: codecgate gate --phase 2 --results Reports/results.json
            """)

    @Option(help: ArgumentHelp("1, 2, 3, 4 or all.", valueName: "phase"))
    var phase: PhaseChoice

    @Option(help: ArgumentHelp("What verify measured: a file or its folder.", valueName: "path"))
    var results = "Reports/results.json"

    @Option(help: ArgumentHelp("Gate file (default: the shipped gates).", valueName: "file"))
    var gates: String?

    @OptionGroup var junit: JUnitOption

    @Flag(help: "Print the judged results as JSON instead of the table.")
    var json = false

    func run() throws {
        let gateSet = try gates.map(GateSet.init(contentsOf:)) ?? GateSet.shipped()
        let stored = try StoredRun(results)
        let report = RunReport(stored.results, gates: gateSet, phases: phase.phases, today: try .today)
        if let folder = stored.interrupted {
            try folder.write(Data(report.junit(junit.profile)), as: "junit.xml")
            StandardStreams.error("The run ended early; \(folder.junitPath) says what it had found.\n")
        }
        try GitHub.announce(report, onStandardOutput: !json)
        if json {
            try StandardStreams.output(String(decoding: report.json(), as: UTF8.self))
        } else {
            try StandardStreams.output(GateTable.text(report) + GateTable.verdict(report))
        }
        if report.verdict.exitCode != 0 { throw ExitCode(report.verdict.exitCode) }
    }
}
