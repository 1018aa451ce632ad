import FeaturePipeline
import Glibc
import NeuralNetwork
import NumericCore

extension Trainer {
    /// The file of the last finished epoch, the model to resume from.
    public static let lastName = "last.safetensors"
    /// The file of the epoch with the lowest weighted validation loss.
    public static let bestName = "best.safetensors"
    /// The table of epochs.
    public static let logName = "log.csv"

    /// Trains until the epochs, the patience or the time are over.
    ///
    /// After each epoch the log, ``bestName`` when the model is the best so far, and ``lastName`` are replaced, in this
    /// order, each at once: whenever a run is cut off, resuming gives the files of an uninterrupted run (except for the
    /// seconds in the log).
    ///
    /// - Parameters:
    ///   - folder: Where the files go; made when it is missing, but not the folders above it.
    ///   - resumes: Whether to go on from ``lastName`` there.
    ///   - minutes: After the epoch that exceeds them training ends; nil for no limit.
    ///   - observe: Told of each step and epoch; false ends the training.
    /// - Returns: How it ended.
    /// - Throws: ``TrainingError``.
    public func run(
        in folder: String, resumes: Bool = false, minutes: Double? = nil,
        observe: (TrainingEvent) -> Bool = { _ in true }
    ) throws(TrainingError) -> TrainingOutcome {
        if let minutes, !(minutes > 0 && minutes.isFinite) {
            throw .setting(name: "time in minutes", value: "\(minutes)", remedy: "give a number above 0")
        }
        let clock = ContinuousClock()
        let begin = clock.now
        var (run, log) = try begun(in: folder, resumes: resumes)
        var gradients = Gradients(model.layout)
        var rows: [TrainingEpoch] = []
        func ended(_ ending: TrainingOutcome.Ending, _ notes: TrainingCheckpoint.Notes) -> TrainingOutcome {
            TrainingOutcome(ending: ending, epochs: rows, notes: notes.epoch > 0 ? notes : nil)
        }
        while run.notes.epoch < settings.epochs {
            if run.notes.epoch - run.notes.bestEpoch >= settings.patience { return ended(.patience, run.notes) }
            let (before, start) = (run.notes, clock.now)
            guard let losses = try pass(&run, &gradients, observe) else { return ended(.stopped, before) }
            let row = try finish(&run, losses, seconds: { (clock.now - start) / .seconds(1) })
            try store(run, row, &log, folder)
            rows.append(row)
            guard observe(.epoch(row)) else { return ended(.stopped, run.notes) }
            if let minutes, (clock.now - begin) / .seconds(60) >= minutes, run.notes.epoch < settings.epochs {
                return ended(.time, run.notes)
            }
        }
        return ended(.finished, run.notes)
    }

    private func finish(
        _ run: inout TrainingCheckpoint, _ losses: ModalityValues, seconds: () -> Double
    ) throws(TrainingError) -> TrainingEpoch {
        let validation = score(run.state, part: .validation)
        try requireFinite(validation.losses, run.notes)
        let total = validation.total(settings.weights)
        let isBest = run.notes.bestTotal.map { total < $0 } ?? true
        run.notes.epoch += 1
        run.notes.validation = validation
        if isBest { (run.notes.bestEpoch, run.notes.bestTotal) = (run.notes.epoch, total) }
        return TrainingEpoch(
            epoch: run.notes.epoch, step: run.notes.step,
            learningRate: schedule.learningRate(after: run.notes.step - 1), seconds: seconds(), training: losses,
            validation: validation, total: total, isBest: isBest)
    }

    private func store(
        _ run: TrainingCheckpoint, _ row: TrainingEpoch, _ log: inout TrainingLog, _ folder: String
    ) throws(TrainingError) {
        do throws(ArrayFileError) { try log.append(row) } catch { throw .file(error) }
        if row.isBest { try run.write(to: "\(folder)/\(Self.bestName)") }
        try run.write(to: "\(folder)/\(Self.lastName)")
    }

    private func begun(in folder: String, resumes: Bool) throws(TrainingError) -> (TrainingCheckpoint, TrainingLog) {
        let rows = dataset.rows(of: .validation)
        var log = TrainingLog(
            path: "\(folder)/\(Self.logName)", modalities: meter.constantLosses(rows).modalities,
            codebookCount: meter.unigramMatch(rows)?.count ?? 0, weights: settings.weights)
        let path = "\(folder)/\(Self.lastName)"
        guard resumes else {
            guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
                throw .file(.system(operation: "create the folder", path: folder, code: errno))
            }
            guard access(path, F_OK) != 0 else { throw .alreadyThere(path: path) }
            return (try start(), log)
        }
        let run = try TrainingCheckpoint.read(path: path)
        try requireSameRun(run.notes, path: path)
        do throws(ArrayFileError) { try log.resume(after: run.notes.epoch) } catch { throw .file(error) }
        return (run, log)
    }

    private func requireSameRun(_ found: TrainingCheckpoint.Notes, path: String) throws(TrainingError) {
        var differences: [String] = []
        if found.configuration != model.configuration { differences.append("model") }
        if found.settings != settings { differences.append("settings") }
        if found.dataDigest != dataset.digest { differences.append("data") }
        guard differences.isEmpty else { throw .otherRun(path: path, differences: differences) }
    }
}
