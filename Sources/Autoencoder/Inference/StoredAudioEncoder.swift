public import NeuralNetwork
public import NumericCore

/// An audio encoder with its numbers, from a checkpoint: features in, vectors out, without dropout and with stored
/// statistics.
public struct StoredAudioEncoder: Sendable {
    /// TRs at work at a time; the result does not depend on it.
    private static let batchSize = 64

    /// Sizes and choices.
    public let configuration: AudioEncoderConfiguration
    /// Its numbers.
    public let state: ModelState
    private let encoder: AudioEncoder

    /// Reads the encoder of a training checkpoint, or a state_dict whose tensors tell its sizes.
    ///
    /// - Parameters:
    ///   - archive: Names may start with `encoder.audio_encoder.` or `audio_encoder.`; other parts are passed over.
    ///   - input: Features it is to read; their extents are those that no tensor tells (frames).
    ///   - reshape: How a state_dict of the convolution design orders axes, which no tensor tells; nil takes `permute`. A
    ///     training checkpoint says it itself.
    /// - Throws: ``TrainingError`` when tensors are missing, unknown or of other shapes, or the features do not fit.
    public init(
        _ archive: TensorArchive, for input: AudioInput, reshape: AudioEncoderConfiguration.Reshape? = nil
    ) throws(TrainingError) {
        let shapes = try PartShapes(
            archive, "audio encoder", prefixes: ["encoder.audio_encoder.", "audio_encoder.", ""],
            markers: ["temporal_conv_k3.weight", "fc1.weight"])
        let configuration: AudioEncoderConfiguration
        if let notes = try TrainingCheckpoint.notesIfPresent(archive) {
            guard let own = notes.configuration.encoder.audio else {
                throw .badNotes(path: archive.path, problem: "they describe no audio encoder")
            }
            guard reshape == nil || reshape == own.reshape else {
                throw .setting(
                    name: "order of axes", value: "said twice", remedy: "leave it out, the checkpoint says it")
            }
            configuration = own
        } else {
            configuration = try AudioEncoderConfiguration(shapes, input: input, reshape: reshape ?? .permute)
        }
        try TrainingError.wrap(
            { () throws(ModelConfigurationError) in try configuration.check() }, TrainingError.configuration)
        try TrainingError.wrap(
            { () throws(ModelInputError) in try input.check(configuration.format) }, TrainingError.input)
        var layout = ParameterLayout()
        encoder = AudioEncoder(configuration, prefix: shapes.prefix, in: &layout)
        let complete = layout
        state = try TrainingError.wrap(
            { () throws(ModelStateError) in try ModelState(archive, layout: complete, part: shapes.prefix) },
            TrainingError.state)
        self.configuration = configuration
    }

    /// Encodes features.
    ///
    /// - Parameter input: What the encoder was read for, or others of the same extents.
    /// - Returns: Shape (TRs, output width).
    /// - Throws: ``TrainingError/input(_:)`` for features that do not fit.
    public func run(_ input: AudioInput) throws(TrainingError) -> Tensor<Float> {
        try TrainingError.wrap(
            { () throws(ModelInputError) in try input.check(configuration.format) }, TrainingError.input)
        var result: [Float] = []
        for start in stride(from: 0, to: input.batchCount, by: Self.batchSize) {
            var pass = ForwardPass.evaluation
            let rows = input.rows(start..<min(start + Self.batchSize, input.batchCount))
            result += encoder.forward(rows, state, &pass).output.elements
        }
        return Tensor(result, shape: [input.batchCount, configuration.outputWidth])
    }
}

extension AudioInput {
    func rows(_ rows: Range<Int>) -> AudioInput {
        switch self {
        case .codes(let codes): .codes(codes.rows(rows))
        case .mel(let mel): .mel(mel.rows(rows))
        }
    }

    /// Extents of one sample; nil unless there are three.
    fileprivate var sample: (rows: Int, frames: Int)? {
        let shape =
            switch self {
            case .codes(let codes): codes.shape
            case .mel(let mel): mel.shape
            }
        return shape.count == 3 ? (shape[1], shape[2]) : nil
    }
}

extension AudioEncoderConfiguration {
    /// Codes of a linear encoder have no table that tells their number.
    private static let linearVocabularySize = 1024

    /// What the tensors say, completed by the extents of the input.
    init(_ shapes: PartShapes, input: AudioInput, reshape: Reshape) throws(TrainingError) {
        let sample = input.sample ?? (rows: 1, frames: 1)
        guard shapes.contains("temporal_conv_k3.weight") else {
            let hidden = try shapes.shape("fc1.weight", rank: 2)
            try self.init(linear: hidden, input: input, sample: sample, path: shapes.archive.path)
            (hiddenWidth, outputWidth) = (hidden[0], try shapes.shape("fc2.weight", rank: 2)[0])
            return
        }
        let kernel = try shapes.shape("temporal_conv_k3.weight", rank: 3)
        let channels = kernel[1]
        let isShared = shapes.contains("code_embedding.weight")
        let tableCount = shapes.count("embeddings", ".weight")
        guard isShared || tableCount > 0 else {
            self.init(format: .mel(binCount: channels, frameCount: sample.frames))
            try finish(shapes, scaleWidth: kernel[0])
            return
        }
        let table = try shapes.shape(isShared ? "code_embedding.weight" : "embeddings.0.weight", rank: 2)
        let codebooks = isShared ? max(1, channels / table[1]) : tableCount
        self.init(
            format: .codes(codebookCount: codebooks, frameCount: sample.frames, vocabularySize: table[0]))
        (tables, embeddingWidth, self.reshape) = (isShared ? .shared : .perCodebook, table[1], reshape)
        try finish(shapes, scaleWidth: kernel[0])
    }

    private mutating func finish(_ shapes: PartShapes, scaleWidth: Int) throws(TrainingError) {
        self.scaleWidth = scaleWidth
        hiddenWidth = try shapes.shape("fc.0.weight", rank: 2)[0]
        outputWidth = try shapes.shape("fc.4.weight", rank: 2)[0]
    }

    /// The first layer says how many numbers a sample has, the input what they are.
    private init(
        linear hidden: [Int], input: AudioInput, sample: (rows: Int, frames: Int), path: String
    ) throws(TrainingError) {
        let (count, overflows) = sample.rows.multipliedReportingOverflow(by: sample.frames)
        guard !overflows, count == hidden[1] else {
            throw .features(
                problem: "'\(path)' holds an encoder of \(hidden[1]) numbers a TR but the features have"
                    + " \(sample.rows) x \(sample.frames); give those it was trained on.")
        }
        switch input {
        case .codes:
            self.init(
                format: .codes(
                    codebookCount: sample.rows, frameCount: sample.frames,
                    vocabularySize: Self.linearVocabularySize), design: .linear)
        case .mel: self.init(format: .mel(binCount: sample.rows, frameCount: sample.frames), design: .linear)
        }
    }
}
