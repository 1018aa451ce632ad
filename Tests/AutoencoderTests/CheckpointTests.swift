import Autoencoder
import Foundation
import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct CheckpointTests {
    private func model() throws -> (golden: AssembledGolden<AutoencoderConfiguration>, layout: ParameterLayout) {
        let golden = try AssembledGolden<AutoencoderConfiguration>("autoencoder_python")
        return (golden, MultimodalAutoencoder(golden.configuration).layout)
    }

    @Test func `a PyTorch training checkpoint and its safetensors hold the same model`() throws {
        let (golden, layout) = try model()
        let nested = try ModelState(path: golden.arrays.folder.appendingPathComponent("model.pt").path, layout: layout)
        #expect(nested == (try golden.state(layout)))
        let plain = try AssembledGolden<AudioEncoderConfiguration>("audio_convolution")
        var audio = ParameterLayout()
        _ = AudioEncoder(plain.configuration, in: &audio)
        let state = try ModelState(path: plain.arrays.folder.appendingPathComponent("model.pt").path, layout: audio)
        #expect(state == (try plain.state(audio)))
    }

    @Test func `what is written is read back bit by bit, and the same bytes as the reference writer's`() throws {
        let (golden, layout) = try model()
        var state = try golden.state(layout)
        let folder = try TemporaryFolder()
        try state.write(to: folder.path("same.safetensors"))
        let reference = try SafetensorsFile(path: golden.arrays.folder.appendingPathComponent("model.safetensors").path)
        let written = try SafetensorsFile(path: folder.path("same.safetensors"))
        #expect(written.names == reference.names)
        for name in reference.names {
            let (ours, theirs) = (try written.array(name), try reference.array(name))
            #expect(ours.bytes == theirs.bytes && ours.shape == theirs.shape, "\(name)")
            #expect(ours.elementType == theirs.elementType, "\(name)")
        }
        var pass = ForwardPass.training(seed: 1)
        var generator = Xoshiro256(seed: 2)
        let shape = [2, try #require(golden.configuration.encoder.video).inputCount]
        let model = MultimodalAutoencoder(golden.configuration)
        let input = MultimodalInput(
            video: generator.normalTensor(shape: shape),
            audio: .codes(Tensor(repeating: 3, shape: [2, 3, 10])), text: generator.normalTensor(shape: [2, 10]))
        _ = model.forward(input, state, &pass)
        state.absorb(pass)
        try state.write(to: folder.path("next.safetensors"), metadata: ["epoch": "1"])
        #expect(try ModelState(path: folder.path("next.safetensors"), layout: layout) == state)
        #expect(state.counters.allSatisfy { $0 == 1 })
    }

    @Test func `missing, unknown and mis-shaped tensors are errors that name the key`() throws {
        let (golden, layout) = try model()
        let path = golden.arrays.folder.appendingPathComponent("model.safetensors").path
        var larger = golden.configuration
        larger.encoder.text?.widths = [7, 4, 3]
        larger.encoder.text?.dropoutRates = [0, 0, 0]
        larger.decoder.textCount = 9
        let missing = #expect(throws: ModelStateError.self) {
            try ModelState(path: path, layout: MultimodalAutoencoder(larger).layout)
        }
        #expect(missing?.description.contains("encoder.text_encoder.fc3.weight") == true)
        var smaller = golden.configuration
        smaller.encoder.voxelCount = nil
        let unexpected = #expect(throws: ModelStateError.self) {
            try ModelState(path: path, layout: MultimodalAutoencoder(smaller).layout)
        }
        #expect(unexpected?.description.contains("encoder.bottleneck_to_voxels.0.bias") == true)
        var wider = golden.configuration
        wider.decoder.textCount = 9
        let error = ModelStateError.shape(
            path: path, name: "decoder.layer13_text.weight", expected: [9, 6], found: [8, 6])
        #expect(throws: error) { try ModelState(path: path, layout: MultimodalAutoencoder(wider).layout) }
        #expect(throws: ModelStateError.self) { try ModelState(path: path + ".absent", layout: layout) }
    }
}
