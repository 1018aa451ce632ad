import Autoencoder
import FeaturePipeline
import Foundation
import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct TrainerTests {
    @Test func `a short training on codes beats the constant predictor on TRs it has not seen`() throws {
        let folder = try TemporaryFolder()
        let trainer = try TrainingFixture.trainer(TrainingFixture.dataset(TrainingFixture.inputs(100))) {
            ($0.epochs, $0.learningRate) = (20, 3e-3)
        }
        let outcome = try trainer.run(in: folder.path("run"))
        #expect(outcome.ending == .finished)
        let last = try #require(outcome.epochs.last)
        let skill = try #require(last.validation.skill(.audio))
        #expect(skill > 0.5, "\(skill)")
        #expect(try #require(outcome.epochs.first?.training[.audio]) > 0.9)
        // Every position's variance over the training part is its loss there: the unit of all losses.
        let constant = try #require(trainer.score(trainer.start().state, part: .training).constantLosses[.audio])
        #expect((constant - 1).magnitude < 1e-12)
    }

    @Test func `classes of codes are learnt better than their frequencies say, and matches are counted`() throws {
        let folder = try TemporaryFolder()
        // Two codes only, so that a few steps suffice.
        let coarse = TrainingFixture.codes(60, codebooks: 2).elements.map { Int32($0 > 511 ? 900 : 100) }
        let inputs = Dataset.Inputs(audio: NumericArray(Tensor(coarse, shape: [60, 2, 113]), origin: "codes"))
        let trainer = try TrainingFixture.trainer(TrainingFixture.dataset(inputs), head: .classification) {
            ($0.epochs, $0.learningRate) = (15, 1e-2)
        }
        let last = try #require(try trainer.run(in: folder.path("run")).epochs.last)
        #expect(try #require(last.validation.skill(.audio)) > 0.2)
        #expect(try #require(last.validation.matchSkill) > 0.5)
        let unigram = try #require(last.validation.unigramMatch)
        #expect(unigram.count == 2 && unigram.allSatisfy { $0 > 0.3 && $0 < 0.7 })
    }

    @Test func `video, text, voxels and mel features are learnt together, with shares that add up`() throws {
        let folder = try TemporaryFolder()
        let inputs = Dataset.Inputs(
            audio: NumericArray(TrainingFixture.mel(60), origin: "mel"), fmri: TrainingFixture.vectors(60, width: 5),
            video: TrainingFixture.vectors(60, width: 12), text: TrainingFixture.vectors(60, width: 7))
        let trainer = try TrainingFixture.trainer(TrainingFixture.dataset(inputs)) {
            ($0.epochs, $0.learningRate) = (30, 3e-3)
            $0.weights[.video] = 0.5
        }
        let outcome = try trainer.run(in: folder.path("run"))
        let last = try #require(outcome.epochs.last)
        for modality in TrainedModality.allCases {
            #expect(try #require(last.validation.skill(modality)) > 0, "\(modality): \(last.validation)")
        }
        #expect(last.validation.exactMatch == nil && last.validation.matchSkill == nil)
        let shares = last.validation.losses.shares(trainer.settings.weights)
        #expect((shares.modalities.reduce(0) { $0 + (shares[$1] ?? 0) } - 1).magnitude < 1e-12)
        let log = try String(contentsOfFile: folder.path("run/log.csv"), encoding: .utf8).split(separator: "\n")
        #expect(log.count == 31)
        #expect(log[0].hasSuffix("voxels_skill"))
        #expect(Set(log.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
    }

    @Test func `a mel model begins at the mean of each bin, which a last layer in dB would take long to find`() throws {
        let dataset = try TrainingFixture.dataset(
            Dataset.Inputs(audio: NumericArray(TrainingFixture.mel(20), origin: "mel")))
        let bias = try #require(
            TrainingFixture.trainer(dataset).start().state.tensor("decoder.audio_temporal_adjust.bias"))
        let mel = TrainingFixture.mel(16).elements
        for bin in 0..<16 {
            let values = mel.indices.filter { $0 / 65 % 16 == bin }.map { Double(mel[$0]) }
            #expect((Double(bias.elements[bin]) - values.reduce(0, +) / (16 * 65)).magnitude < 1e-4)
        }
    }

    @Test func `the best checkpoint scores what its label says`() throws {
        let folder = try TemporaryFolder()
        let trainer = try TrainingFixture.trainer(TrainingFixture.dataset(TrainingFixture.inputs(40))) {
            ($0.epochs, $0.learningRate) = (6, 3e-3)
        }
        let outcome = try trainer.run(in: folder.path("run"))
        let best = try TrainingCheckpoint.read(path: folder.path("run/best.safetensors"))
        let row = try #require(outcome.epochs.last { $0.isBest })
        #expect(best.notes.epoch == row.epoch && best.notes.bestEpoch == row.epoch)
        #expect(best.notes.bestTotal == outcome.epochs.map(\.total).min())
        #expect(trainer.score(best.state, part: .validation) == row.validation)
        #expect(best.notes.validation == row.validation)
    }

    @Test func `training ends when the patience or the time is over`() throws {
        let folder = try TemporaryFolder()
        let dataset = try TrainingFixture.dataset(TrainingFixture.inputs(20))
        // At this rate the loss jumps about.
        let trainer = try TrainingFixture.trainer(dataset) {
            ($0.epochs, $0.patience, $0.learningRate) = (200, 1, 1e-1)
        }
        let outcome = try trainer.run(in: folder.path("run"))
        #expect(outcome.ending == .patience)
        let notes = try #require(outcome.notes)
        #expect(notes.epoch == notes.bestEpoch + 1 && notes.epoch < 200)
        #expect(try trainer.run(in: folder.path("run"), resumes: true).epochs.isEmpty)
        let timed = try trainer.run(in: folder.path("timed"), minutes: 1e-9)
        #expect(timed.ending == .time && timed.epochs.count == 1)
    }
}
