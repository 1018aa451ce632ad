import ArgumentParser
import AudioIO
import EnCodec

/// `codecgate encode`.
struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Encode the sound of an audio or video file to codes.",
        discussion: """
            .npy: int32 (codebooks, frames). .npz: codes (chunks, codebooks, frames), scales, last_frame_pad_length, \
            sample_count; needed by codecs that work in chunks (48 kHz).

            Example: codecgate encode film.mp4 -o film.npy --codec facebook/encodec_24khz
            """)

    @Argument(
        help: ArgumentHelp("WAV, FLAC, OGG, MP3, MP4, MKV, WebM: the first audio stream.", valueName: "in"),
        completion: .file())
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The codes: .npy or .npz.", valueName: "codes"),
        completion: .file(extensions: ["npy", "npz"]))
    var output: String

    @OptionGroup var codec: CodecOption

    @Option(
        help: ArgumentHelp("Bandwidth in kbps, one of the codec's.", valueName: "kbps"),
        completion: .list(["1.5", "3", "6", "12", "24"]))
    var bandwidth = 6.0

    @OptionGroup var options: RunOptions

    func run() throws {
        guard let format = CodeFile.Format(path: output) else {
            throw CommandError.usage("the output '\(output)' is neither .npy nor .npz; name it so")
        }
        let files = try codec.locate()
        let configuration = try files.configuration()
        let codebookCount = try configuration.codebookCount(forBandwidth: bandwidth)
        if format == .npy, configuration.needsChunkTable {
            throw CommandError.usage(
                "codes of codec '\(codec.specification)' come in chunks, which '\(output)' cannot hold; name it .npz")
        }
        let reader = try AudioReader(
            path: input, sampleRate: configuration.samplingRate,
            channels: configuration.audioChannels == 1 ? .mono : .stereo)
        try OutputPath.check(output, isNot: input)
        let encoded = try encode(reader, with: files.load())
        try Interruption.check()
        try CodeFile.write(encoded.audio, to: output, format: format)
        try report(encoded.audio, files: files, codebookCount: codebookCount, elapsedSeconds: encoded.seconds)
    }

    private func encode(
        _ reader: AudioReader, with model: EncodecModel
    ) throws -> (audio: EncodedAudio, seconds: Double) {
        let rate = Double(model.configuration.samplingRate)
        let total = reader.info.declaredFrameCount.map {
            Double($0 + reader.info.startOffsetFrameCount) / Double(reader.info.sampleRate)
        }
        let progress = ProgressBar("encode", totalSeconds: total, isQuiet: options.quiet)
        let encoded = try model.encode(
            from: { buffer in
                try Interruption.check()
                return try reader.read(into: buffer)
            }, bandwidthKbps: bandwidth, threadCount: options.threads
        ) { progress.update(Double($0) / rate) }
        return (encoded, progress.elapsedSeconds)
    }

    private func report(
        _ encoded: EncodedAudio, files: CodecFiles, codebookCount: Int, elapsedSeconds: Double
    ) throws {
        let configuration = try files.configuration()
        let seconds = Double(encoded.sampleCount) / Double(configuration.samplingRate)
        guard !options.json else {
            return try StandardStreams.json(
                CodingReport(
                    bandwidthKbps: bandwidth, channels: configuration.audioChannels, chunks: encoded.chunks.count,
                    codebooks: codebookCount, codec: files.specification, frames: encoded.frameCount, input: input,
                    output: output, samples: encoded.sampleCount, samplingRate: configuration.samplingRate,
                    weightsSha256: files.weightsDigest()))
        }
        guard !options.quiet else { return }
        let rate = Text.fixed(seconds / elapsedSeconds, 1)
        try StandardStreams.output(
            "\(output): \(codebookCount) codebooks x \(encoded.frameCount) frames for \(encoded.sampleCount) samples "
                + "(\(Text.fixed(seconds, 2)) s) at \(Text.plain(bandwidth)) kbps, \(rate)x real time\n")
    }
}
