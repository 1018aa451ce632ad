public import NeuralNetwork
public import NumericCore

/// A decoder with its numbers, from a checkpoint: bottlenecks in, modalities out, without dropout and with stored
/// statistics.
public struct StoredDecoder: Sendable {
    /// TRs at work at a time; the result does not depend on it.
    private static let batchSize = 64

    /// What the tensors of a state_dict leave open; nil where it should be the default.
    public struct Choices: Sendable, Equatable {
        /// Whether codes are numbers or logits; regression unless told, and logits by tables are recognised.
        public var head: TrainedHead?
        /// Codebooks of the audio; 8 unless told.
        public var codebookCount: Int?
        /// Frames of a TR of mel features; 65 unless told.
        public var melFrameCount: Int?
        /// Mel frames that the upsampling does not reach; `repeatLast` unless told, `zero` in the Python system.
        public var tail: AudioHead.MelTail?

        /// The defaults.
        public init() {}
    }

    /// Sizes and choices.
    public let configuration: DecoderConfiguration
    /// Its numbers.
    public let state: ModelState
    private let decoder: MultimodalDecoder

    /// Reads the decoder of a training checkpoint, or a state_dict whose tensors tell its sizes.
    ///
    /// - Parameters:
    ///   - archive: Names may start with `decoder.`; other parts are passed over.
    ///   - choices: What tensors cannot tell; a training checkpoint says everything itself, so nothing may be said then.
    /// - Throws: ``TrainingError`` when tensors are missing, unknown or of other shapes.
    public init(_ archive: TensorArchive, _ choices: Choices = Choices()) throws(TrainingError) {
        let shapes = try PartShapes(archive, "decoder", prefixes: ["decoder.", ""], markers: ["layer8.0.weight"])
        let configuration: DecoderConfiguration
        if let notes = try TrainingCheckpoint.notesIfPresent(archive) {
            guard choices == Choices() else {
                throw .setting(
                    name: "form of the decoder", value: "said twice", remedy: "leave it out, the checkpoint says it")
            }
            configuration = notes.configuration.decoder
        } else {
            configuration = try DecoderConfiguration(shapes, choices)
        }
        try TrainingError.wrap(
            { () throws(ModelConfigurationError) in try configuration.check() }, TrainingError.configuration)
        var layout = ParameterLayout()
        decoder = MultimodalDecoder(configuration, prefix: shapes.prefix, in: &layout)
        let complete = layout
        state = try TrainingError.wrap(
            { () throws(ModelStateError) in try ModelState(archive, layout: complete, part: shapes.prefix) },
            TrainingError.state)
        self.configuration = configuration
    }

    /// Decodes bottlenecks.
    ///
    /// - Parameter bottleneck: Shape (TRs, bottleneck width), at least one, all finite.
    /// - Returns: Every modality the decoder has, TRs first.
    /// - Throws: ``TrainingError/features(problem:)`` for another shape, ``TrainingError/input(_:)`` for values that are
    ///   not finite.
    public func run(_ bottleneck: Tensor<Float>) throws(TrainingError) -> MultimodalDecoder.Output {
        guard bottleneck.rank == 2, bottleneck.shape[0] > 0, bottleneck.shape[1] == configuration.bottleneckWidth else {
            throw .features(
                problem: "The decoder reads bottlenecks of the shape (TRs, \(configuration.bottleneckWidth)) but got"
                    + " \(bottleneck.shape); give those of the encoder it was trained with.")
        }
        try TrainingError.wrap(
            { () throws(ModelInputError) in try ModelInputError.requireFinite(bottleneck.elements, of: "bottlenecks") },
            TrainingError.input)
        let count = bottleneck.shape[0]
        let outputs = stride(from: 0, to: count, by: Self.batchSize).map { start in
            var pass = ForwardPass.evaluation
            return decoder.forward(bottleneck.rows(start..<min(start + Self.batchSize, count)), state, &pass).output
        }
        return MultimodalDecoder.Output(
            video: Self.joined(outputs.compactMap(\.video)), audio: Self.joined(outputs.compactMap(\.audio)),
            text: Self.joined(outputs.compactMap(\.text)))
    }

    private static func joined(_ parts: [Tensor<Float>]) -> Tensor<Float>? {
        guard let first = parts.first else { return nil }
        guard parts.count > 1 else { return first }
        let count = parts.reduce(0) { $0 + $1.shape[0] }
        return Tensor(parts.flatMap(\.elements), shape: [count] + first.shape.dropFirst())
    }

