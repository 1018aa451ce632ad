import ArgumentParser
import FeaturePipeline

/// `codecgate detect`.
struct DetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Say what feature arrays are, and by what it shows.",
        discussion: """
            A manifest NAME.json decides when the array is the one it describes; otherwise shape, type, range and \
            codebooks do. Exit code 3 when a file is ambiguous or unknown. The answers of the design document's rule and \
            of the Python system stand beside it.

            Example: codecgate detect features.npy
            """)

    @Argument(help: ArgumentHelp(".npy, .npz, or file.npz!member.", valueName: "file"))
    var inputs: [String]

    @Option(help: ArgumentHelp("The TR, where it is known: 1.5, 2 or 13/5.", valueName: "seconds"))
    var tr: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        if let tr, RepetitionTime(tr) == nil {
            throw ValidationError("--tr is '\(tr)'; give 0.01 to 100 seconds such as 1.5, 2 or 13/5.")
        }
    }

    func run() throws {
        let repetitionTime = tr.flatMap { RepetitionTime($0) }
        var answers: [DetectedFile] = []
        for input in inputs {
            try Interruption.check()
            for file in try FeatureFile.read(path: input) {
                answers.append(DetectedFile(file, repetitionTime: repetitionTime))
            }
        }
        if json {
            try StandardStreams.json(answers)
        } else {
            try StandardStreams.output(answers.map(\.text).joined())
        }
        guard answers.allSatisfy(\.isDecided) else { throw ExitCode(3) }
    }
}
