internal import Autoencoder
internal import FeaturePipeline
internal import Foundation
internal import NeuralNetwork
internal import Verification

/// What comes of training on the film's own features: codes by both heads, and mel features beside them.
struct TrainingChecks {
    let film: FilmContext

    var checks: [any Check] { TrainedForm.allCases.map(form) + [resume()] }

    private static let parts: [(part: Dataset.Part, name: String, title: String)] = [
        (.training, "training", "on what it saw"), (.validation, "held_out", "on held-out TRs"),
    ]

    private static func plan(
        _ id: String, check: String, _ title: String, unit: String = "1", variant: String,
        _ direction: Finding.Direction,
        source: String = ""
    ) -> FindingPlan {
        FindingPlan(
            id: "training.\(id)", check: "training.\(check)", phase: 3, title: title, unit: unit, variant: variant,
            direction: direction, source: source)
    }

    private func form(_ form: TrainedForm) -> any Check {
        let name = form.rawValue
        let fall = Self.plan(
            "\(name).loss", check: name, "Last training loss over the first, \(form.title)", variant: "loss.ratio",
            .lower)
        let label = Self.plan(
            "\(name).label", check: name, "Labels that the best checkpoint of \(form.title) does not score",
            unit: "labels", variant: "checkpoint.labels", .lower)
        let skills = Self.parts.map {
            Self.plan(
                "\(name).skill.\($0.name)", check: name, "Skill over the constant, \(form.title) \($0.title)",
                variant: "skill.constant", .higher,
                source: "1 - loss / the training part's best constant's loss on the same TRs")
        }
        let matches = Self.parts.filter { _ in form != .mel }.map {
            Self.plan(
                "\(name).match.\($0.name)", check: name,
                "Exact codes above the most frequent code's share, worst codebook, \(form.title) \($0.title)",
                variant: "codes.match.above_unigram", .higher,
                source: "share of codes predicted exactly less the share of the training part's most frequent code")
        }
        return SimpleCheck([fall, label] + skills + matches) { record in
            let run = try film.trained(form)
            try record(fallen(fall, run))
            try record(Self.relabelled(label, run))
            for (plan, part) in zip(skills, Self.parts) { try record(Self.skill(plan, run, part.part)) }
            for (plan, part) in zip(matches, Self.parts) { try record(Self.match(plan, run, part.part)) }
        }
    }

    /// The first epoch's mean is of a model that learns while it is measured; a model that does not, stays at 1.
    private func fallen(_ plan: FindingPlan, _ run: TrainedRun) -> Finding {
        let training = run.epochs.compactMap { $0.training[.audio] }
        let heldOut = run.epochs.compactMap { $0.validation.losses[.audio] }
        guard let first = training.first, let last = training.last, first > 0 else {
            return Finding(plan, .failed(reason: "no epoch was trained"))
        }
        let isWhole = run.split.trCount == film.trCount
        let note =
            "\(run.split.text)\(isWhole ? "" : ", of \(film.trCount)"); small widths, "
            + "\(run.trainer.model.layout.parameterCount) parameters; loss \(first.shortText), then \(last.shortText)"
        return Finding(
            plan, .value(last / first), population: training.count, populationUnit: "epochs", note: note,
            curves: [
                Finding.Curve("\(run.form.title), trained", training),
                Finding.Curve("\(run.form.title), held out", heldOut),
            ])
    }

    private static func skill(_ plan: FindingPlan, _ run: TrainedRun, _ part: Dataset.Part) -> Finding {
        if part == .validation, let omission = run.split.omission { return open(plan, omission) }
        guard let score = run.scores[part], let skill = score.skill(.audio) else {
            return open(
                plan, NotMeasurable("a constant predicts this part perfectly", remedy: "verify a film with more sound"))
        }
        return Finding(
            plan, .value(skill), population: run.trainer.dataset.rows(of: part).count, populationUnit: "TRs",
            note: "last of \(run.epochs.count) epochs; \(run.split.text)")
    }

    private static func match(_ plan: FindingPlan, _ run: TrainedRun, _ part: Dataset.Part) -> Finding {
        if part == .validation, let omission = run.split.omission { return open(plan, omission) }
        guard let score = run.scores[part], let exact = score.exactMatch, let unigram = score.unigramMatch,
            let worst = zip(exact, unigram).map({ $0 - $1 }).min()
        else { return Finding(plan, .failed(reason: "the model predicted no codes")) }
        let frames = run.trainer.model.configuration.decoder.audio?.frameCount ?? 0
        let count = run.trainer.dataset.rows(of: part).count * frames * exact.count
        let books = zip(exact, unigram).map { "\(Self.percent($0)) (\(Self.percent($1)))" }
        return Finding(
            plan, .value(worst), population: count, populationUnit: "codes",
            note: "percent exact by codebook (most frequent code): \(books.joined(separator: ", "))")
    }

    private static func percent(_ share: Double) -> String { ((share * 1000).rounded() / 10).shortText }

    private static func open(_ plan: FindingPlan, _ reason: NotMeasurable) -> Finding {
        Finding(plan, .notMeasured(reason: reason.reason, remedy: reason.remedy))
    }

    /// Scores the best checkpoint again from its file; every number must be the one that it is labelled with.
    static func relabelled(_ plan: FindingPlan, _ run: TrainedRun) throws -> Finding {
        let best = try TrainingCheckpoint.read(path: "\(run.folder)/\(Trainer.bestName)")
        let score = run.trainer.score(best.state, part: .validation)
        let labels: [(name: String, isRight: Bool)] = [
            ("score", best.notes.validation == score),
            ("total", best.notes.bestTotal == score.total(run.trainer.settings.weights)),
            ("epoch", best.notes.bestEpoch == run.epochs.last { $0.isBest }?.epoch),
        ]
        let wrong = labels.filter { !$0.isRight }.map(\.name)
        return Finding(
            plan, .value(Double(wrong.count)), population: labels.count, populationUnit: "labels",
            note:
                "epoch \(best.notes.bestEpoch) was best\(wrong.isEmpty ? "" : "; wrong: \(wrong.joined(separator: ", "))")"
        )
    }

    /// Two epochs in one go, and two with an end between them: the same bytes.
    private func resume() -> any Check {
        let plan = Self.plan(
            "resume", check: "resume", "Files that differ after a training was cut off and resumed", unit: "files",
            variant: "checkpoint.files", .lower)
        return SimpleCheck([plan]) { record in
            let trainer = try film.trainer(.regression) { ($0.epochs, $0.warmupEpochs) = (2, 1) }.trainer
            let (whole, parted) = (try film.trainingFolder("whole"), try film.trainingFolder("parted"))
            _ = try film.run(trainer, in: whole)
            _ = try film.run(trainer, in: parted, until: { if case .epoch = $0 { true } else { false } })
            _ = try film.run(trainer, in: parted, resumes: true)
            try record(try Self.compared(plan, whole, parted))
        }
    }

    static func compared(_ plan: FindingPlan, _ first: String, _ second: String) throws -> Finding {
        let names = [Trainer.lastName, Trainer.bestName]
        let differing = try names.filter { name in
            try Data(contentsOf: URL(filePath: "\(first)/\(name)"))
                != Data(contentsOf: URL(filePath: "\(second)/\(name)"))
        }
        return Finding(
            plan, .value(Double(differing.count)), population: names.count, populationUnit: "files",
            note:
                "two epochs, cut off after the first\(differing.isEmpty ? "" : "; differ: \(differing.joined(separator: ", "))")"
        )
    }
}
