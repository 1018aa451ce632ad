import Autoencoder
import NumericCore
import Testing

struct AudioPredictionTests {
    @Test func `continuous codes round half to even and stay in the vocabulary`() {
        let values = Tensor<Float>([-0.4, 0.5, 1.5, 2.49, 1022.6, 1023, 1024.2, .nan], shape: [1, 2, 4])
        let codes = AudioPrediction.codes(values).codes(vocabularySize: 1024)
        #expect(codes == Tensor([0, 0, 2, 2, 1023, 1023, 1023, 0], shape: [1, 2, 4]))
    }

    @Test func `logits give the largest, the first among equals`() {
        let logits = Tensor<Float>([0, 2, 1, 5, 5, 4, -3, -2, -2], shape: [1, 1, 3, 3])
        #expect(AudioPrediction.logits(logits).codes(vocabularySize: 3) == Tensor([1, 0, 1], shape: [1, 1, 3]))
    }

    @Test func `mel features are no codes`() {
        #expect(AudioPrediction.mel(Tensor([1], shape: [1, 1, 1])).codes(vocabularySize: 1024) == nil)
    }
}
