/// How a model is trained; together with the model, the data and the machine these decide every byte of the result.
public struct TrainerSettings: Sendable, Equatable, Codable {
    /// What regression is judged by.
    public enum Regression: String, Sendable, Codable, CaseIterable {
        /// Squared differences.
        case meanSquared = "mse"
        /// Squares near 0 and magnitudes beyond 1: close to the absolute difference for codes.
        case smoothL1 = "smooth-l1"
    }

    /// Passes over the training part; the length of the learning rate's schedule.
    public var epochs = 30
    /// TRs of a batch, at least 2.
    public var batchSize = 16
    /// The full learning rate.
    public var learningRate = 1e-3
    /// AdamW's decay.
    public var weightDecay = 1e-5
    /// Epochs over which the rate rises.
    public var warmupEpochs = 1
    /// The bound of the gradients' global norm.
    public var clipNorm = 1.0
    /// How much each modality counts, 0 and above.
    public var weights = ModalityValues { _ in 1 }
    /// What regression is judged by.
    public var regression = Regression.meanSquared
    /// Epochs without improvement after which training ends.
    public var patience = 20
    /// Seed of first values, order and dropout.
    public var seed: UInt64 = 0

    /// The defaults.
    public init() {}

    /// Checks settings that came from outside.
    ///
    /// - Throws: ``TrainingError/setting(name:value:remedy:)``.
    public func check() throws(TrainingError) {
        try Self.require("number of epochs", epochs, 1...100_000)
        try Self.require("batch size", batchSize, 2...65_536)
        try Self.require("warm-up in epochs", warmupEpochs, 0...max(0, epochs - 1))
        try Self.require("patience in epochs", patience, 1...100_000)
        try Self.require("learning rate", learningRate, above: true)
        try Self.require("weight decay", weightDecay, above: false)
        try Self.require("bound of the gradient norm", clipNorm, above: true)
        for modality in TrainedModality.allCases {
            try Self.require("weight of \(modality.rawValue)", weights[modality] ?? 0, above: false)
        }
    }

    private static func require(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(TrainingError) {
        guard !range.contains(value) else { return }
        throw .setting(name: name, value: "\(value)", remedy: "give \(range.lowerBound) to \(range.upperBound)")
    }

    private static func require(_ name: String, _ value: Double, above: Bool) throws(TrainingError) {
        guard !(value.isFinite && (above ? value > 0 : value >= 0)) else { return }
        throw .setting(name: name, value: "\(value)", remedy: "give a number \(above ? "above 0" : "of at least 0")")
    }
}
