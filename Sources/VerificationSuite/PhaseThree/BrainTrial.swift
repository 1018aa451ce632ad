internal import Autoencoder
internal import FeaturePipeline
internal import NeuralNetwork
internal import NumericCore

/// Predicts brain data from features with the model's voxel head, and says how well on held-out TRs.
///
/// The features get the haemodynamic response first, as the alignment step does: a voxel answers to what was heard
/// seconds before.
struct BrainTrial {
    /// What was found.
    struct Outcome {
        /// Each voxel's correlation over the held-out TRs, and what chance gives.
        let correlation: VoxelCorrelation
        let trainingCount: Int
        let gapCount: Int
        let heldOutCount: Int

        /// For notes.
        var text: String {
            "\(trainingCount) TRs trained, a gap of \(gapCount), \(heldOutCount) held out; chance: predictions shifted in time"
        }

        /// Share of some voxels that are significant at a false discovery rate of 5 % over all voxels.
        func significantShare(of voxels: Range<Int>) -> Double {
            Double(correlation.significant().count { voxels.contains($0) }) / Double(max(1, voxels.count))
        }

        /// Mean correlation of some voxels; nil where none of them has one.
        func mean(of voxels: Range<Int>) -> Double? {
            let values = voxels.compactMap { correlation.values[$0] }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
    }

    let film: FilmContext
    /// (TRs, bands, columns) in dB, before the response.
    let features: Tensor<Float>
    /// (TRs, voxels).
    let scan: Tensor<Float>
    /// Part of a folder's name.
    let name: String

    /// Epochs of the voxel head.
    static let epochs = 30

    func run() throws -> Outcome {
        let repetitionTime = film.request.repetitionTime
        // A voxel needs every TR that there is: its noise only goes away over many.
        var limits = film.request.training
        limits.mostTRCount = .max
        let split = try TrialSplit(filmTRCount: features.shape[0], repetitionTime: repetitionTime, limits)
        if let omission = split.omission { throw omission }
        let audio = NumericArray(try responding(features, repetitionTime), origin: "\(name) features")
        let dataset = try Dataset(
            Dataset.Inputs(audio: audio, fmri: scan), repetitionTime: repetitionTime, split: split.split)
        let trainer = try Trainer(
            dataset, configuration: .trained(on: dataset.dimensions, widths: .small, head: .regression),
            settings: settings)
        let folder = try film.trainingFolder("brain-\(name)")
        _ = try film.run(trainer, in: folder)
        let state = try TrainingCheckpoint.read(path: "\(folder)/\(Trainer.lastName)").state
        let rows = dataset.rows(of: .validation)
        let batch = dataset.batch(Array(rows))
        var pass = ForwardPass.evaluation
        let output = trainer.model.forward(MultimodalInput(audio: dataset.audio.input(rows)), state, &pass).output
        guard let predicted = output.encoded.voxels, let measured = batch.fmri else {
            throw NotMeasurable("the model predicted no voxels")
        }
        return Outcome(
            correlation: try VoxelCorrelation(predicted, measured), trainingCount: dataset.rows(of: .training).count,
            gapCount: split.split.guardTRCount, heldOutCount: rows.count)
    }

    private var settings: TrainerSettings {
        var result = film.request.training.trainer(.mel, trainingCount: 1, seed: film.request.seed)
        (result.epochs, result.batchSize, result.patience) = (Self.epochs, 16, Self.epochs)
        // The voxels are the task; the audio only keeps the bottleneck about the sound.
        result.weights[.audio] = 0.1
        return result
    }

    /// The features after the response, brought back between -80 and 0 dB.
    ///
    /// The response's negative part cannot take them out of these 80 dB when they are divided by the sum of the taps'
    /// magnitudes.
    private func responding(_ features: Tensor<Float>, _ repetitionTime: RepetitionTime) throws -> Tensor<Float> {
        let response = try HemodynamicResponse(.sampled, repetitionTime: repetitionTime)
        var result = features
        try TRConvolution(response).convolve(&result, threadCount: film.request.threadCount)
        let size = Float(response.taps.reduce(0) { $0 + $1.magnitude })
        return Tensor(result.elements.map { $0 / size }, shape: result.shape)
    }
}
