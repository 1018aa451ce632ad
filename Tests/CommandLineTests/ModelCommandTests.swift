import Foundation
import NumericCore
import TestSupport
import Testing

struct ModelCommandTests {
    /// A golden part: where its numbers are, and what PyTorch gives in evaluation mode.
    struct Part: CustomTestStringConvertible {
        let name: String
        let model: String
        var file = "model.safetensors"
        var options: [String] = []
        var testDescription: String { "\(name)/\(file)" }
    }

    private static let parts = [
        Part(name: "audio_convolution", model: "audio-encoder"),
        Part(name: "audio_convolution", model: "audio-encoder", file: "model.pt"),
        Part(name: "audio_seed_view", model: "audio-encoder", options: ["--reshape", "seed-view"]),
        Part(name: "audio_shared", model: "audio-encoder"), Part(name: "audio_mel", model: "audio-encoder"),
        Part(name: "audio_linear", model: "audio-encoder"), Part(name: "audio_linear_mel", model: "audio-encoder"),
        Part(name: "decoder_factorized", model: "decoder"),
        Part(name: "decoder_mel_zero", model: "decoder", options: ["--tail", "zero"]),
        Part(name: "decoder_mel_repeat", model: "decoder", options: ["--frames", "66"]),
        Part(name: "decoder_mel_cut", model: "decoder", options: ["--frames", "61", "--tail", "repeat-last"]),
    ]

    /// Writes a golden input as a file and gives the call that reads it.
    private func call(_ part: Part, _ golden: ModelGolden, _ folder: borrowing TemporaryFolder) throws -> [String] {
        let input = folder.path("x.npy")
        if part.model == "decoder" {
            try NpyFile.write(golden.floats("input.bottleneck"), to: input)
        } else if part.name.hasSuffix("mel") {
            try NpyFile.write(golden.floats("input.audio"), to: input)
        } else {
            try NpyFile.write(golden.integers("input.audio"), to: input)
        }
        let checkpoint = golden.folder.appendingPathComponent(part.file).path
        return ["model", "run", "--model", part.model, "--checkpoint", checkpoint, "--input", input] + part.options
    }

    @Test(arguments: parts)
    func `a part that is run from its file gives PyTorch's output`(part: Part) throws {
        let folder = try TemporaryFolder()
        let golden = try ModelGolden(part.name)
        try Program.succeed(call(part, golden, folder) + ["-o", folder.path("y.npy")])
        let actual = try NpyFile.read(path: folder.path("y.npy")).float32()
        let expected = try golden.floats("eval.output.audio")
        #expect(actual.shape == expected.shape)
        expectClose(actual.elements, expected.elements, bound: golden.forwardBound, relativeTo: .peak)
    }

    @Test func `a decoder inside a nested PyTorch checkpoint gives all modalities, and codes on demand`() throws {
        let folder = try TemporaryFolder()
        let golden = try ModelGolden("autoencoder_python")
        let bottleneck = try golden.floats("eval.output.bottleneck")
        try NpyFile.write(bottleneck, to: folder.path("x.npy"))
        let call = [
            "model", "run", "--model", "decoder", "--checkpoint", golden.folder.appendingPathComponent("model.pt").path,
            "--input", folder.path("x.npy"), "--codebooks", "3",
        ]
        try Program.succeed(call + ["-o", folder.path("y.npz")])
        let file = try NpzFile(path: folder.path("y.npz"))
        #expect(file.names == ["audio", "video", "text"])
        for name in file.names {
            let expected = try golden.floats("eval.output.\(name)")
            // The state_dict does not tell that this model's codes end at 15 and not at 1023.
            let factor: Float = name == "audio" ? 15.0 / 1023 : 1
            let actual = try file.array(name).float32().elements.map { $0 * factor }
            expectClose(actual, expected.elements, bound: 2 * golden.forwardBound, relativeTo: .peak, name)
        }
        try Program.succeed(call + ["-o", folder.path("c.npy"), "--codes"])
        let codes = try NpyFile.read(path: folder.path("c.npy")).int32()
        let numbers = try file.array("audio").float32().elements
        #expect(codes.shape == [bottleneck.shape[0], 3, 10])
        #expect(codes.elements == numbers.map { Int32($0.rounded(.toNearestOrEven)) })
    }

