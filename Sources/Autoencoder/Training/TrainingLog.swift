internal import NumericCore

/// The table of a run: one CSV row an epoch.
struct TrainingLog {
    private let path: String
    private let weights: ModalityValues
    private var lines: [String]

    init(path: String, modalities: [TrainedModality], codebookCount: Int, weights: ModalityValues) {
        self.path = path
        self.weights = weights
        let losses = modalities.map(\.rawValue).flatMap { name in
            ["train_\(name)", "train_\(name)_share", "validation_\(name)", "validation_\(name)_share", "\(name)_skill"]
        }
        let matches = (0..<codebookCount).flatMap { ["match_\($0)", "unigram_\($0)"] }
        let header = ["epoch", "step", "learning_rate", "seconds", "validation_total", "is_best"] + losses + matches
        lines = [(header + (codebookCount > 0 ? ["match_skill"] : [])).joined(separator: ",")]
    }

    /// Takes over the rows of an earlier part of the run, up to an epoch.
    mutating func resume(after epoch: Int) throws(ArrayFileError) {
        let source = try ByteSource.open(path: path)
        let text = String(decoding: try source.read(at: 0, count: source.count, part: "the log"), as: UTF8.self)
        let rows = text.split(separator: "\n").dropFirst().filter { row in
            row.split(separator: ",").first.flatMap { Int($0) }.map { $0 <= epoch } ?? false
        }
        lines += rows.map { String($0) }
    }

    /// Adds a row and writes the whole table.
    mutating func append(_ row: TrainingEpoch) throws(ArrayFileError) {
        let (trainingShares, shares) = (row.training.shares(weights), row.validation.losses.shares(weights))
        var cells = ["\(row.epoch)", "\(row.step)", "\(row.learningRate)", "\(row.seconds)", "\(row.total)"]
        cells.append(row.isBest ? "1" : "0")
        for modality in row.validation.losses.modalities {
            cells += [
                row.training[modality], trainingShares[modality], row.validation.losses[modality], shares[modality],
                row.validation.skill(modality),
            ].map { $0.map { "\($0)" } ?? "" }
        }
        if let match = row.validation.exactMatch, let unigram = row.validation.unigramMatch {
            cells += zip(match, unigram).flatMap { ["\($0)", "\($1)"] }
            cells.append(row.validation.matchSkill.map { "\($0)" } ?? "")
        }
        lines.append(cells.joined(separator: ","))
        try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path)
    }
}
