internal import Autoencoder
internal import FeaturePipeline

/// How the models of a verification are trained: small, for a fixed number of epochs, the same bytes on every run.
struct TrialSettings: Sendable {
    /// Steps of a training, rounded up to whole epochs.
    ///
    /// Each form has as many as bring it well below its constant on half a minute of film; classification makes
    /// 113 x 8 x 1024 logits a TR and gets the fewest.
    var steps: [TrainedForm: Int] = [.classification: 90, .regression: 180, .mel: 120]
    /// Epochs at least, however many steps one has.
    var leastEpochCount = 8
    /// Ten times the trainer's default for codes, three times for mel features, whose head follows at once: a trial has
    /// tens of steps where a training has thousands.
    var learningRates: [TrainedForm: Double] = [.classification: 1e-2, .regression: 1e-2, .mel: 3e-3]
    /// TRs of a batch.
    var batchSize = 8
    /// Mel bands.
    ///
    /// The mel path has 2048; three transposed convolutions of 2048 channels alone hold 50 million numbers.
    var melBinCount = 80
    /// TRs of a film that are used at most: what comes later only costs time.
    var mostTRCount = 320
    /// TRs of a film below which nothing is trained: batch normalisation needs a handful.
    var leastTRCount = 8
    /// Held-out TRs below which the held-out part is not measured.
    ///
    /// On the embedded clip the losses of single TRs scatter by a fifth of their mean. A scene lasts about four TRs, so
    /// that 20 TRs are about five independent ones and their mean is known to 1.645 x 0.2 / sqrt(5) (one-sided 95 %):
    /// 0.15. With fewer, a skill of 0.15 could not be told from none.
    var leastHeldOutCount = 20

    /// Settings for so many training TRs.
    func trainer(_ form: TrainedForm, trainingCount: Int, seed: UInt64) -> TrainerSettings {
        let stepsPerEpoch = max(1, (trainingCount + batchSize - 1) / batchSize)
        var result = TrainerSettings()
        result.epochs = max(leastEpochCount, ((steps[form] ?? 1) + stepsPerEpoch - 1) / stepsPerEpoch)
        (result.batchSize, result.learningRate) = (batchSize, learningRates[form] ?? 1e-3)
        (result.seed, result.patience) = (seed, result.epochs)
        result.warmupEpochs = min(1, result.epochs - 1)
        return result
    }
}

/// Which TRs of a film train and which are held out.
struct TrialSplit: Equatable {
    /// TRs used, from the film's start.
    let trCount: Int
    let split: DatasetSplit
    /// TRs behind the gap.
    let heldOutCount: Int
    /// Why the held-out part says nothing; nil where it does.
    let omission: NotMeasurable?

    /// Percent that trains where the gap has room: the rest must hold a gap of 32 s and the held-out part.
    private static let trainingPercent = 60

    /// Splits a film.
    ///
    /// - Throws: ``NotMeasurable`` for a film too short to train on.
    init(filmTRCount: Int, repetitionTime: RepetitionTime, _ settings: TrialSettings) throws {
        trCount = min(filmTRCount, settings.mostTRCount)
        guard trCount >= settings.leastTRCount else {
            throw NotMeasurable(
                "\(trCount) TRs are too few to train on",
                remedy: "verify a film of at least \(settings.leastTRCount) TRs")
        }
        let gap = DatasetSplit.guarded(repetitionTime: repetitionTime).guardTRCount
        let rest = Self.heldOut(trCount, gap)
        if rest >= settings.leastHeldOutCount {
            split = try DatasetSplit(trainingPercent: Self.trainingPercent, guardTRCount: gap)
            (heldOutCount, omission) = (rest, nil)
            return
        }
        split = try DatasetSplit(trainingPercent: 80, guardTRCount: 1)
        heldOutCount = trCount - trCount * 80 / 100 - 1
        var needed = trCount
        while Self.heldOut(needed, gap) < settings.leastHeldOutCount { needed += 1 }
        let seconds = (Double(needed) * repetitionTime.seconds).rounded(.up)
        omission = NotMeasurable(
            "\(trCount) TRs leave \(max(0, rest)) held-out TRs behind a gap of \(gap); "
                + "fewer than \(settings.leastHeldOutCount) do not tell a skill of 0.15 from none",
            remedy: "verify a film of at least \(Int(seconds)) s (\(needed) TRs)")
    }

    private static func heldOut(_ count: Int, _ gap: Int) -> Int { count - count * trainingPercent / 100 - gap }

    /// TRs that train.
    var trainingCount: Int { trCount * split.trainingPercent / 100 }

    /// For notes.
    var text: String {
        "\(trCount) TRs: \(trainingCount) trained, a gap of \(split.guardTRCount), \(heldOutCount) held out"
    }
}