    @Test func `the encoder of a training checkpoint runs on the features it was trained on`() throws {
        let folder = try TemporaryFolder()
        let codes = (0..<(12 * 2 * 113)).map { Int32($0 * 37 % 1024) }
        try NpyFile.write(Tensor(codes, shape: [12, 2, 113]), to: folder.path("f.npy"))
        try Program.succeed(["train", folder.path("f.npy"), "-o", folder.path("run"), "--epochs", "1", "--gap", "0"])
        let call = [
            "model", "run", "--model", "audio-encoder", "--checkpoint", folder.path("run/best.safetensors"), "--input",
        ]
        let output = ["-o", folder.path("y.npy")]
        try Program.succeed(call + [folder.path("f.npy")] + output)
        let whole = try NpyFile.read(path: folder.path("y.npy")).float32()
        #expect(whole.shape == [12, 64] && Set(whole.elements).count > 100)
        // A row of its own gives the same vector: nothing of the batch is used.
        try NpyFile.write(Tensor(Array(codes[5 * 226..<6 * 226]), shape: [1, 2, 113]), to: folder.path("one.npy"))
        try Program.succeed(call + [folder.path("one.npy")] + output)
        let one = try NpyFile.read(path: folder.path("y.npy")).float32()
        expectClose(one.elements, Array(whole.elements[5 * 64..<6 * 64]), bound: 1e-6, relativeTo: .peak)
        try Program.expectFailure(
            call + [folder.path("f.npy"), "--reshape", "seed-view"] + output, status: 64, saying: ["said twice"])
    }

    @Test func `checkpoints that do not fit end with a sentence that names the tensor or the shape`() throws {
        let folder = try TemporaryFolder()
        let golden = try ModelGolden("audio_convolution")
        let part = Self.parts[0]
        let right = try call(part, golden, folder) + ["-o", folder.path("y.npy")]
        func replacing(_ option: String, _ value: String) -> [String] {
            var result = right
            if let index = result.firstIndex(of: option) { result[index + 1] = value }
            return result
        }
        try Program.expectFailure(
            replacing("--model", "decoder"), status: 65, saying: ["holds no decoder", "layer8.0.weight"])
        try Program.expectFailure(
            replacing("--checkpoint", folder.path("none.pt")), status: 66, saying: [folder.path("none.pt")])
        try Program.expectFailure(replacing("-o", folder.path("x.npy")), status: 64, saying: ["is the input itself"])
        try Program.expectFailure(replacing("-o", folder.path("y.txt")), status: 64, saying: [".npy nor .npz"])
        try NpyFile.write(Tensor([Int32](repeating: 3, count: 40), shape: [2, 2, 10]), to: folder.path("two.npy"))
        try Program.expectFailure(
            replacing("--input", folder.path("two.npy")), status: 65, saying: ["(batch, 3, 10)", "[2, 2, 10]"])
        // The same file without one tensor, and with one of another shape.
        let archive = try SafetensorsFile(path: golden.folder.appendingPathComponent("model.safetensors").path)
        for (name, isMissing) in [("fc.1.bias", true), ("bn_k5.weight", false)] {
            var writer = SafetensorsWriter()
            for key in archive.names {
                let tensor = try archive.array(key).float32()
                if key != name {
                    writer.add(tensor, as: key)
                } else if !isMissing {
                    writer.add(Tensor([Float(0), 1], shape: [2]), as: key)
                }
            }
            try writer.write(to: folder.path("bad.safetensors"))
            try Program.expectFailure(
                replacing("--checkpoint", folder.path("bad.safetensors")), status: 65,
                saying: [name, isMissing ? "lacks" : "the shape [2] where the model has [6]"])
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("y.npy")))
    }
}