    private static func joined(_ parts: [AudioPrediction]) -> AudioPrediction? {
        guard let first = parts.first, let values = joined(parts.map(\.values)) else { return nil }
        switch first {
        case .codes: return .codes(values)
        case .logits: return .logits(values)
        case .mel: return .mel(values)
        }
    }
}

extension DecoderConfiguration {
    /// Codes have this many values where no table tells it.
    private static let vocabularySize = 1024

    /// What the tensors say, completed by choices.
    init(_ shapes: PartShapes, _ choices: StoredDecoder.Choices) throws(TrainingError) {
        self.init()
        dropoutRate = 0
        var (widths, layer) = ([Int](), 8)
        while shapes.contains("layer\(layer).0.weight") {
            let shape = try shapes.shape("layer\(layer).0.weight", rank: 2)
            if layer == 8 { bottleneckWidth = shape[1] }
            widths.append(shape[0])
            layer += 1
        }
        trunkWidths = widths
        (videoCount, audio, textCount) = (nil, nil, nil)
        if shapes.contains("layer13_video.0.weight") {
            videoCount = try shapes.shape("layer13_video.0.weight", rank: 2)[0]
            videoWidths = try Self.branch("video", shapes)
        }
        if shapes.contains("layer13_text.weight") {
            textCount = try shapes.shape("layer13_text.weight", rank: 2)[0]
            textWidths = try Self.branch("text", shapes)
        }
        if shapes.contains("layer13_audio.weight") {
            audioWidths = try Self.branch("audio", shapes)
            let count = try shapes.shape("layer13_audio.weight", rank: 2)[0]
            (audio, audioHead) = try Self.audio(shapes, outputCount: count, choices)
        }
    }

    private static func branch(_ name: String, _ shapes: PartShapes) throws(TrainingError) -> [Int] {
        var widths: [Int] = []
        while shapes.contains("layer12_\(name).\(widths.count * 4).weight") {
            widths.append(try shapes.shape("layer12_\(name).\(widths.count * 4).weight", rank: 2)[0])
        }
        return widths
    }

    private static func audio(
        _ shapes: PartShapes, outputCount: Int, _ choices: StoredDecoder.Choices
    ) throws(TrainingError) -> (AudioFormat, AudioHead) {
        if shapes.contains("audio_temporal_upsample.0.weight") {
            guard choices.head != .classification, choices.codebookCount == nil else {
                throw contradiction(shapes, "mel features, which have no codebooks or classes")
            }
            let bins = try shapes.shape("audio_temporal_upsample.0.weight", rank: 3)[0]
            return (
                .mel(binCount: bins, frameCount: choices.melFrameCount ?? 65), .mel(tail: choices.tail ?? .repeatLast)
            )
        }
        guard choices.melFrameCount == nil, choices.tail == nil else {
            throw contradiction(shapes, "codes, whose frames its tensors tell")
        }
        let tableCount = shapes.count("code_heads", ".weight")
        if tableCount > 0 {
            let table = try shapes.shape("code_heads.0.weight", rank: 2)
            guard choices.head != .regression, (choices.codebookCount ?? tableCount) == tableCount else {
                throw contradiction(shapes, "logits of \(tableCount) codebooks")
            }
            let frames = try quotient(outputCount, by: table[1], "features of a frame", shapes)
            return (
                .codes(codebookCount: tableCount, frameCount: frames, vocabularySize: table[0]),
                .factorizedClassification(width: table[1])
            )
        }
        let isClassified = choices.head == .classification
        let codebooks = choices.codebookCount ?? 8
        let values =
            isClassified ? try quotient(outputCount, by: vocabularySize, "values of a code", shapes) : outputCount
        let frames = try quotient(values, by: codebooks, "codebooks", shapes)
        let format = AudioFormat.codes(
            codebookCount: codebooks, frameCount: frames, vocabularySize: vocabularySize)
        return (format, isClassified ? .classification : .regression)
    }

    private static func quotient(
        _ count: Int, by divisor: Int, _ what: String, _ shapes: PartShapes
    ) throws(TrainingError) -> Int {
        guard divisor > 0, count.isMultiple(of: divisor), count > 0 else {
            throw .features(
                problem: "'\(shapes.archive.path)': \(count) outputs of layer13_audio are no multiple of \(divisor)"
                    + " \(what); say what they are.")
        }
        return count / divisor
    }

    private static func contradiction(_ shapes: PartShapes, _ found: String) -> TrainingError {
        .features(problem: "'\(shapes.archive.path)' holds a decoder of \(found); leave out what says otherwise.")
    }
}
