import Autoencoder
import FeaturePipeline
import NumericCore
import TestSupport
import Testing

struct TrainingErrorTests {
    struct Change: Sendable, CustomTestStringConvertible {
        let text: String
        let apply: @Sendable (inout TrainerSettings) -> Void
        var testDescription: String { text }

        init(_ text: String, _ apply: @escaping @Sendable (inout TrainerSettings) -> Void) {
            (self.text, self.apply) = (text, apply)
        }
    }

    @Test(arguments: [
        Change("number of epochs is 0") { $0.epochs = 0 }, Change("batch size is 1") { $0.batchSize = 1 },
        Change("learning rate is nan") { $0.learningRate = .nan },
        Change("warm-up in epochs is 30") { $0.warmupEpochs = 30 },
        Change("weight of text is -1.0") { $0.weights[.text] = -1 },
        Change("gradient norm is 0.0") { $0.clipNorm = 0 }, Change("patience in epochs is 0") { $0.patience = 0 },
        Change("weight decay is -0.1") { $0.weightDecay = -0.1 },
    ])
    func `a setting without meaning is named with its value`(change: Change) throws {
        let dataset = try TrainingFixture.dataset(TrainingFixture.inputs(20))
        expectRefusal(change.text) { try TrainingFixture.trainer(dataset, change.apply) }
    }

    @Test func `features that cannot be trained on are refused in a sentence`() throws {
        let mel = Dataset.Inputs(audio: NumericArray(TrainingFixture.mel(20), origin: "mel"))
        expectRefusal("no classes") { try TrainingFixture.trainer(TrainingFixture.dataset(mel), head: .classification) }
        let still = (0..<20 * 128).map { -Float($0 % 79) }
        let flat = Dataset.Inputs(audio: NumericArray(Tensor(still, shape: [20, 128]), origin: "mel"))
        expectRefusal("no frames") { try TrainingFixture.trainer(TrainingFixture.dataset(flat)) }
        var bright = TrainingFixture.inputs(20)
        bright.video = Tensor(repeating: 255, shape: [20, 6])
        expectRefusal("The video holds 255.0") { try TrainingFixture.trainer(TrainingFixture.dataset(bright)) }
        expectRefusal("1 TR is not enough") {
            try TrainingFixture.trainer(TrainingFixture.dataset(TrainingFixture.inputs(2)))
        }
    }

    @Test func `a model made for other data says what it got`() throws {
        var inputs = TrainingFixture.inputs(20)
        inputs.text = TrainingFixture.vectors(20, width: 7)
        let configuration = try TrainingFixture.trainer(TrainingFixture.dataset(inputs)).model.configuration
        inputs.text = TrainingFixture.vectors(20, width: 8)
        let other = try TrainingFixture.dataset(inputs)
        expectRefusal("7 numbers of text but the data has 8") { try Trainer(other, configuration: configuration) }
        inputs.text = nil
        let without = try TrainingFixture.dataset(inputs)
        expectRefusal("text features") { try Trainer(without, configuration: configuration) }
    }

    @Test func `a rate at which the loss is lost stops the run with a remedy`() throws {
        let folder = try TemporaryFolder()
        let trainer = try TrainingFixture.trainer(TrainingFixture.dataset(TrainingFixture.inputs(20))) {
            ($0.learningRate, $0.warmupEpochs, $0.weightDecay) = (1e30, 0, 1e10)
        }
        let error = #expect(throws: TrainingError.self) { try trainer.run(in: folder.path("run")) }
        #expect("\(try #require(error))".contains("lower learning rate"))
    }

    private func expectRefusal(_ text: String, _ body: () throws -> Trainer) {
        do {
            _ = try body()
            Issue.record("not refused: \(text)")
        } catch {
            #expect("\(error)".contains(text), "\(error)")
        }
    }
}
