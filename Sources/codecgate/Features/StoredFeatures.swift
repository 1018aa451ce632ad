import EnCodec
import FeaturePipeline
import NumericCore

/// An array, what it is, and a processor that turns it into sound.
struct StoredFeatures {
    /// What a user says about a file of features.
    struct Request {
        var input: String
        var metadata: String?
        var codec: String?
        var format: FeatureRecipe.Format?
        var grid: FeaturesCommand.Grid?
        var tr = "1.5"
    }

    let manifest: FeatureManifest?
    /// What the contents and the manifest say.
    let detection: FormatDetection
    let processor: AudioProcessor
    let input: FeatureInput

    /// Reads what a command names.
    init(_ command: ReconstructCommand) throws {
        try self.init(
            Request(
                input: command.input, metadata: command.metadata, codec: command.codec,
                format: command.format.flatMap { FeatureRecipe.Format(rawValue: $0.rawValue) }, grid: command.grid,
                tr: command.tr))
    }

    /// Reads a file.
    init(_ command: Request) throws {
        let file = try Self.file(command.input)
        // Array and manifest must belong together even where the manifest leaves the format open.
        try file.sidecar?.verify(file.array)
        try file.sidecar?.requireFeatures(path: file.label)
        detection = file.detect(repetitionTime: RepetitionTime(command.tr))
        if let manifest = file.manifest {
            guard command.format == nil, command.grid == nil else {
                throw CommandError.usage(
                    "'\(command.input)' has a manifest; leave --format and --grid out, or take the manifest away")
            }
            self.manifest = manifest
            let specification = manifest.recipe.codec.map { command.codec ?? $0.identifier }
            let codec = try specification.map { try AudioProcessor.Codec(CodecFiles.locate($0)) }
            try codec?.check(manifest, path: command.input)
            processor = try AudioProcessor(AudioProcessor.Configuration(manifest), codec: codec)
            var layout = FeatureInput.Layout(manifest)
            try Self.use(command.metadata, in: &layout)
            input = try Self.input(
                file.array, layout: layout, processor: processor, framesPerTR: manifest.framesPerTR ?? 1)
            return
        }
        manifest = nil
        (processor, input) = try Self.undescribed(file, command)
    }

    private static func file(_ path: String) throws -> FeatureFile {
        let files = try FeatureFile.read(path: path)
        guard let file = files.first, files.count == 1 else {
            throw CommandError.usage(
                "'\(path)' holds \(files.count) arrays; name one: \(files.map(\.label).joined(separator: ", "))")
        }
        return file
    }

    /// What the user says the array holds, or what its contents say beyond doubt.
    private static func format(of file: FeatureFile, _ command: Request) throws(CommandError)
        -> FeatureRecipe.Format
    {
        let found = file.detect(repetitionTime: RepetitionTime(command.tr))
        let name = command.format?.rawValue ?? found.format.id
        if let format = FeatureRecipe.Format(rawValue: name) { return format }
        throw .usage(
            "'\(command.input)' has no manifest and its contents leave it open what it holds (\(found.format)); give "
                + "--format (encodec, encodec-flat, encodec-predictions, mel or mel-2d)")
    }

    /// Rows of a table replace the frame counts.
    private static func use(_ metadata: String?, in layout: inout FeatureInput.Layout) throws {
        guard let metadata else { return }
        layout.frameCounts = try MetadataTable.read(path: metadata).map(\.frameCount)
        if layout.grid != .seed112 { layout.behaviour = .correct }
    }

    private static func undescribed(
        _ file: FeatureFile, _ command: Request
    ) throws -> (AudioProcessor, FeatureInput) {
        let (array, format) = (file.array, try format(of: file, command))
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
        _ array: NumericArray, format: FeatureRecipe.Format, clock: FrameClock, _ command: Request
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
