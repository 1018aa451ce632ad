internal import Autoencoder
internal import FeaturePipeline
internal import NumericCore

extension FilmContext {
    /// The synthetic scan's trial, run once.
    func syntheticBrain(_ scan: SyntheticScan) throws -> BrainTrial.Outcome {
        if let known = brainRuns[scan.answeringCount] { return try known.get() }
        let result = Result { () throws -> BrainTrial.Outcome in
            let features = SyntheticStimulus(seed: request.seed).features()
            var scan = scan
            scan.seed = request.seed &+ 1
            return try BrainTrial(
                film: self, features: features,
                scan: scan.make(from: features, repetitionTime: request.repetitionTime), name: "synthetic"
            ).run()
        }
        brainRuns[scan.answeringCount] = result
        return try result.get()
    }

    /// The user's scan from the film's own mel features, as far as both go.
    func recordedBrain(_ given: GivenScan) throws -> BrainTrial.Outcome {
        guard case .mel(let mel) = try features(for: .mel) else { throw NotMeasurable("the mel path made codes") }
        let count = min(mel.shape[0], given.series.shape[0])
        return try BrainTrial(
            film: self, features: mel.rows(0..<count), scan: given.series.rows(0..<count), name: "recorded"
        ).run()
    }
}
