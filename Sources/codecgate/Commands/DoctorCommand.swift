import ArgumentParser
import Foundation

/// `codecgate doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this machine has and what is missing.",
        discussion: """
            Each line is ok, a note (something is missing or slow, nothing fails) or a problem (verify cannot do its \
            work). Exit codes: 0 no problem, 3 a problem.

            Example: codecgate doctor --json
            """)

    @Option(help: ArgumentHelp("Folder of goldens that verify will use.", valueName: "folder"), completion: .directory)
    var goldens = "GoldenData"

    @Option(help: ArgumentHelp("Folder that verify will write to.", valueName: "folder"), completion: .directory)
    var out = "Reports"

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let findings =
            MachineDiagnoses.all() + CodecDiagnoses.all(environment: environment)
            + SurroundingDiagnoses.all(goldens: goldens, environment: environment)
            + FolderDiagnoses.all(reports: out, temporary: FileManager.default.temporaryDirectory.path)
        let problemCount = findings.count { $0.level == .problem }
        if json {
            try StandardStreams.json(Report(findings: findings, problems: problemCount))
        } else {
            try StandardStreams.output(Diagnosis.text(findings))
        }
        if problemCount > 0 { throw ExitCode(3) }
    }

    private struct Report: Encodable {
        let findings: [Diagnosis]
        let problems: Int
    }
}
