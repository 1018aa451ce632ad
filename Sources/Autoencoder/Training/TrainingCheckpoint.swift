internal import FoundationEssentials
public import NeuralNetwork
internal import NumericCore

/// A model in the middle or at the end of its training: everything that the next step depends on.
public struct TrainingCheckpoint: Sendable, Equatable {
    /// What stands in the file beside the numbers.
    public struct Notes: Sendable, Equatable, Codable {
        /// The model.
        public let configuration: AutoencoderConfiguration
        /// How it is trained.
        public let settings: TrainerSettings
        /// SHA-256 of the data set and its split.
        public let dataDigest: String
        /// Percent of the TRs that train.
        public let trainingPercent: Int
        /// TRs between the parts.
        public let gapCount: Int
        /// Epochs done.
        public internal(set) var epoch = 0
        /// Steps done.
        public internal(set) var step = 0
        /// Epochs done when the model was best; 0 before the first.
        public internal(set) var bestEpoch = 0
        /// The weighted validation loss at that time.
        public internal(set) var bestTotal: Double?
        /// How this model does on the validation part.
        public internal(set) var validation: PartScore?
    }

    private static let key = "codecgate.training"
    private static let modelPrefix = "model_state_dict."
    private static let optimizerPrefix = "optimizer."

    /// The notes.
    public internal(set) var notes: Notes
    /// The model's numbers.
    public internal(set) var state: ModelState
    /// The optimiser's memory.
    public internal(set) var optimizer: AdamOptimizer

    /// Writes one safetensors file; the same value gives the same bytes.
    ///
    /// - Parameter path: Where; an existing file is replaced only when the new one is complete.
    /// - Throws: ``TrainingError``.
    public func write(to path: String) throws(TrainingError) {
        var writer = SafetensorsWriter(metadata: [Self.key: try Self.text(notes, path: path)])
        state.add(to: &writer, prefix: Self.modelPrefix)
        optimizer.add(to: &writer, layout: state.layout, prefix: Self.optimizerPrefix)
        let file = writer
        try TrainingError.wrap({ () throws(ArrayFileError) in try file.write(to: path) }, TrainingError.file)
    }

    /// Reads what ``write(to:)`` wrote.
    ///
    /// - Parameter path: The file.
    /// - Returns: The checkpoint.
    /// - Throws: ``TrainingError`` when it is missing, damaged or of another program.
    public static func read(path: String) throws(TrainingError) -> TrainingCheckpoint {
        let archive = try TrainingError.wrap(
            { () throws(CheckpointError) in try TensorArchive.open(path: path) }, { .state(.checkpoint($0)) })
        let notes = try notes(archive)
        try TrainingError.wrap(
            { () throws(ModelConfigurationError) in try notes.configuration.check() }, TrainingError.configuration)
        try notes.settings.check()
        let layout = MultimodalAutoencoder(notes.configuration).layout
        return try TrainingError.wrap(
            { () throws(ModelStateError) in
                TrainingCheckpoint(
                    notes: notes, state: try ModelState(archive, layout: layout),
                    optimizer: try AdamOptimizer(
                        archive, layout: layout, settings: notes.settings.optimizer, prefix: optimizerPrefix))
            }, TrainingError.state)
    }

    private static func notes(_ archive: TensorArchive) throws(TrainingError) -> Notes {
        guard let notes = try notesIfPresent(archive) else {
            throw .badNotes(path: archive.path, problem: "it has no \"\(key)\"")
        }
        return notes
    }

    /// The notes of a training checkpoint; nil for a plain state_dict.
    static func notesIfPresent(_ archive: TensorArchive) throws(TrainingError) -> Notes? {
        guard let text = archive.metadata[key] else { return nil }
        do { return try JSONDecoder().decode(Notes.self, from: Data(text.utf8)) } catch {
            throw .badNotes(path: archive.path, problem: "\"\(key)\" cannot be read (\(error))")
        }
    }

    private static func text(_ notes: Notes, path: String) throws(TrainingError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return String(decoding: try encoder.encode(notes), as: UTF8.self) } catch {
            throw .badNotes(path: path, problem: "its notes cannot be written (\(error))")
        }
    }
}

extension TrainerSettings {
    var optimizer: AdamOptimizer.Settings {
        var result = AdamOptimizer.Settings()
        result.weightDecay = weightDecay
        return result
    }
}
