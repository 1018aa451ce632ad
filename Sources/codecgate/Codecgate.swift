import ArgumentParser
import FeaturePipeline

/// The program: parses the arguments, runs one command and turns errors into sentences and exit codes.
@main
struct Codecgate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codecgate",
        abstract: "Decide with evidence whether an audio pipeline may move to EnCodec.",
        discussion: """
            Example: codecgate verify film.mp4 --codec facebook/encodec_24khz --out Reports

            Exit codes: 0 done or SWITCH, 1 DO NOT, 3 CANNOT TELL or not measured, 64 wrong use, 65 bad input data, \
            66 no such input, 70 defect of this program, 74 reading or writing failed.

            Completion of commands, options and files: codecgate --generate-completion-script bash (zsh, fish).
            """,
        version: version,
        subcommands: [
            VerifyCommand.self, GateCommand.self, ExplainCommand.self, CompareCommand.self, BaselineCommand.self,
            MergeCommand.self, SelfCheckCommand.self, EncodeCommand.self, DecodeCommand.self, FeaturesCommand.self,
            ReconstructCommand.self, DetectCommand.self, MetricsCommand.self, HrfCommand.self, ResampleTRsCommand.self,
            ScanCommand.self, TrainCommand.self, EvaluateCommand.self, ModelCommand.self, CodecCommand.self,
            BenchCommand.self,
            DoctorCommand.self,
        ])

    /// The version of program and package.
    static let version = FeatureManifest.currentToolVersion

    static func main() {
        Interruption.watch()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Failure.exit(with: error)
        }
    }
}
