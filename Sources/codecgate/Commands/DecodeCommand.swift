import ArgumentParser
import AudioIO
import EnCodec

/// `codecgate decode`.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decode codes to a WAV or FLAC file.",
        discussion: """
            Codes are .npy (codebooks, frames) of any integer type, or the .npz of encode. The whole of the codes is \
            decoded, hop x frames samples; a .npz knows how many samples were encoded and is cut to that.

            Example: codecgate decode film.npy -o film.wav --codec facebook/encodec_24khz
            """)

    @Argument(
        help: ArgumentHelp("The codes: .npy or .npz.", valueName: "codes"),
        completion: .file(extensions: ["npy", "npz"]))
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The sound: .wav or .flac.", valueName: "out"),
        completion: .file(extensions: ["wav", "flac"]))
    var output: String

    @OptionGroup var codec: CodecOption

    @Option(help: ArgumentHelp("Decode from the first codebooks only.", valueName: "k"))
    var codebooks: Int?

    @Option(help: ArgumentHelp("Cut the sound to so many samples per channel.", valueName: "n"))
    var length: Int?

    @Option(help: ArgumentHelp("Samples of the file: float, 16 or 24 (default: float for .wav, 24 for .flac)."))
    var subtype: Subtype?

    @OptionGroup var options: RunOptions

    /// Names of the sample codings.
    enum Subtype: String, ExpressibleByArgument, CaseIterable {
        case float, pcm16 = "16", pcm24 = "24"

        var encoding: AudioEncoding {
            switch self {
            case .float: .float32
            case .pcm16: .pcm16
            case .pcm24: .pcm24
            }
        }
    }

    func validate() throws {
        if let length, length < 1 { throw ValidationError("--length is \(length); give at least 1 sample.") }
        if let codebooks, codebooks < 1 { throw ValidationError("--codebooks is \(codebooks); give at least 1.") }
    }

    func run() throws {
        let encoding = try sampleEncoding()
        let files = try codec.locate()
        let contents = try CodeFile.read(path: input, for: files.configuration())
        let encoded = try selected(contents.encoded)
        let sampleCount = try wantedSampleCount(contents, configuration: files.configuration())
        try OutputPath.check(output, isNot: input)
        let model = try files.load()
        let writer = try AudioWriter(
            path: output, sampleRate: model.configuration.samplingRate,
            channelCount: model.configuration.audioChannels, encoding: encoding)
        let elapsed = try decode(encoded, with: model, sampleCount: sampleCount, to: writer)
        try Interruption.check()
        try writer.finish()
        try report(encoded, files: files, encoding: encoding, writer: writer, elapsedSeconds: elapsed)
    }

    /// The extension and `--subtype` together.
    private func sampleEncoding() throws(CommandError) -> AudioEncoding {
        let name = output.lowercased()
        guard name.hasSuffix(".wav") || name.hasSuffix(".flac") else {
            throw .usage("the output '\(output)' is neither .wav nor .flac; name it so")
        }
        guard name.hasSuffix(".flac") else { return (subtype ?? .float).encoding }
        guard subtype != .float else {
            throw .usage("FLAC holds no float samples; use --subtype 24 or name the output .wav")
        }
        return (subtype ?? .pcm24).encoding
    }

    private func selected(_ encoded: EncodedAudio) throws(CommandError) -> EncodedAudio {
        guard let codebooks else { return encoded }
        guard codebooks <= encoded.codebookCount else {
            throw .badInput("'\(input)' has \(encoded.codebookCount) codebooks, --codebooks asks for \(codebooks)")
        }
        return encoded.keeping(codebooks: codebooks)
    }

    private func wantedSampleCount(
        _ contents: CodeFile.Contents, configuration: EncodecConfiguration
    ) throws(CommandError) -> Int {
        let decoded = configuration.decodedSampleCount(forFrames: contents.encoded.frameCounts)
        let available = contents.statedSampleCount ?? decoded
        guard let length else { return available }
        guard length <= decoded else {
            throw .badInput("'\(input)' decodes to \(decoded) samples, --length asks for \(length)")
        }
        return length
    }

    /// Decodes until there are enough samples.
    ///
    /// - Returns: Seconds it took.
    private func decode(
        _ encoded: EncodedAudio, with model: EncodecModel, sampleCount: Int, to writer: AudioWriter
    ) throws -> Double {
        let rate = Double(model.configuration.samplingRate)
        let channelCount = model.configuration.audioChannels
        let progress = ProgressBar("decode", totalSeconds: Double(sampleCount) / rate, isQuiet: options.quiet)
        do {
            try model.decode(encoded, threadCount: options.threads) { samples in
                try Interruption.check()
                let wanted = min(samples.count, (sampleCount - writer.frameCount) * channelCount)
                try writer.write(UnsafeBufferPointer(rebasing: samples[..<wanted]))
                progress.update(Double(writer.frameCount) / rate)
                if writer.frameCount == sampleCount { throw EnoughSamples() }
            }
        } catch is EnoughSamples {
            // What follows would be cut off.
        }
        return progress.elapsedSeconds
    }

    private struct EnoughSamples: Error {}

    private func report(
        _ encoded: EncodedAudio, files: CodecFiles, encoding: AudioEncoding, writer: AudioWriter,
        elapsedSeconds: Double
    ) throws {
        let rate = try files.configuration().samplingRate
        if writer.clippedSampleCount > 0 {
            StandardStreams.error(
                "Warning: \(writer.clippedSampleCount) samples of '\(output)' were clipped to full scale; "
                    + "use --subtype float to keep them.\n")
        }
        guard !options.json else {
            return try StandardStreams.json(
                CodingReport(
                    channels: writer.channelCount, clippedSamples: writer.clippedSampleCount,
                    codebooks: encoded.codebookCount, codec: files.specification, encoding: encoding.rawValue,
                    frames: encoded.frameCount, input: input, output: output, samples: writer.frameCount,
                    samplingRate: rate, weightsSha256: files.weightsDigest()))
        }
        guard !options.quiet else { return }
        let seconds = Double(writer.frameCount) / Double(rate)
        try StandardStreams.output(
            "\(output): \(writer.frameCount) samples (\(Text.fixed(seconds, 2)) s) of \(encoding.rawValue) at \(rate) Hz "
                + "from \(encoded.codebookCount) codebooks, \(Text.fixed(seconds / elapsedSeconds, 1))x real time\n")
    }
}
