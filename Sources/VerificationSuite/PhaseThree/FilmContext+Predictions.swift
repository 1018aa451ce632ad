internal import Autoencoder
internal import FeaturePipeline
internal import NumericCore

extension FilmContext {
    /// The film's codes as a model predicts them, decoded.
    func predictedCodes(_ head: TrainedHead, as version: FilmVersion) throws -> StoredSound {
        let form: TrainedForm = head == .classification ? .classification : .regression
        guard case .codes(let predicted) = try trained(form).predict(features(for: form)) else {
            throw NotMeasurable("the model predicted no codes")
        }
        let grid = TRGrid(.exact, clock)
        let counts = grid.split(try codes(bandwidthKbps), trCount: trCount).frameCounts
        return try decode(grid.join(predicted, frameCounts: counts), as: version)
    }

    /// The film's mel features as a model predicts them, inverted by Griffin-Lim.
    func predictedMel(as version: FilmVersion) throws -> StoredSound {
        guard case .mel(let predicted) = try trained(.mel).predict(features(for: .mel)) else {
            throw NotMeasurable("the model predicted no mel features")
        }
        // Features lie between -80 dB and the film's maximum; a model may leave that range and must not be louder for it.
        let bounded = Tensor(predicted.elements.map { min(max($0, -80), 0) }, shape: predicted.shape)
        let made = try coarseMel()
        let input = try FeatureInput(
            NumericArray(bounded, origin: "predicted mel features"), layout: .init(made.manifest),
            framesPerTR: made.manifest.framesPerTR ?? 1)
        let recorder = try recorder(version, rate: GriffinLimPath.sampleRate)
        try coarseMelProcessor().audio(from: input, seed: request.seed, threadCount: request.threadCount) {
            try recorder.write(Array($0))
        }
        return try recorder.finish()
    }
}

extension FilmVersion {
    /// The model that makes this version; nil for one that needs none.
    var trainedForm: TrainedForm? {
        switch self {
        case .predicted(.classification): .classification
        case .predicted(.regression): .regression
        case .griffinLim(.bottleneck): .mel
        default: nil
        }
    }
}

extension TrainedRun {
    /// What a listener of its predictions must know.
    var origin: String {
        let bands = form == .mel ? "\(trainer.dataset.audio.shape[1]) bands in place of 2048; " : ""
        return
            "\(bands)a small model after \(epochs.count) epochs, which saw most of what it predicts here: \(split.text)"
    }
}
