internal import Autoencoder
internal import FeaturePipeline
internal import NeuralNetwork
internal import NumericCore

/// A model that this run trained on the film's features, with everything that findings tell about it.
///
/// Scores are the last epoch's: the best epoch is chosen by the held-out part and must not be judged by it.
struct TrainedRun {
    let form: TrainedForm
    let trainer: Trainer
    let split: TrialSplit
    /// One row an epoch.
    let epochs: [TrainingEpoch]
    /// After the last epoch.
    let last: ModelState
    /// By the last epoch's model.
    let scores: [Dataset.Part: PartScore]
    /// Folder of the checkpoints.
    let folder: String

    /// Codes or mel features that the last model makes of others, TR by TR.
    func predict(_ audio: AudioFeatures) -> AudioFeatures {
        let count = audio.shape[0]
        let vocabulary = trainer.model.configuration.decoder.audio.flatMap(\.vocabularySize) ?? 0
        var (codes, mel): ([Int32], [Float]) = ([], [])
        for start in stride(from: 0, to: count, by: 16) {
            let input = MultimodalInput(audio: audio.input(start..<min(start + 16, count)))
            var pass = ForwardPass.evaluation
            guard let found = trainer.model.forward(input, last, &pass).output.decoded.audio else { continue }
            if let predicted = found.codes(vocabularySize: vocabulary) {
                codes += predicted.elements
            } else {
                mel += found.values.elements
            }
        }
        switch audio {
        case .codes: return .codes(Tensor(codes, shape: audio.shape))
        case .mel: return .mel(Tensor(mel, shape: audio.shape))
        }
    }
}

extension AudioFormat {
    /// Values of a code; nil for mel features.
    var vocabularySize: Int? {
        switch self {
        case .codes(_, _, let vocabulary): vocabulary
        case .mel: nil
        }
    }
}

extension AudioFeatures {
    /// Some TRs as a model takes them.
    func input(_ rows: Range<Int>) -> AudioInput {
        switch self {
        case .codes(let codes): .codes(codes.rows(rows))
        case .mel(let mel): .mel(mel.rows(rows))
        }
    }

    /// The first TRs as an array.
    func array(first count: Int, origin: String) -> NumericArray {
        switch self {
        case .codes(let codes): NumericArray(codes.rows(0..<count), origin: origin)
        case .mel(let mel): NumericArray(mel.rows(0..<count), origin: origin)
        }
    }
}

extension Tensor {
    /// Some entries of the first axis.
    func rows(_ range: Range<Int>) -> Tensor {
        let size = shape.dropFirst().reduce(1, *)
        return Tensor(
            Array(elements[range.lowerBound * size..<range.upperBound * size]),
            shape: [range.count] + shape.dropFirst())
    }
}
