import FeaturePipeline
import NumericCore

/// What a model is to predict for each TR of a data set.
struct TrainingTargets: Sendable {
    /// (TRs, ...) of every modality that is regressed.
    let values: [TrainedModality: Tensor<Float>]
    /// (TRs, codebooks, frames) when audio is codes.
    let codes: Tensor<Int32>?
    /// Whether audio is judged by classes.
    let hasClasses: Bool

    /// Takes the targets of the modalities that both the model and the data set have.
    ///
    /// - Throws: `TrainingError.features` for video outside 0 ... 1, which the model's last layer cannot give.
    init(_ dataset: Dataset, _ configuration: AutoencoderConfiguration) throws(TrainingError) {
        let decoder = configuration.decoder
        var values: [TrainedModality: Tensor<Float>] = [:]
        if let count = decoder.videoCount, let video = dataset.video {
            let frame = video.firstColumns(count)
            if let value = frame.elements.first(where: { !(0...1).contains($0) }) {
                throw .features(problem: "The video holds \(value); scale its numbers to 0 ... 1 before training.")
            }
            values[.video] = frame
        }
        if decoder.textCount != nil { values[.text] = dataset.text }
        if configuration.encoder.voxelCount != nil { values[.voxels] = dataset.fmri }
        switch decoder.audioHead {
        case .classification, .factorizedClassification: hasClasses = true
        case .regression, .mel: hasClasses = false
        }
        switch dataset.audio {
        case .codes(let codes):
            self.codes = codes
            if !hasClasses { values[.audio] = Tensor(codes.elements.map { Float($0) }, shape: codes.shape) }
        case .mel(let mel):
            codes = nil
            values[.audio] = mel
        }
        self.values = values
    }
}

extension Tensor {
    /// Some of the first columns of (rows, columns).
    fileprivate func firstColumns(_ count: Int) -> Tensor {
        let width = shape[1]
        guard count < width else { return self }
        return Tensor(
            (0..<shape[0]).flatMap { elements[$0 * width..<$0 * width + count] }, shape: [shape[0], count])
    }

    /// Chosen rows, in order.
    func rows(_ rows: some Sequence<Int>) -> Tensor {
        let size = shape.dropFirst().reduce(1, *)
        var result: [Element] = []
        var count = 0
        for row in rows {
            result.append(contentsOf: elements[row * size..<(row + 1) * size])
            count += 1
        }
        return Tensor(result, shape: [count] + shape.dropFirst())
    }
}
