import Autoencoder
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct ResumeTests {
    private func trainer(seed: UInt64 = 5, count: Int = 30, rate: Double = 3e-3) throws -> Trainer {
        // A width with dropout, so that its masks must go on too.
        let dataset = try TrainingFixture.dataset(TrainingFixture.inputs(count))
        var configuration = try AutoencoderConfiguration.trained(
            on: dataset.dimensions, widths: .small, head: .regression)
        configuration.decoder.dropoutRate = 0.3
        var settings = TrainerSettings()
        (settings.epochs, settings.batchSize, settings.seed, settings.learningRate) = (5, 8, seed, rate)
        return try Trainer(dataset, configuration: configuration, settings: settings)
    }

    private func files(_ folder: String) throws -> [Data] {
        try [Trainer.lastName, Trainer.bestName].map {
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))
        }
    }

    /// The log without its seconds.
    private func log(_ folder: String) throws -> [[Substring]] {
        try String(contentsOfFile: "\(folder)/\(Trainer.logName)", encoding: .utf8).split(separator: "\n").map { line in
            var cells = line.split(separator: ",", omittingEmptySubsequences: false)
            cells.remove(at: 3)
            return cells
        }
    }

    @Test(
        "A run cut off after an epoch or within one ends in the same bytes as one that is not",
        arguments: [(2, 0), (2, 1), (4, 2)])
    func resumes(epochs: Int, steps: Int) throws {
        let folder = try TemporaryFolder()
        let trainer = try trainer()
        #expect(try trainer.run(in: folder.path("whole")).ending == .finished)
        var left = -1
        let cut = try trainer.run(in: folder.path("cut")) { event in
            switch event {
            case .epoch(let row) where row.epoch == epochs:
                left = steps
                return steps > 0
            case .step where left > 0:
                left -= 1
                return left > 0
            case .epoch, .step: return true
            }
        }
        #expect(cut.ending == .stopped && cut.notes?.epoch == epochs)
        #expect(try files(folder.path("cut")) != files(folder.path("whole")))
        let rest = try trainer.run(in: folder.path("cut"), resumes: true)
        #expect(rest.epochs.map(\.epoch) == Array(epochs + 1...5))
        #expect(try files(folder.path("cut")) == files(folder.path("whole")))
        #expect(try log(folder.path("cut")) == log(folder.path("whole")))
    }

    @Test func `a seed gives the same bytes again, another seed others`() throws {
        let folder = try TemporaryFolder()
        for (name, seed) in [("a", 5), ("b", 5), ("c", 6)] as [(String, UInt64)] {
            _ = try trainer(seed: seed).run(in: folder.path(name))
        }
        #expect(try files(folder.path("a")) == files(folder.path("b")))
        #expect(try files(folder.path("a"))[0] != files(folder.path("c"))[0])
    }

    @Test func `another run's checkpoint is neither overwritten nor resumed`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run")
        _ = try trainer().run(in: path)
        let before = try files(path)
        #expect(throws: TrainingError.alreadyThere(path: "\(path)/last.safetensors")) {
            try trainer().run(in: path)
        }
        #expect(throws: TrainingError.otherRun(path: "\(path)/last.safetensors", differences: ["settings"])) {
            try trainer(rate: 1e-3).run(in: path, resumes: true)
        }
        #expect(throws: TrainingError.otherRun(path: "\(path)/last.safetensors", differences: ["data"])) {
            try trainer(count: 31).run(in: path, resumes: true)
        }
        #expect(try files(path) == before)
    }

    @Test func `a checkpoint without notes or with damaged ones is refused with its name`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter(metadata: ["codecgate.training": "{}"])
        writer.add(Tensor<Float>([1], shape: [1]), as: "x")
        try writer.write(to: folder.path("bad.safetensors"))
        let path = folder.path("bad.safetensors")
        let error = #expect(throws: TrainingError.self) { try TrainingCheckpoint.read(path: path) }
        #expect("\(try #require(error))".contains(path))
        let missing = #expect(throws: TrainingError.self) { try TrainingCheckpoint.read(path: folder.path("none")) }
        #expect("\(try #require(missing))".contains("none"))
    }
}
