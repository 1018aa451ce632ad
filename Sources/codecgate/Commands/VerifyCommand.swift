import ArgumentParser
import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import Verification
import VerificationSuite

/// `codecgate verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Measure, judge and write the report.",
        discussion: """
            Without INPUT the embedded clip. Several films get a folder each; the worst verdict counts. The run before stays \
            as results.previous.json. Exit codes: 0 SWITCH, 1 DO NOT, 3 CANNOT TELL.

            Example: codecgate verify film.mp4 --codec facebook/encodec_24khz --out Reports
            """)

    @Argument(help: ArgumentHelp("Audio or video files.", valueName: "input"))
    var inputs: [String] = []

    @Option(help: ArgumentHelp("1, 2, 3, 4 or all.", valueName: "phase"))
    var phase = PhaseChoice.all

    @OptionGroup var codec: CodecOption

    @Option(help: ArgumentHelp("The bandwidth that is judged, in kbps.", valueName: "kbps"))
    var bandwidth = PipelineDefaults.bandwidthKbps

    @Option(name: .customLong("max-trs"), help: ArgumentHelp("Use the first TRs only.", valueName: "n"))
    var maximumTRCount: Int?

    @Option(help: ArgumentHelp("Which second is what: start,end,label.", valueName: "csv"))
    var labels: String?

    @Option(
        help: ArgumentHelp(
            "Features to judge in the codec's place: .npy or .npz.", valueName: "file"))
    var features: String?

    @Option(help: ArgumentHelp("Brain data of a listener, for phase 3: .npy, .nii(.gz).", valueName: "file"))
    var fmri: String?

    @Option(
        help: ArgumentHelp(
            "What scores PESQ for the claims about it: off, auto, a PESQ program or a python3 with pesq.",
            valueName: "program"))
    var pesq = "off"

    @Option(help: ArgumentHelp("Gate file (default: the shipped gates).", valueName: "file"))
    var gates: String?

    @Option(help: ArgumentHelp("Seed of everything random.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Folder that gets the report.", valueName: "folder"))
    var out = "Reports"

    @Option(help: ArgumentHelp("The goldens.", valueName: "folder"))
    var goldens = "GoldenData"

    @Option(
        help: ArgumentHelp(
            "Folder of LibriSpeech 1272-128104-0000.",
            valueName: "folder"))
    var recordings: String?

    @Option(help: ArgumentHelp("Exit with 1 also when worse than this.", valueName: "file"))
    var baseline: String?

    @Option(help: ArgumentHelp("Run a part, such as 2/3, for merge.", valueName: "i/n"))
    var shard: Shard?

    @Option(help: ArgumentHelp("Threads; results do not depend on it.", valueName: "n"))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Go on with a run that was cut off in this folder.")
    var resume = false

    @OptionGroup var junit: JUnitOption

    @Flag(help: "Print only the verdict.")
    var quiet = false

    @Flag(help: "Print results.json instead of the table.")
    var json = false

    func validate() throws {
        if let maximumTRCount, maximumTRCount < 1 {
            throw ValidationError("--max-trs is \(maximumTRCount); give 1 or more.")
        }
        guard (1...1024).contains(threads) else { throw ValidationError("--threads is \(threads); give 1 to 1024.") }
        if baseline != nil, shard != nil || inputs.count > 1 {
            throw ValidationError("--baseline belongs to one whole run; merge shards and verify films one by one.")
        }
        if features != nil, inputs.count != 1 {
            throw ValidationError("--features belong to one film, but there are \(inputs.count); name it.")
        }
        if fmri != nil, inputs.count != 1 {
            throw ValidationError("--fmri belongs to one film, but there are \(inputs.count); name it.")
        }
        if labels != nil, inputs.count > 1 {
            throw ValidationError(
                "--labels belongs to one film, but there are \(inputs.count); verify them one by one.")
        }
        if json, inputs.count > 1 {
            throw ValidationError(
                "--json prints one report, but there are \(inputs.count) films; verify them one by one.")
        }
    }

    func run() throws {
        // Segments and tiles take the threads; the small products of training only wait for each other with more.
        BLASRuntime.setThreadCount(1)
        // Everything that may be wrong with the request comes before the old report goes away.
        let gateSet = try gates.map(GateSet.init(contentsOf:)) ?? GateSet.shipped()
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: goldens + "/encodec", isDirectory: &isFolder), isFolder.boolValue
        else {
            throw CommandError.noInput(
                "no goldens in '\(goldens)': run from the repository's top folder or pass --goldens")
        }
        let approved = try baseline.map { try Baseline(contentsOf: $0).results }
        _ = try MetricSelection.pesqProvider(pesq == "auto" ? "off" : pesq)
        let codec = try AudioProcessor.Codec(codec.locate())
        let films = try FilmVerification.films(self)
        var verdicts: [Verdict] = []
        for film in films {
            verdicts.append(
                try FilmVerification(command: self, film: film, codec: codec, gates: gateSet, baseline: approved).run())
        }
        let worst = Verdict.worst(verdicts)
        if films.count > 1 {
            try StandardStreams.output("\(worst.rawValue): the worst of \(films.count) films\n")
        }
        if worst.exitCode != 0 { throw ExitCode(worst.exitCode) }
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
