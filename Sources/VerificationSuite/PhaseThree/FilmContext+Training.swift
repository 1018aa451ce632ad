internal import Autoencoder
internal import FeaturePipeline
internal import Foundation
internal import NumericCore
internal import SignalProcessing

extension FilmContext {
    /// The model of a form, trained when it is first asked for.
    ///
    /// - Throws: ``NotMeasurable`` for a film that is silent or too short; what training throws.
    func trained(_ form: TrainedForm) throws -> TrainedRun {
        if let known = trainedRuns[form] { return try known.get() }
        try request.checkpoint()
        let result = Result { try train(form) }
        trainedRuns[form] = result
        return try result.get()
    }

    /// The film's features as a form takes them, all TRs.
    func features(for form: TrainedForm) throws -> AudioFeatures {
        switch form {
        case .classification, .regression:
            return .codes(TRGrid(.exact, clock).split(try codes(bandwidthKbps), trCount: trCount).codes)
        case .mel:
            guard case .decibels(let decibels) = try coarseMel().values else {
                throw NotMeasurable("the mel path made codes")
            }
            return .mel(decibels)
        }
    }

    /// A trainer of a form, its data cut and split.
    func trainer(_ form: TrainedForm, _ adjust: (inout TrainerSettings) -> Void = { _ in }) throws -> (
        trainer: Trainer, split: TrialSplit
    ) {
        try requireSound()
        let split = try TrialSplit(
            filmTRCount: trCount, repetitionTime: request.repetitionTime, request.training)
        let array = try features(for: form).array(first: split.trCount, origin: "\(form.title) of \(name)")
        let dataset = try Dataset(
            Dataset.Inputs(audio: array), repetitionTime: request.repetitionTime, split: split.split)
        var settings = request.training.trainer(form, trainingCount: split.trainingCount, seed: request.seed)
        adjust(&settings)
        let trainer = try Trainer(
            dataset, configuration: .trained(on: dataset.dimensions, widths: .small, head: form.head),
            settings: settings)
        return (trainer, split)
    }

    private func train(_ form: TrainedForm) throws -> TrainedRun {
        let (trainer, split) = try trainer(form)
        let folder = try trainingFolder(form.rawValue)
        var clock = StepClock()
        let outcome = try run(trainer, in: folder) { clock.note($0) }
        let last = try TrainingCheckpoint.read(path: "\(folder)/\(Trainer.lastName)").state
        if let seconds = clock.median { timings["training.\(form.rawValue).step"] = seconds }
        return TrainedRun(
            form: form, trainer: trainer, split: split, epochs: outcome.epochs, last: last,
            scores: [
                .training: trainer.score(last, part: .training), .validation: trainer.score(last, part: .validation),
            ], folder: folder)
    }

    /// Runs a training that ends when the verification is interrupted.
    func run(
        _ trainer: Trainer, in folder: String, resumes: Bool = false, observe: (TrainingEvent) -> Void = { _ in },
        until isLast: (TrainingEvent) -> Bool = { _ in false }
    ) throws -> TrainingOutcome {
        var failure: (any Error)?
        let outcome = try trainer.run(in: folder, resumes: resumes) { event in
            observe(event)
            do { try request.checkpoint() } catch {
                failure = error
                return false
            }
            return !isLast(event)
        }
        if let failure { throw failure }
        return outcome
    }

    /// A path inside the scratch folder, empty at first.
    func trainingFolder(_ name: String) throws(FilmError) -> String {
        let url = request.scratch.appendingPathComponent("training-\(name)")
        do {
            if FileManager.default.fileExists(atPath: url.path) { try FileManager.default.removeItem(at: url) }
        } catch { throw .system(operation: "clear", path: url.path, reason: error.localizedDescription) }
        return url.path
    }

    /// The mel features of the trial: the mel path's with fewer bands.
    func coarseMel() throws -> TRFeatures {
        if let madeMel { return try madeMel.get() }
        let result = Result { () throws -> TRFeatures in
            let source = try sound(.atMelRate(.original)).makeSource()
            return try coarseMelProcessor().features(from: source)
        }
        madeMel = result
        return try result.get()
    }

    func coarseMelProcessor() throws -> AudioProcessor {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = false
        (settings.repetitionTime, settings.maximumTRCount) = (request.repetitionTime, trCount)
        settings.mel = try MelConfiguration(
            sampleRate: GriffinLimPath.sampleRate, layout: MelConfiguration.legacy.layout,
            melBinCount: request.training.melBinCount)
        return try AudioProcessor(settings)
    }
}

/// Seconds between the steps of an epoch; what an epoch's end costs is in none.
private struct StepClock {
    private var previous: ContinuousClock.Instant?
    private var seconds: [Double] = []

    mutating func note(_ event: TrainingEvent) {
        guard case .step = event else {
            previous = nil
            return
        }
        let now = ContinuousClock.now
        if let previous { seconds.append((now - previous) / .seconds(1)) }
        previous = now
    }

    var median: Double? { seconds.isEmpty ? nil : seconds.sorted()[seconds.count / 2] }
}
