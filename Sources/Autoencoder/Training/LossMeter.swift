import FeaturePipeline
import NeuralNetwork
import NumericCore

/// Compares a model's output with a data set's targets, each modality in units of its constant predictor's loss.
struct LossMeter: Sendable {
    /// What one batch gives.
    struct Measurement {
        var losses = ModalityValues()
        var gradient = MultimodalDecoder.OutputGradient()
        var voxels: Tensor<Float>?
        /// Codes predicted exactly, by codebook.
        var matchCounts: [Int]?
    }

    private let targets: TrainingTargets
    private let weights: ModalityValues
    private let regression: RegressionLoss
    private let constants: [TrainedModality: ConstantPredictor]
    private let unigram: UnigramPredictor?
    private let vocabularySize: Int
    private var scales = ModalityValues()

    init(
        _ dataset: Dataset, _ configuration: AutoencoderConfiguration, _ settings: TrainerSettings
    ) throws(TrainingError) {
        targets = try TrainingTargets(dataset, configuration)
        weights = settings.weights
        regression = settings.regression.loss
        let rows = dataset.rows(of: .training)
        let loss = regression
        constants = targets.values.mapValues { ConstantPredictor($0, rows: rows, loss: loss) }
        let size: Int
        if case .codes(_, _, let vocabulary)? = configuration.decoder.audio { size = vocabulary } else { size = 0 }
        vocabularySize = size
        unigram = targets.codes.map { UnigramPredictor($0, rows: rows, vocabularySize: size) }
        let losses = rawConstantLosses(rows)
        scales = ModalityValues { losses[$0].map { $0 > 0 ? 1 / $0 : 1 } }
    }

    /// The constant predictors' losses over some TRs.
    func constantLosses(_ rows: Range<Int>) -> ModalityValues {
        let raw = rawConstantLosses(rows)
        return ModalityValues { modality in raw[modality].map { $0 * (scales[modality] ?? 1) } }
    }

    /// The shares that the most frequent codes have over some TRs.
    func unigramMatch(_ rows: Range<Int>) -> [Double]? {
        guard let codes = targets.codes else { return nil }
        return unigram?.exactMatch(codes, rows: rows)
    }

    private func rawConstantLosses(_ rows: Range<Int>) -> ModalityValues {
        ModalityValues { modality in
            if modality == .audio, targets.hasClasses, let codes = targets.codes {
                return unigram?.crossEntropy(codes, rows: rows)
            }
            guard let values = targets.values[modality] else { return nil }
            return constants[modality]?.loss(values, rows: rows)
        }
    }

    /// Measures the output for some TRs; gradients are of the weighted sum.
    func measure(_ output: MultimodalAutoencoder.Output, rows: [Int]) -> Measurement {
        var result = Measurement()
        result.gradient.video = regress(.video, output.decoded.video, rows, &result.losses)
        result.gradient.text = regress(.text, output.decoded.text, rows, &result.losses)
        result.voxels = regress(.voxels, output.encoded.voxels, rows, &result.losses)
        guard let audio = output.decoded.audio else { return result }
        let codes = targets.codes?.rows(rows)
        if case .logits(let logits) = audio, let codes {
            let loss = CodeCrossEntropy(logits, targets: codes)
            result.losses[.audio] = loss.value * (scales[.audio] ?? 1)
            result.gradient.audio = loss.gradient.scaled(by: factor(.audio))
            let frames = Double(rows.count * codes.shape[2])
            result.matchCounts = loss.exactMatchByCodebook.map { Int(($0 * frames).rounded()) }
            return result
        }
        result.gradient.audio = regress(.audio, audio.values, rows, &result.losses)
        if let codes, let predicted = audio.codes(vocabularySize: vocabularySize) {
            result.matchCounts = Self.matches(predicted, codes)
        }
        return result
    }

    private func factor(_ modality: TrainedModality) -> Float {
        Float((scales[modality] ?? 1) * (weights[modality] ?? 0))
    }

    private func regress(
        _ modality: TrainedModality, _ prediction: Tensor<Float>?, _ rows: [Int], _ losses: inout ModalityValues
    ) -> Tensor<Float>? {
        guard let prediction, let target = targets.values[modality] else { return nil }
        let loss = regression.measure(prediction, target.rows(rows))
        losses[modality] = loss.value * (scales[modality] ?? 1)
        return loss.gradient.scaled(by: factor(modality))
    }

    private static func matches(_ predicted: Tensor<Int32>, _ codes: Tensor<Int32>) -> [Int] {
        var counts = [Int](repeating: 0, count: codes.shape[1])
        for index in codes.elements.indices where predicted.elements[index] == codes.elements[index] {
            counts[index / codes.shape[2] % codes.shape[1]] += 1
        }
        return counts
    }
}

extension TrainerSettings.Regression {
    var loss: RegressionLoss {
        switch self {
        case .meanSquared: .meanSquared
        case .smoothL1: .smoothL1
        }
    }
}
