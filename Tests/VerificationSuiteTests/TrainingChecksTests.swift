import Autoencoder
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing
import Verification

@testable import VerificationSuite

/// Phase 3 on the embedded clip: what is trained, and what turns each finding red.
@Suite(.serialized) struct TrainingChecksTests {
    /// Twelve TRs with short trainings.
    private func shortFilm(in folder: borrowing TemporaryFolder) throws -> FilmContext {
        try FilmFixture.context(in: folder.url, trs: 12) { request in
            request.training.steps = [.classification: 40, .regression: 60, .mel: 120]
        }
    }

    private func findings(_ film: FilmContext, only ids: [String]) throws -> [String: Finding] {
        let checks = TrainingChecks(film: film).checks.filter { ids.contains($0.id) }
        #expect(checks.count == ids.count)
        let found = try CheckRunner(checks).run(journal: nil).findings
        return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
    }

    private func decision(_ finding: Finding, _ gate: String) throws -> Decision? {
        let results = RunResults(
            info: RunInfo(tool: "", command: "", seed: 0, phases: [3], facts: []), plans: [finding.plan],
            findings: [finding], timings: RunTimings(started: "", seconds: 0, checks: [:]))
        return try FilmFixture.report(results).evaluation.results.first { $0.gate.id == gate }?.decision
    }

