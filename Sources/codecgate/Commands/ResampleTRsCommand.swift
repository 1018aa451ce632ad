import ArgumentParser
import FeaturePipeline

/// `codecgate resample-trs`.
struct ResampleTRsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resample-trs",
        abstract: "Change the number of TRs of features or codes.",
        discussion: """
            truncate keeps the first rows, each at its time. nearest and linear stretch the whole length over the new \
            one, which moves times unless the rates really differ; the report says by how much. linear on codes joins \
            labels by lines, rounds and clips, as the design document does. A manifest NAME.json is written beside NAME.npy.

            Example: codecgate resample-trs features.npy -o cut.npy --to 3 --codes truncate
            """)

    @Argument(help: ArgumentHelp("Features or codes: .npy, the first axis the TRs.", valueName: "in.npy"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The result: .npy.", valueName: "out.npy"))
    var output: String

    @Option(name: .customLong("to"), help: ArgumentHelp("TRs wanted.", valueName: "n"))
    var targetCount: Int

    @Option(help: "What happens to integer codes: truncate, nearest or linear.")
    var codes: TRResampling.Method?

    @Option(help: "What happens to floats: truncate (default), nearest or linear.")
    var floats: TRResampling.Method?

    @OptionGroup var time: RepetitionTimeOption

    @OptionGroup var options: RunOptions

    func validate() throws {
        if targetCount < 0 { throw ValidationError("--to is \(targetCount); give 0 or more TRs.") }
    }

    func run() throws {
        let description = try AlignmentFile.describe(input)
        let resampling = try TRResampling(method(for: description), from: description.shape[0], to: targetCount)
        try NpyOutput.check(output, isNot: input)
        let provenance = try Provenance(.resample(resampling), of: input)
        if description.kind == .codes {
            let codes = try AlignmentFile.codes(input)
            if resampling.method == .linear {
                try AlignmentFile.write(resampling.apply(to: codes), to: output, provenance: provenance)
            } else {
                try copyRows(resampling, provenance)
            }
        } else {
            try copyRows(resampling, provenance)
        }
        try report(resampling, description)
    }

    private func copyRows(_ resampling: TRResampling, _ provenance: Provenance) throws {
        let progress = ProgressBar("resample", totalSeconds: nil, isQuiet: options.quiet)
        try AlignmentFile.resample(input, to: output, with: resampling, provenance: provenance) { done in
            try Interruption.check()
            progress.update(done, of: targetCount, unit: "TRs")
        }
    }

    private func method(for description: AlignmentFile.Description) throws(CommandError) -> TRResampling.Method {
        switch (description.kind, codes, floats) {
        case (.features, nil, let method): return method ?? .truncate
        case (.codes, .some(let method), nil): return method
        case (.features, .some, _):
            throw .usage("--codes is for integers and '\(input)' holds \(description.elementType); give --floats")
        case (.codes, _, .some):
            throw .usage("--floats is for floats and '\(input)' holds \(description.elementType); give --codes")
        case (.codes, nil, nil):
            throw .usage(
                "'\(input)' holds \(description.elementType) codes, which are labels and not quantities; give --codes "
                    + "truncate to keep the first TRs, --codes nearest where rates really differ, or --codes linear to "
                    + "blend their numbers as the design document does")
        }
    }

    private func report(_ resampling: TRResampling, _ description: AlignmentFile.Description) throws {
        let seconds = try time.repetitionTime().seconds
        let shift = resampling.largestShift * seconds
        if options.json {
            return try StandardStreams.json(
                Report(
                    input: input, largestShiftSeconds: shift, largestShiftTrs: resampling.largestShift,
                    method: resampling.method.rawValue, output: output,
                    shape: [targetCount] + description.shape.dropFirst(), skippedTrs: resampling.skippedRowCount,
                    sourceShape: description.shape, tr: "\(try time.repetitionTime())", type: type(of: description)))
        }
        guard !options.quiet else { return }
        try StandardStreams.output(
            "\(output): \(resampling.sourceCount) TRs made \(targetCount) by \(resampling.method.rawValue), "
                + "\(resampling.skippedRowCount) left out, times moved by up to \(Text.fixed(shift, 2)) s\n")
    }

    private func type(of description: AlignmentFile.Description) -> String {
        switch (description.kind, codes, floats) {
        case (.features, _, .linear): "float32"
        case (.codes, .linear, _): "int32"
        default: description.elementType
        }
    }

    private struct Report: Encodable {
        let input: String
        let largestShiftSeconds: Double
        let largestShiftTrs: Double
        let method: String
        let output: String
        let shape: [Int]
        let skippedTrs: Int
        let sourceShape: [Int]
        let tr: String
        let type: String
    }
}
