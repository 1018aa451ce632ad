import ArgumentParser
import Autoencoder
import FeaturePipeline
import NeuralNetwork
import NumericCore

/// `codecgate train`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train the multimodal autoencoder on features.",
        discussion: """
            DIR gets last.safetensors, best.safetensors and log.csv. Losses are in units of the best constant's; skill \
            is 1 - loss, 0 as good as a constant.

            Example: codecgate train features.npy -o model --epochs 2 --gap 0
            """)

    @OptionGroup var data: TrainingDataOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Folder of the run.", valueName: "DIR"), completion: .directory)
    var output: String

    @Option(help: "Size of the model: small trains in minutes on two cores.")
    var widths = ModelWidths.small

    @Option(help: "How codes are predicted.")
    var head = TrainedHead.regression

    @Option(help: "What regression minimises.")
    var loss = TrainerSettings.Regression.meanSquared

    @Option(help: "Epochs, and the length of the rate's cosine.")
    var epochs = TrainerSettings().epochs

    @Option(help: "Stop after the epoch that exceeds this time.")
    var minutes: Double?

    @Option(help: "TRs of a batch.")
    var batch = TrainerSettings().batchSize

    @Option(help: "The full learning rate.")
    var rate = TrainerSettings().learningRate

    @Option(help: "Epochs without improvement after which to stop.")
    var patience = TrainerSettings().patience

    @Option(help: "TRs between training and validation; 32 s unless told.")
    var gap: Int?

    @Option(help: "First values, order and dropout.")
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Threads of matrix products; 1 for small models, else all.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Go on where the run in DIR stands.")
    var resume = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(help: "Print only errors (and JSON, when asked for).")
    var quiet = false

    private var settings: TrainerSettings {
        var result = TrainerSettings()
        (result.epochs, result.batchSize, result.learningRate) = (epochs, batch, rate)
        (result.patience, result.seed, result.regression) = (patience, seed, loss)
        result.warmupEpochs = min(result.warmupEpochs, max(0, epochs - 1))
        return result
    }

    func validate() throws {
        guard let threads, !BLASRuntime.allowedThreadCounts.contains(threads) else { return }
        throw ValidationError("--threads is \(threads); give 1 to \(BLASRuntime.allowedThreadCounts.upperBound).")
    }

    func run() throws {
        FreedMemory.keep()
        let split = try gap.map { try DatasetSplit(trainingPercent: 80, guardTRCount: $0) }
        let dataset = try data.dataset(split: split)
        let trainer = try Trainer(
            dataset, configuration: .trained(on: dataset.dimensions, widths: widths, head: head), settings: settings)
        let available = BLASRuntime.allowedThreadCounts.upperBound
        BLASRuntime.setThreadCount(threads ?? trainer.model.usefulThreadCount(of: available))
        let progress = ProgressBar("train", totalSeconds: nil, isQuiet: quiet)
        var failure: (any Error)?
        let outcome = try trainer.run(in: output, resumes: resume, minutes: minutes) { event in
            do {
                try Interruption.check()
                try tell(event, progress)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        try report(outcome, trainer, seconds: progress.elapsedSeconds)
    }

    private func tell(_ event: TrainingEvent, _ progress: ProgressBar) throws {
        switch event {
        case .step(let epoch, let step, let count):
            progress.update((epoch - 1) * count + step, of: epochs * count, unit: "steps")
        case .epoch(let row):
            guard !json, !quiet else { return }
            let mark = row.isBest ? ", best so far" : ""
            try StandardStreams.output(
                "epoch \(row.epoch)/\(epochs): \(ScoreReport.text(row.validation)), \(Text.fixed(row.seconds, 1)) s\(mark)\n"
            )
        }
    }

    private func report(_ outcome: TrainingOutcome, _ trainer: Trainer, seconds: Double) throws {
        guard let notes = outcome.notes, let validation = notes.validation else { return }
        guard !json else { return try StandardStreams.json(TrainReport(outcome, notes, validation, trainer, self)) }
        guard !quiet else { return }
        let rows = trainer.dataset.report
        try StandardStreams.output(
            "\(output): \(outcome.ending.rawValue) after epoch \(notes.epoch), best was \(notes.bestEpoch);"
                + " \(trainer.model.layout.parameterCount) parameters, \(rows.training.rows.count) TRs trained,"
                + " \(rows.validation.rows.count) validated, \(Text.fixed(seconds, 1)) s\n")
    }
}

/// What `train --json` prints; no times, so that equal runs give equal bytes.
private struct TrainReport: Encodable {
    let bestEpoch: Int
    let bestTotal: Double?
    let ending: TrainingOutcome.Ending
    let epochs: Int
    let head: TrainedHead
    let output: String
    let parameters: Int
    let seed: UInt64
    let steps: Int
    let trainingTrs: Int
    let validation: ScoreReport
    let validationTrs: Int
    let widths: ModelWidths

    init(
        _ outcome: TrainingOutcome, _ notes: TrainingCheckpoint.Notes, _ validation: PartScore, _ trainer: Trainer,
        _ command: TrainCommand
    ) {
        (bestEpoch, bestTotal, ending) = (notes.bestEpoch, notes.bestTotal, outcome.ending)
        (epochs, steps, seed) = (notes.epoch, notes.step, notes.settings.seed)
        (head, widths, output) = (command.head, command.widths, command.output)
        parameters = trainer.model.layout.parameterCount
        trainingTrs = trainer.dataset.rows(of: .training).count
        validationTrs = trainer.dataset.rows(of: .validation).count
        self.validation = ScoreReport(validation, weights: notes.settings.weights)
    }
}
