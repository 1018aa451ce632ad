import ArgumentParser
import FeaturePipeline
import Foundation
import Verification
import VerificationSuite

/// Injects defects into the pipeline and shows which gates notice.
struct SelfCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selfcheck",
        abstract: "Break the pipeline in known ways: who notices?",
        discussion: """
            Takes the first TRs of a film (the embedded clip without INPUT) through pipelines with one defect each and \
            prints a matrix of defects and gates. The embedded demonstration codec is held to its own quality without a \
            defect instead of the published codec's. Exit codes: 0 every defect is noticed, 1 one is not, 3 one could \
            not be injected.

            Example: codecgate selfcheck
            """)

    @Argument(help: ArgumentHelp("An audio or video file.", valueName: "input"))
    var input: String?

    @OptionGroup var codec: CodecOption

    @Option(help: ArgumentHelp("The bandwidth that is judged, in kbps.", valueName: "kbps"))
    var bandwidth = 3.0

    @Option(name: .customLong("max-trs"), help: ArgumentHelp("Use the first TRs only.", valueName: "n"))
    var maximumTRCount = 16

    @Option(help: ArgumentHelp("Gate file (default: the shipped gates).", valueName: "file"))
    var gates: String?

    @Option(help: ArgumentHelp("Seed of everything random.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Folder of goldens, where the embedded clip lies.", valueName: "folder"))
    var goldens = "GoldenData"

    @OptionGroup var options: RunOptions

    func validate() throws {
        guard maximumTRCount >= 1 else {
            throw ValidationError("--max-trs is \(maximumTRCount); give 1 or more.")
        }
    }

    func run() throws {
        let gateSet = try gates.map(GateSet.init(contentsOf:)) ?? GateSet.shipped()
        let film = try FilmContext(request())
        defer { film.close() }
        let matrix = try SelfCheck(film: film, gates: gateSet).run { row in
            try Interruption.check()
            if !options.quiet, !options.json { try StandardStreams.output(DetectionTable.line(row)) }
        }
        if options.json {
            try StandardStreams.output(DetectionTable.json(matrix))
        } else if !options.quiet {
            try StandardStreams.output(DetectionTable.text(matrix))
        }
        guard matrix.missed.isEmpty else { throw ExitCode(1) }
        if matrix.rows.contains(where: { $0.omission != nil }) { throw ExitCode(3) }
    }

    private func request() throws -> FilmContext.Request {
        let clip = "\(goldens)/clips/scene"
        let path = input ?? clip + ".m4v"
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandError.noInput("there is no '\(path)'; name an audio or video file, or pass --goldens")
        }
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("codecgate-\(UUID().uuidString)")
        var request = FilmContext.Request(
            path: path, codec: try AudioProcessor.Codec(codec.locate()), scratch: scratch)
        if input == nil { request.labelsPath = clip + ".labels.csv" }
        request.bandwidthKbps = bandwidth
        request.maximumTRCount = maximumTRCount
        request.seed = seed
        request.threadCount = options.threads
        request.checkpoint = { try Interruption.check() }
        return request
    }
}
