/// What training tells while it runs.
public enum TrainingEvent: Sendable {
    /// A step is done; all counts from 1.
    case step(epoch: Int, step: Int, stepsPerEpoch: Int)
    /// An epoch is done and stored.
    case epoch(TrainingEpoch)
}

/// One epoch's row of the log.
public struct TrainingEpoch: Sendable, Equatable {
    /// Which one, from 1.
    public let epoch: Int
    /// Steps done since the start of the run.
    public let step: Int
    /// The rate of its last step.
    public let learningRate: Double
    /// How long it took, validation included.
    public let seconds: Double
    /// Means over its training batches, in the unit of ``PartScore/losses``.
    public let training: ModalityValues
    /// The validation part after it.
    public let validation: PartScore
    /// The weighted validation loss.
    public let total: Double
    /// Whether this is the best model so far.
    public let isBest: Bool
}

/// How a training ended.
public struct TrainingOutcome: Sendable {
    /// Why it ended.
    public enum Ending: String, Sendable, Codable {
        /// All epochs are done.
        case finished
        /// No improvement for as long as the patience lasts.
        case patience
        /// The time is over.
        case time
        /// The observer asked for an end; an unfinished epoch is forgotten.
        case stopped
    }

    /// Why it ended.
    public let ending: Ending
    /// Rows of the epochs of this call; a resumed run's earlier ones are in the log.
    public let epochs: [TrainingEpoch]
    /// The last stored checkpoint's notes; nil when no epoch was finished.
    public let notes: TrainingCheckpoint.Notes?
}
