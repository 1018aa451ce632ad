import ArgumentParser
import AudioIO
import EnCodec
import FeaturePipeline
import Glibc
import NumericCore

/// `codecgate reconstruct`.
struct ReconstructCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconstruct",
        abstract: "Turn features per TR back into sound.",
        discussion: """
            What the array holds is read from its manifest NAME.json. Without one give --format, and --grid or --metadata \
            where codes of 112 or 113 frames leave a doubt. Mel features go through least squares and Griffin-Lim.

            Example: codecgate reconstruct film.npy -o film.wav
            """)

    @Argument(help: ArgumentHelp("The features: .npy.", valueName: "f.npy"))
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

/// An array, what it is, and a processor that turns it into sound.
struct StoredFeatures {
    let manifest: FeatureManifest?
    let processor: AudioProcessor
    let input: FeatureInput

    /// Reads what a command names.
    init(_ command: ReconstructCommand) throws {
        let sidecar = FeatureManifest.sidecarPath(of: command.input)
        let array = try NpyFile.read(path: command.input)
        if access(sidecar, F_OK) == 0 {
            guard command.format == nil, command.grid == nil else {
                throw CommandError.usage(
                    "'\(command.input)' has the manifest '\(sidecar)'; leave --format and --grid out, or move the manifest"
                )
            }
            let manifest = try FeatureManifest.read(path: sidecar)
            try manifest.verify(array)
            self.manifest = manifest
            let specification = manifest.recipe.codec.map { command.codec ?? $0.identifier }
            let codec = try specification.map { try AudioProcessor.Codec(CodecFiles.locate($0)) }
            try codec?.check(manifest, path: sidecar)
            processor = try AudioProcessor(AudioProcessor.Configuration(manifest), codec: codec)
            var layout = FeatureInput.Layout(manifest)
            try Self.use(command.metadata, in: &layout)
            input = try Self.input(array, layout: layout, processor: processor, framesPerTR: manifest.framesPerTR ?? 1)
            return
        }
        manifest = nil
        (processor, input) = try Self.undescribed(array, command)
    }

    /// Rows of a table replace the frame counts.
    private static func use(_ metadata: String?, in layout: inout FeatureInput.Layout) throws {
        guard let metadata else { return }
        layout.frameCounts = try MetadataTable.read(path: metadata).map(\.frameCount)
        if layout.grid != .seed112 { layout.behaviour = .correct }
    }

    private static func undescribed(
        _ array: NumericArray, _ command: ReconstructCommand
    ) throws -> (AudioProcessor, FeatureInput) {
        guard let format = command.format.flatMap({ FeatureRecipe.Format(rawValue: $0.rawValue) }) else {
            throw CommandError.usage(
                "'\(command.input)' has no manifest '\(FeatureManifest.sidecarPath(of: command.input))' that says what it "
                    + "holds; give --format (encodec, encodec-flat, encodec-predictions, mel or mel-2d)")
        }
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = format.isCodes
        settings.repetitionTime = RepetitionTime(command.tr) ?? .standard
        let codec = format.isCodes ? try CodecFiles.locate(command.codec ?? CodecFiles.embeddedName) : nil
        settings.bandwidthKbps = try codec?.configuration().targetBandwidths.last ?? settings.bandwidthKbps
        let processor = try AudioProcessor(settings, codec: codec.map { try .init($0) })
        let grid = format.isCodes ? try codeGrid(array, format: format, clock: processor.clock, command) : .melSlots
        var layout = FeatureInput.Layout(format: format, grid: grid, repetitionTime: settings.repetitionTime)
        try use(command.metadata, in: &layout)
        let frames = TRGrid(grid == .seed112 ? .seed112 : .exact, processor.clock).framesPerTR
        return (processor, try input(array, layout: layout, processor: processor, framesPerTR: frames))
    }

    /// The grid that a user names, or the only one that has this many frames.
    private static func codeGrid(
        _ array: NumericArray, format: FeatureRecipe.Format, clock: FrameClock, _ command: ReconstructCommand
    ) throws(CommandError) -> FeatureRecipe.Grid {
        if let grid = command.grid { return grid == .exact ? .exact : .seed112 }
        let width = array.shape.last ?? 0
        let fits = [TRGrid(.exact, clock), TRGrid(.seed112, clock)].filter {
            array.shape.count == 2 ? width > 0 && width.isMultiple(of: $0.framesPerTR) : width == $0.framesPerTR
        }
        // Where every TR has the same frames both grids are one.
        if let first = fits.first, fits.count == 1 || clock.mostFrameCount == clock.leastFrameCount {
            return first.mode == .exact ? .exact : .seed112
        }
        throw .badInput(
            "'\(command.input)' has shape \(array.shape), which fits \(fits.count == 2 ? "both grids" : "no grid") at a TR of "
                + "\(clock.repetitionTime) (\(clock.mostFrameCount) or \(clock.leastFrameCount) frames); give --grid or --tr"
        )
    }

    private static func input(
        _ array: NumericArray, layout: FeatureInput.Layout, processor: AudioProcessor, framesPerTR: Int
    ) throws -> FeatureInput {
        let codec = processor.codec?.model.configuration
        let counts = try codec?.targetBandwidths.map { try codec?.codebookCount(forBandwidth: $0) ?? 1 } ?? []
        return try FeatureInput(
            array, layout: layout, framesPerTR: framesPerTR, codebookSize: codec?.codebookSize ?? 1024,
            codebookCounts: counts)
    }
}
