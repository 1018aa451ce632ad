public import FeaturePipeline
import NeuralNetwork
import NumericCore

/// Trains a model on a data set and judges it by the part it has not seen.
///
/// Every loss is divided by that of the constant predictor over the training part, so that modalities of any scale can
/// be added: 1 is as bad as a constant. The same data, configuration, settings and number of BLAS threads give the same
/// bytes on one machine, whether a run is interrupted and resumed or not.
public struct Trainer: Sendable {
    /// What it learns from.
    public let dataset: Dataset
    /// The model.
    public let model: MultimodalAutoencoder
    /// How it is trained.
    public let settings: TrainerSettings
    let meter: LossMeter
    let schedule: WarmupCosineSchedule
    let stepsPerEpoch: Int

    /// Prepares a training and checks all features once.
    ///
    /// - Parameters:
    ///   - dataset: At least two TRs to train on.
    ///   - configuration: A model with audio that reads and predicts the data set's features.
    ///   - settings: How to train.
    /// - Throws: ``TrainingError``.
    public init(
        _ dataset: Dataset, configuration: AutoencoderConfiguration, settings: TrainerSettings = TrainerSettings()
    ) throws(TrainingError) {
        try settings.check()
        try TrainingError.wrap(
            { () throws(ModelConfigurationError) in try configuration.check() }, TrainingError.configuration)
        try Self.check(dataset, configuration)
        self.dataset = dataset
        self.settings = settings
        model = MultimodalAutoencoder(configuration)
        meter = try LossMeter(dataset, configuration, settings)
        let batches = try Self.batches(dataset, settings, epoch: 0)
        stepsPerEpoch = batches.count
        schedule = WarmupCosineSchedule(
            rate: settings.learningRate, start: min(1e-5, settings.learningRate),
            minimum: min(1e-6, settings.learningRate), warmupSteps: settings.warmupEpochs * batches.count,
            totalSteps: settings.epochs * batches.count)
    }

    private static func check(_ dataset: Dataset, _ configuration: AutoencoderConfiguration) throws(TrainingError) {
        let count = dataset.rows(of: .training).count
        guard count >= 2 else {
            throw .features(problem: "\(count) TR is not enough to train on; give a longer recording.")
        }
        let (encoder, decoder) = (configuration.encoder, configuration.decoder)
        guard decoder.audio != nil, decoder.audio == encoder.audio?.format else {
            throw .configuration(.mismatch(first: "no audio", second: "is trained on it"))
        }
        let video = decoder.videoCount.map { min($0, dataset.video?.shape[1] ?? $0) }
        for (name, wanted, found) in [
            ("video", decoder.videoCount, video), ("text", decoder.textCount, dataset.text?.shape[1]),
            ("voxels", encoder.voxelCount, dataset.fmri?.shape[1]),
        ] {
            guard let wanted, let found, wanted != found else { continue }
            throw .features(
                problem:
                    "The model predicts \(wanted) numbers of \(name) but the data has \(found); give the data it was"
                    + " made for.")
        }
        let all = MultimodalInput(dataset.batch(Array(0..<dataset.report.trCount)))
        try TrainingError.wrap({ () throws(ModelInputError) in try all.check(encoder) }, TrainingError.input)
    }

    static func batches(
        _ dataset: Dataset, _ settings: TrainerSettings, epoch: Int
    ) throws(TrainingError) -> TrainingBatches {
        // Batch normalisation needs two samples.
        let dropsLast = dataset.rows(of: .training).count % settings.batchSize == 1
        return try TrainingError.wrap(
            { () throws(FeatureError) in
                try dataset.batches(
                    size: settings.batchSize, seed: settings.seed, epoch: epoch, dropsShortLast: dropsLast)
            }, TrainingError.dataset)
    }

    /// A model before its first step.
    ///
    /// The last layer for mel features begins at the training part's mean of each bin: from 0 it would spend its first
    /// hundreds of steps on the way to -40 dB.
    ///
    /// - Returns: First values by the settings' seed, and an optimiser that has seen nothing.
    /// - Throws: ``TrainingError``.
    public func start() throws(TrainingError) -> TrainingCheckpoint {
        var generator = Xoshiro256(seed: Self.mix(settings.seed, 0))
        var state = ModelState(model.layout, using: &generator)
        if case .mel(let mel) = dataset.audio { centre(&state, on: mel) }
        return TrainingCheckpoint(
            notes: TrainingCheckpoint.Notes(
                configuration: model.configuration, settings: settings, dataDigest: dataset.digest,
                trainingPercent: dataset.split.trainingPercent, gapCount: dataset.split.guardTRCount),
            state: state,
            optimizer: AdamOptimizer(model.layout, settings: settings.optimizer))
    }

    private func centre(_ state: inout ModelState, on mel: Tensor<Float>) {
        let (rows, bins, frames) = (dataset.rows(of: .training), mel.shape[1], mel.shape[2])
        let means = (0..<bins).map { bin in
            let sum = rows.reduce(0.0) { sum, row in
                let start = (row * bins + bin) * frames
                return mel.elements[start..<start + frames].reduce(sum) { $0 + Double($1) }
            }
            return Float(sum / Double(rows.count * frames))
        }
        state.set("decoder.audio_temporal_adjust.bias", to: Tensor(means, shape: [bins]))
    }

    /// A seed for one step of a run.
    static func mix(_ seed: UInt64, _ step: Int) -> UInt64 {
        var first = SplitMix64(seed: seed)
        var second = SplitMix64(seed: first.next() ^ UInt64(step))
        return second.next()
    }
}

extension MultimodalInput {
    /// The features of a batch.
    init(_ batch: TrainingBatch) {
        let audio: AudioInput =
            switch batch.audio {
            case .codes(let codes): .codes(codes)
            case .mel(let mel): .mel(mel)
            }
        self.init(video: batch.video, audio: audio, text: batch.text)
    }
}