    private func value(_ finding: Finding?) throws -> Double {
        guard case .value(let value) = try #require(finding).outcome else {
            Issue.record("\(String(describing: finding))")
            return .nan
        }
        return value
    }

    @Test("A form that learns passes its gates; twelve TRs have no held-out part, which is open and never green")
    func learns() throws {
        let folder = try TemporaryFolder()
        let film = try shortFilm(in: folder)
        defer { film.close() }
        let found = try findings(
            film, only: ["training.classification", "training.regression", "training.mel"])
        for form in TrainedForm.allCases {
            let id = "training.\(form.rawValue)"
            #expect(try value(found["\(id).loss"]) < 0.9)
            #expect(try value(found["\(id).skill.training"]) > 0.05, "\(form)")
            #expect(try value(found["\(id).label"]) == 0)
            guard case .notMeasured(_, let remedy) = try #require(found["\(id).skill.held_out"]).outcome else {
                Issue.record("\(form): a held-out part of 12 TRs says nothing")
                continue
            }
            #expect(remedy == "verify a film of at least 155 s (103 TRs)")
            let curves = try #require(found["\(id).loss"]).curves
            #expect(curves.count == 2 && curves.allSatisfy { $0.values.count == curves[0].values.count })
        }
        let classes = try #require(found["training.classification.skill.training"])
        #expect(try decision(classes, "training.skill") == .pass)
        #expect(
            try decision(#require(found["training.classification.skill.held_out"]), "training.skill.held_out")
                == .notMeasured)
        // Regression hits next to no code by chance: labels are not quantities.
        #expect(try value(found["training.regression.match.training"]) < 0)
    }

    @Test("With a rate of nothing the loss stays, skill is none, and the gates fail")
    func nothingLearnt() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 8) { request in
            request.training.learningRates = [.classification: 1e-30]
            request.training.steps = [.classification: 2]
            request.training.leastEpochCount = 2
        }
        defer { film.close() }
        let found = try findings(film, only: ["training.classification"])
        let loss = try #require(found["training.classification.loss"])
        #expect(try decision(loss, "training.loss") == .fail, "\(loss.outcome)")
        #expect(try decision(#require(found["training.classification.skill.training"]), "training.skill") == .fail)
        #expect(try decision(#require(found["training.classification.match.training"]), "training.match") == .fail)
    }

    @Test("A best checkpoint with another epoch's model or label is found out")
    func wrongLabel() throws {
        let folder = try TemporaryFolder()
        let film = try shortFilm(in: folder)
        defer { film.close() }
        let run = try film.trained(.regression)
        let plan = try #require(
            TrainingChecks(film: film).checks.flatMap(\.plans).first { $0.id == "training.regression.label" }
        )
        #expect(try TrainingChecks.relabelled(plan, run).outcome == .value(0))
        let best = "\(run.folder)/\(Trainer.bestName)"
        let right = try Data(contentsOf: URL(filePath: best))
        defer { try? right.write(to: URL(filePath: best)) }
        let last = try Data(contentsOf: URL(filePath: "\(run.folder)/\(Trainer.lastName)"))
        let checkpoint = try TrainingCheckpoint.read(path: best)
        #expect(checkpoint.notes.epoch != run.epochs.count, "the last epoch is the best: nothing to mix up")
        // The Python system's mistake: the last weights under the best one's name, its total still the best's.
        try last.write(to: URL(filePath: best))
        let swapped = try TrainingChecks.relabelled(plan, run)
        #expect(try value(swapped) >= 1 && decision(swapped, "training.label") == .fail, "\(swapped.note)")
        // A weight changed: the score is another one than the label's.
        // Somewhere among these bytes lie the model's numbers; the rest is the optimiser's memory.
        let damages = try stride(from: right.count - 1, to: 0, by: -right.count / 20).map { place in
            var bytes = right
            bytes[place] ^= 0x40
            try bytes.write(to: URL(filePath: best))
            // Where the header is hit there is no checkpoint at all.
            do { return try value(TrainingChecks.relabelled(plan, run)) } catch is TrainingError { return 0 }
        }
        #expect(damages.contains { $0 >= 1 })
    }

    @Test("A resumed training writes the same files, and one of another seed does not")
    func resume() throws {
        let folder = try TemporaryFolder()
        let film = try shortFilm(in: folder)
        defer { film.close() }
        let found = try #require(try findings(film, only: ["training.resume"])["training.resume"])
        #expect(try value(found) == 0 && found.population == 2)
        let other = try film.trainer(.regression) { ($0.epochs, $0.warmupEpochs, $0.seed) = (2, 1, 99) }.trainer
        let elsewhere = try film.trainingFolder("other")
        _ = try film.run(other, in: elsewhere)
        let whole = film.request.scratch.appendingPathComponent("training-whole").path
        let differing = try TrainingChecks.compared(found.plan, whole, elsewhere)
        #expect(try value(differing) == 2 && decision(differing, "training.resume") == .fail)
    }

    @Test("Long films have a held-out part behind 32 s, short ones none, and the boundary is where the remedy says")
    func split() throws {
        func split(_ count: Int, _ tr: RepetitionTime = .standard) throws -> TrialSplit {
            try TrialSplit(filmTRCount: count, repetitionTime: tr, TrialSettings())
        }
        let long = try split(103)
        #expect(long.omission == nil && long.heldOutCount == 20 && long.split.guardTRCount == 22)
        let short = try split(102)
        #expect(short.omission?.remedy == "verify a film of at least 155 s (103 TRs)" && short.split.guardTRCount == 1)
        #expect(try split(5000).trCount == 320)
        let slow = try #require(RepetitionTime(2, over: 1))
        #expect(try split(90, slow).omission == nil && split(60, slow).omission != nil)
        #expect(throws: NotMeasurable.self) { try split(7) }
    }

    @Test("Predictions are decoded and measured over the whole film, and a codec's own codes are far closer to it")
    func predictions() throws {
        let folder = try TemporaryFolder()
        let film = try shortFilm(in: folder)
        defer { film.close() }
        let metrics = [Metric.stoi]
        for version in [FilmVersion.predicted(.classification), .griffinLim(.bottleneck)] {
            let reference = try film.reference(of: version)
            #expect(try film.sound(version).sampleCount == film.sound(reference).sampleCount, "\(version.id)")
            let found = try #require(SegmentMean(film.measure(metrics, of: version, against: reference)[0])).value
            let codec = try #require(SegmentMean(film.measure(metrics, of: .encodec(kbps: 6))[0])).value
            #expect(found < codec - 0.1, "\(version.id): \(found) beside \(codec)")
        }
    }

    @Test("A silent film and one of seven TRs are not measured, with a remedy, and nothing breaks")
    func nothingToTrainOn() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("silent.wav")
        try WAV.write([Float](repeating: 0, count: 14 * 24_000), to: path)
        for (path, count) in [(path, 9), (FilmFixture.clip, 7)] {
            let film = try FilmFixture.context(in: folder.url, path: path, trs: count)
            defer { film.close() }
            let found = try CheckRunner(TrainingChecks(film: film).checks).run(journal: nil).findings
            for finding in found {
                guard case .notMeasured(_, let remedy) = finding.outcome else {
                    Issue.record("\(finding.id): \(finding.outcome)")
                    continue
                }
                #expect(remedy?.hasPrefix("verify a film") == true)
            }
        }
    }
}
