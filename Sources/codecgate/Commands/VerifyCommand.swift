import ArgumentParser
import Foundation
import Verification
import VerificationSuite

/// `codecgate verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check phase 1 and write the report: results.json and report.html.",
        discussion: """
            Holds EnCodec against Hugging Face's goldens, and the real facebook/encodec_24khz, when it is in the local \
            hub cache, against what its publishers state. Exit codes: 0 SWITCH, 1 DO NOT, 3 CANNOT TELL.

            Example: codecgate verify --out Reports
            """)

    @Option(help: ArgumentHelp("Folder that gets the report.", valueName: "folder"))
    var out = "Reports"

    @Option(help: ArgumentHelp("Folder of goldens, as in the repository.", valueName: "folder"))
    var goldens = "GoldenData"

    @Option(
        help: ArgumentHelp(
            "Folder that holds recordings the repository may not ship (LibriSpeech 1272-128104-0000).",
            valueName: "folder"))
    var recordings: String?

    @Flag(help: "Print only the verdict.")
    var quiet = false

    @Flag(help: "Print results.json instead of the table.")
    var json = false

    func run() throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: goldens + "/encodec", isDirectory: &isFolder), isFolder.boolValue
        else {
            throw CommandError.noInput(
                "no goldens in '\(goldens)': run from the repository's top folder or pass --goldens")
        }
        let verifier = Verifier(
            goldens: URL(filePath: goldens), recordings: recordings.map { URL(filePath: $0) },
            environment: ProcessInfo.processInfo.environment)
        let report = try verifier.run { result in
            try Interruption.check()
            if !quiet, !json { try StandardStreams.output(Self.line(result)) }
        }
        do { try report.write(to: URL(filePath: out)) } catch {
            throw CommandError.unwritable("cannot write the report to '\(out)': \(error.localizedDescription)")
        }
        if json {
            try StandardStreams.output(String(decoding: report.json(), as: UTF8.self) + "\n")
        } else {
            try StandardStreams.output("\(report.verdict.rawValue): \(report.summary)\nReport: \(out)/report.html\n")
        }
        if report.verdict.exitCode != 0 { throw ExitCode(report.verdict.exitCode) }
    }

    private static func line(_ result: CheckResult) -> String {
        let decision = result.decision.rawValue.padding(toLength: 13, withPad: " ", startingAt: 0)
        let found =
            switch result.measurement {
            case .value: "\(result.measurement.text(unit: result.unit)) over \(result.population)"
            case .notMeasured(let reason), .failed(let reason): reason
            }
        return "\(decision)\(result.title): \(found)\n"
    }
}
