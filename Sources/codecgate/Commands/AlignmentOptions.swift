import ArgumentParser
import FeaturePipeline

/// The time between two volumes.
struct RepetitionTimeOption: ParsableArguments {
    @Option(name: .customLong("tr"), help: ArgumentHelp("Seconds a TR, such as 1.5 or 3/2.", valueName: "s"))
    var text = "1.5"

    func validate() throws { _ = try repetitionTime() }

    /// The exact fraction.
    ///
    /// - Throws: `ValidationError`.
    func repetitionTime() throws -> RepetitionTime {
        guard let time = RepetitionTime(text) else {
            throw ValidationError("--tr is '\(text)'; give seconds such as 1.5 or 3/2, from 0.01 to 100.")
        }
        return time
    }
}

/// Paths of arrays to be written.
enum NpyOutput {
    /// - Throws: ``CommandError`` for a name that does not end in `.npy`, and as ``FeaturePaths`` does.
    static func check(_ path: String, isNot input: String) throws(CommandError) {
        guard path.lowercased().hasSuffix(".npy") else {
            throw .usage("the output '\(path)' is not .npy; name it so")
        }
        try FeaturePaths.check(output: path, metadata: nil, input: input)
    }
}
