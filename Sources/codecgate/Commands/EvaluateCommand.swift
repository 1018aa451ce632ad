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
            split as in training. -o keeps what the model predicts for the part: codes or mel features. --audio decodes \
            them (mel by Griffin-Lim) and measures them against the same seconds of the original, beside the features \
            themselves decoded, which no model can exceed.

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

    @Option(help: ArgumentHelp("The recording the features were made from.", valueName: "original"))
    var audio: String?

    @Option(help: ArgumentHelp("With --audio: the prediction as sound, .wav.", valueName: "out.wav"))
    var wav: String?

    @Option(help: ArgumentHelp("With --audio: the codec; by default the manifest's, or mini.", valueName: "spec"))
    var codec: String?

    @Option(help: ArgumentHelp("With --audio: where Griffin-Lim's phases start.", valueName: "n"))
    var seed: UInt64?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard audio == nil, wav != nil || codec != nil || seed != nil else { return }
        throw ValidationError("--wav, --codec and --seed are for --audio; name the original recording too.")
    }

    func run() throws {
        if let output { try NpyOutput.check(output, isNot: data.features) }
        if let wav, let audio {
            guard wav.lowercased().hasSuffix(".wav") else {
                throw CommandError.usage("the output '\(wav)' is not .wav; name it so")
            }
            try OutputPath.check(wav, isNot: audio)
        }
        let path = "\(folder)/\(last ? Trainer.lastName : Trainer.bestName)"
        let checkpoint = try TrainingCheckpoint.read(path: path)
        let notes = checkpoint.notes
        let dataset = try data.dataset(
            split: DatasetSplit(trainingPercent: notes.trainingPercent, guardTRCount: notes.gapCount))
        let trainer = try Trainer(dataset, configuration: notes.configuration, settings: notes.settings)
        // As training does: another number of threads may round the last bits otherwise.
        BLASRuntime.setThreadCount(trainer.model.usefulThreadCount(of: BLASRuntime.allowedThreadCounts.upperBound))
        let score = trainer.score(checkpoint.state, part: part)
        let predicted = trainer.predictedAudio(checkpoint.state, part: part)
        let sound = try audio.map {
            try PredictedSound(
                predicted, rows: dataset.rows(of: part),
                of: StoredFeatures(.init(input: data.features, codec: codec, tr: data.time.text)), original: $0,
                seed: seed ?? 0)
        }
        try Interruption.check()
        if let output {
            switch predicted {
            case .codes(let codes): try NpyFile.write(codes, to: output)
            case .mel(let mel): try NpyFile.write(mel, to: output)
            }
        }
        if let wav { try sound?.write(to: wav) }
        guard !json else {
            return try StandardStreams.json(
                EvaluationReport(
                    checkpoint: path, epoch: notes.epoch, output: output, part: part.rawValue,
                    score: ScoreReport(score, weights: notes.settings.weights), sound: sound?.entries,
                    trs: dataset.rows(of: part).count))
        }
        try StandardStreams.output(
            "\(path), epoch \(notes.epoch), \(dataset.rows(of: part).count) \(part.rawValue) TRs:"
                + " \(ScoreReport.text(score))\n" + (sound?.text ?? ""))
    }
}

/// What `evaluate --json` prints.
private struct EvaluationReport: Encodable {
    let checkpoint: String
    let epoch: Int
    let output: String?
    let part: String
    let score: ScoreReport
    let sound: [PredictedSound.Entry]?
    let trs: Int
}
