import ArgumentParser
import Autoencoder
import FeaturePipeline
import NumericCore

/// `codecgate evaluate`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge a trained model by features.",
        discussion: """
            Reads best.safetensors of DIR. Constants and most frequent codes come from the features' own training part, \
            split as in training. -o keeps what the model predicts for the part: codes or mel features, which \
            reconstruct turns into sound.

            Example: codecgate evaluate model features.npy -o predicted.npy
            """)

    @Argument(help: ArgumentHelp("Folder of a run.", valueName: "DIR"), completion: .directory)
    var folder: String

    @OptionGroup var data: TrainingDataOptions

    @Option(help: "Which part: training or validation.")
    var part = Dataset.Part.validation

    @Flag(help: "Take the last model instead of the best.")
    var last = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Predicted audio: .npy.", valueName: "predicted.npy"))
    var output: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
        if let output { try NpyOutput.check(output, isNot: data.features) }
        let path = "\(folder)/\(last ? Trainer.lastName : Trainer.bestName)"
        let checkpoint = try TrainingCheckpoint.read(path: path)
        let notes = checkpoint.notes
        let dataset = try data.dataset(
            split: DatasetSplit(trainingPercent: notes.trainingPercent, guardTRCount: notes.gapCount))
        let trainer = try Trainer(dataset, configuration: notes.configuration, settings: notes.settings)
        let score = trainer.score(checkpoint.state, part: part)
        if let output {
            switch trainer.predictedAudio(checkpoint.state, part: part) {
            case .codes(let codes): try NpyFile.write(codes, to: output)
            case .mel(let mel): try NpyFile.write(mel, to: output)
            }
        }
        guard !json else {
            return try StandardStreams.json(
                EvaluationReport(
                    checkpoint: path, epoch: notes.epoch, output: output, part: part.rawValue,
                    score: ScoreReport(score, weights: notes.settings.weights), trs: dataset.rows(of: part).count))
        }
        try StandardStreams.output(
            "\(path), epoch \(notes.epoch), \(dataset.rows(of: part).count) \(part.rawValue) TRs:"
                + " \(ScoreReport.text(score))\n")
    }
}

/// What `evaluate --json` prints.
private struct EvaluationReport: Encodable {
    let checkpoint: String
    let epoch: Int
    let output: String?
    let part: String
    let score: ScoreReport
    let trs: Int
}
