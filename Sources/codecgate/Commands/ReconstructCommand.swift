import ArgumentParser
import AudioIO
import EnCodec
import FeaturePipeline

/// `codecgate reconstruct`.
struct ReconstructCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconstruct",
        abstract: "Turn features per TR back into sound.",
        discussion: """
            What the array holds is read from its manifest, or told by its contents as `detect` does; where those leave a \
            doubt give --format, --grid or --metadata. Mel features go through least squares and Griffin-Lim.

            Example: codecgate reconstruct features.npy -o film.wav
            """)

    @Argument(help: ArgumentHelp("The features: .npy, .npz or file.npz!member.", valueName: "f.npy"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The sound: .wav or .flac.", valueName: "out"))
    var output: String

    @Option(help: ArgumentHelp("The table of TRs, for features without a manifest.", valueName: "m.csv"))
    var metadata: String?

    @Option(help: ArgumentHelp("The codec; by default the manifest's, or mini.", valueName: "spec"))
    var codec: String?

    @Option(help: ArgumentHelp("Where Griffin-Lim's phases start.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(help: "Without a manifest: encodec, encodec-flat, encodec-predictions, mel or mel-2d.")
    var format: FeatureKind?

    @Option(help: "Without a manifest: how code frames were cut, exact or seed112.")
    var grid: FeaturesCommand.Grid?

    @Option(help: ArgumentHelp("Without a manifest: seconds between two volumes.", valueName: "s"))
    var tr = "1.5"

    @OptionGroup var options: RunOptions

    /// Names of the formats.
    enum FeatureKind: String, ExpressibleByArgument, CaseIterable {
        case encodec, mel
        case encodecFlat = "encodec-flat"
        case encodecPredictions = "encodec-predictions"
        case mel2D = "mel-2d"
    }

    func validate() throws {
        guard RepetitionTime(tr) != nil else {
            throw ValidationError("--tr is '\(tr)'; give 0.01 to 100 seconds such as 1.5, 2 or 13/5.")
        }
    }

    func run() throws {
        let encoding = try sampleEncoding()
        let stored = try StoredFeatures(self)
        try OutputPath.check(output, isNot: input)
        let writer = try AudioWriter(
            path: output, sampleRate: stored.processor.sampleRate, channelCount: 1, encoding: encoding)
        let rate = Double(stored.processor.sampleRate)
        let total = Double(stored.processor.expectedSampleCount(of: stored.input)) / rate
        let progress = ProgressBar("reconstruct", totalSeconds: total, isQuiet: options.quiet)
        try stored.processor.audio(from: stored.input, seed: seed, threadCount: options.threads) { samples in
            try Interruption.check()
            try writer.write(samples)
            progress.update(Double(writer.frameCount) / rate)
        }
        try Interruption.check()
        try writer.finish()
        try report(stored, writer: writer, elapsedSeconds: progress.elapsedSeconds)
    }

    private func sampleEncoding() throws(CommandError) -> AudioEncoding {
        let name = output.lowercased()
        guard name.hasSuffix(".wav") || name.hasSuffix(".flac") else {
            throw .usage("the output '\(output)' is neither .wav nor .flac; name it so")
        }
        return name.hasSuffix(".wav") ? .float32 : .pcm24
    }

    private func report(_ stored: StoredFeatures, writer: AudioWriter, elapsedSeconds: Double) throws {
        let (notes, layout) = (stored.input.notes, stored.input.layout)
        warn(notes, clippedSampleCount: writer.clippedSampleCount)
        guard !options.json else {
            return try StandardStreams.json(
                Report(
                    behaviour: layout.behaviour.rawValue, clippedCodes: notes.clippedCount,
                    clippedSamples: writer.clippedSampleCount, format: layout.format.rawValue,
                    grid: layout.grid.rawValue, hasManifest: stored.manifest != nil, input: input, output: output,
                    roundedCodes: notes.roundedCount, samples: writer.frameCount,
                    samplingRate: stored.processor.sampleRate, seed: layout.format.isCodes ? nil : seed,
                    trs: stored.input.values.shape.first ?? 0, zeroPaddedCodebooks: notes.zeroPaddedCodebookCount))
        }
        guard !options.quiet else { return }
        let seconds = Double(writer.frameCount) / Double(stored.processor.sampleRate)
        try StandardStreams.output(
            "\(output): \(writer.frameCount) samples (\(Text.fixed(seconds, 2)) s) at \(stored.processor.sampleRate) Hz from "
                + "\(stored.input.values.shape.first ?? 0) TRs of \(layout.format.rawValue), grid \(layout.grid.rawValue), "
                + "behaviour \(layout.behaviour.rawValue), \(Text.fixed(seconds / elapsedSeconds, 1))x real time\n")
    }

    /// Says what was changed, even when quiet is asked for: these are never what the user expects.
    private func warn(_ notes: FeatureInput.Notes, clippedSampleCount: Int) {
        var lines: [String] = []
        if notes.zeroPaddedCodebookCount > 0 {
            lines.append("\(notes.zeroPaddedCodebookCount) codebooks of '\(input)' are 0 throughout and were left out")
        }
        if notes.roundedCount + notes.clippedCount > 0 {
            lines.append(
                "\(notes.roundedCount) values of '\(input)' were rounded to codes and \(notes.clippedCount) clipped into the "
                    + "codebook")
        }
        if clippedSampleCount > 0 {
            lines.append("\(clippedSampleCount) samples of '\(output)' were clipped to full scale; a .wav keeps them")
        }
        for line in lines { StandardStreams.error("Warning: \(line).\n") }
    }

    private struct Report: Encodable {
        let behaviour: String
        let clippedCodes: Int
        let clippedSamples: Int
        let format: String
        let grid: String
        let hasManifest: Bool
        let input: String
        let output: String
        let roundedCodes: Int
        let samples: Int
        let samplingRate: Int
        let seed: UInt64?
        let trs: Int
        let zeroPaddedCodebooks: Int
    }
}
