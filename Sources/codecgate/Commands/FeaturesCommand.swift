import ArgumentParser
import AudioIO
import EnCodec
import FeaturePipeline
import Glibc
import NumericCore

/// `codecgate features`.
struct FeaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Make features per TR: EnCodec codes or mel power.",
        discussion: """
            encodec: int32 (TRs, codebooks, frames). encodec-flat: (TRs, codebooks x frames). mel: float32 dB \
            (TRs, 2048, 65). mel-2d: its average over each TR. A manifest NAME.json is written beside NAME.npy.

            Example: codecgate features film.mp4 -o film.npy --format encodec --tr 1.5
            """)

    @Argument(help: ArgumentHelp("An audio or video file: the first audio stream.", valueName: "in"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The array: .npy.", valueName: "f.npy"))
    var output: String

    @Option(help: "encodec, encodec-flat, mel or mel-2d.")
    var format: Kind

    @Option(help: "Frames of codes: exact (default), or seed112 as the design document cuts them.")
    var grid: Grid?

    @Option(help: "Mel features: correct keeps level and length, compat loses them as the Python system does.")
    var behaviour = Behaviour.correct

    @Option(help: ArgumentHelp("Seconds between two volumes, such as 1.5 or 3/2.", valueName: "s"))
    var tr = "1.5"

    @Option(name: .customLong("max-trs"), help: ArgumentHelp("Keep the first TRs only.", valueName: "n"))
    var maximumTRCount: Int?

    @OptionGroup var codec: CodecOption

    @Option(help: ArgumentHelp("Bandwidth in kbps, one of the codec's.", valueName: "kbps"))
    var bandwidth = PipelineDefaults.bandwidthKbps

    @Option(help: ArgumentHelp("Write the table of TRs too.", valueName: "m.csv"))
    var metadata: String?

    @Option(
        help: ArgumentHelp(
            "Take the features from this folder when they are there, else put them there.", valueName: "dir"),
        completion: .directory)
    var cache: String?

    @Flag(help: "Make features anew that are in the cache, damaged or not.")
    var renewCache = false

    @OptionGroup var options: RunOptions

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case encodec, mel
        case encodecFlat = "encodec-flat"
        case mel2D = "mel-2d"
    }

    enum Grid: String, ExpressibleByArgument, CaseIterable {
        case exact, seed112
    }

    enum Behaviour: String, ExpressibleByArgument, CaseIterable {
        case correct, compat
    }

    func validate() throws {
        guard RepetitionTime(tr) != nil else {
            throw ValidationError("--tr is '\(tr)'; give 0.01 to 100 seconds such as 1.5, 2 or 13/5.")
        }
        if let maximumTRCount, maximumTRCount < 0 {
            throw ValidationError("--max-trs is \(maximumTRCount); give 0 or more.")
        }
        if grid != nil, !usesCodes { throw ValidationError("--grid is for codes; mel features have one grid only.") }
        if renewCache, cache == nil { throw ValidationError("--renew-cache needs --cache, the folder to renew.") }
        guard output.lowercased().hasSuffix(".npy") else {
            throw ValidationError("the output '\(output)' is not .npy; name it so.")
        }
    }

    func run() throws {
        let processor = try AudioProcessor(settings(), codec: usesCodes ? .init(codec.locate()) : nil)
        let reader = try AudioReader(path: input, sampleRate: processor.sampleRate, channels: .mono)
        try FeaturePaths.check(output: output, metadata: metadata, input: input)
        let total = reader.info.declaredFrameCount.map {
            Double($0 + reader.info.startOffsetFrameCount) / Double(reader.info.sampleRate)
        }
        let progress = ProgressBar("features", totalSeconds: total, isQuiet: options.quiet)
        var sampleCount = 0
        let made = try write(processor, reader) {
            try Interruption.check()
            sampleCount = $0
            progress.update(Double($0) / Double(processor.sampleRate))
        }
        let rate = Double(sampleCount) / Double(processor.sampleRate) / progress.elapsedSeconds
        try report(made.manifest, made.use, timesRealTime: rate)
    }

    private func write(
        _ processor: AudioProcessor, _ reader: AudioReader, progress: @escaping AudioProcessor.Progress
    ) throws -> (manifest: FeatureManifest, use: AudioProcessor.CacheUse?) {
        guard let cache else {
            let manifest = try processor.write(
                featuresOf: reader, path: input, to: output, metadataPath: metadata, threadCount: options.threads,
                progress: progress)
            return (manifest, nil)
        }
        let made = try processor.write(
            featuresOf: reader, path: input, to: output, metadataPath: metadata,
            cache: FeatureCache(folder: cache), renews: renewCache, threadCount: options.threads, progress: progress)
        return (made.manifest, made.use)
    }

    private var usesCodes: Bool { format == .encodec || format == .encodecFlat }

    private func settings() throws -> AudioProcessor.Configuration {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = usesCodes
        settings.isVectorPerTR = format == .encodecFlat || format == .mel2D
        settings.bandwidthKbps = bandwidth
        settings.repetitionTime = RepetitionTime(tr) ?? .standard
        settings.maximumTRCount = maximumTRCount
        settings.melBehaviour = behaviour == .compat ? .compat : .correct
        settings.codeGrid = (grid.map { $0 == .seed112 } ?? (behaviour == .compat)) ? .seed112 : .exact
        return settings
    }

    private func report(
        _ manifest: FeatureManifest, _ use: AudioProcessor.CacheUse?, timesRealTime: Double
    ) throws {
        guard !options.json else {
            return try StandardStreams.json(
                Report(
                    arraySha256: manifest.arraySHA256, behaviour: manifest.recipe.behaviour.rawValue,
                    cache: use.map(Report.Cache.init),
                    format: manifest.recipe.format.rawValue, grid: manifest.recipe.grid.rawValue, input: input,
                    manifest: FeatureManifest.sidecarPath(of: output), output: output, shape: manifest.shape,
                    trSeconds: manifest.recipe.repetitionTime.seconds, trs: manifest.trCount))
        }
        guard !options.quiet else { return }
        let shape = manifest.shape.map { "\($0)" }.joined(separator: " x ")
        let origin =
            switch use {
            case .found(let path): "taken from the cache '\(path)'"
            case .stored(let path): "\(Text.fixed(timesRealTime, 1))x real time, now in the cache as '\(path)'"
            case nil: "\(Text.fixed(timesRealTime, 1))x real time"
            }
        try StandardStreams.output(
            "\(output): \(manifest.trCount) TRs of \(manifest.recipe.repetitionTime), \(manifest.recipe.format.rawValue) "
                + "\(shape) (\(manifest.elementType.rawValue)), grid \(manifest.recipe.grid.rawValue), behaviour "
                + "\(manifest.recipe.behaviour.rawValue), \(origin)\n")
    }

    private struct Report: Encodable {
        struct Cache: Encodable {
            let path: String
            let use: String

            init(_ use: AudioProcessor.CacheUse) {
                switch use {
                case .found(let path): (self.path, self.use) = (path, "found")
                case .stored(let path): (self.path, self.use) = (path, "stored")
                }
            }
        }

        let arraySha256: String
        let behaviour: String
        let cache: Cache?
        let format: String
        let grid: String
        let input: String
        let manifest: String
        let output: String
        let shape: [Int]
        let trSeconds: Double
        let trs: Int
    }
}

/// Paths of features, checked before work starts.
enum FeaturePaths {
    /// - Throws: ``CommandError`` when an output is an input or another output, cannot be written, or would replace a
    ///   JSON file that is no manifest.
    static func check(output: String, metadata: String?, input: String) throws(CommandError) {
        let sidecar = FeatureManifest.sidecarPath(of: output)
        for path in [output, sidecar] + (metadata.map { [$0] } ?? []) { try OutputPath.check(path, isNot: input) }
        if let metadata, metadata == output || metadata == sidecar {
            throw .usage("the table '\(metadata)' and the features have the same name; choose another for one")
        }
        guard access(sidecar, F_OK) == 0 else { return }
        do throws(FeatureError) { _ = try ArrayManifest.read(path: sidecar) } catch {
            throw .unwritable(
                "'\(sidecar)' would be replaced but is no manifest of features; choose another output name")
        }
    }
}
