import EnCodec
import Foundation
import NeuralNetwork
import NumericCore
import TestSupport
import Testing
import Verification

/// Weights from every spelling and container, and every way in which they can be wrong.
@Suite struct WeightLoadingTests {
    @Test(
        "The older weight-norm spelling and PyTorch's container give the same codes and audio",
        arguments: ["model_weight_norm_legacy.safetensors", "pytorch_model.bin"])
    func spellings(file: String) throws {
        let golden = try GoldenCase("small")
        let samples = try golden.samples("inputs/music")
        let expected = try golden.storedModel().encode(samples, bandwidthKbps: 1.5)
        let model = try golden.storedModel(weights: file)
        #expect(try model.encode(samples, bandwidthKbps: 1.5) == expected)
        expectEqual(try model.decode(expected), try golden.storedModel().decode(expected), file)
    }

    @Test("The tensor list of the configuration is the list of the stored weights")
    func tensorList() throws {
        for name in ["small", "small_stereo", "small_identity"] {
            let files = try CodecFiles.locate(GoldenCase(name).folder.path)
            let stored = try files.weightSource().shapes.filter { name, _ in
                !["inited", "cluster_size", "embed_avg"].contains { name.hasSuffix($0) }
            }
            let listed = Dictionary(uniqueKeysWithValues: try files.configuration().tensors.map { ($0.name, $0.shape) })
            #expect(listed == stored, "\(name)")
        }
    }

    @Test("The formula gives the values that Python computed")
    func formula() {
        // 0.1 times what GoldenData/generate/encodec/formula.py gives for unit_values("a", 3, 1), which prints 8 digits:
        // half a unit of the last digit and one float32 rounding are together below 2^-23 of each value.
        let tensor = TensorDescription(name: "a", shape: [3], role: .bias)
        let values = FormulaWeights(modelSeed: 1).values(of: tensor)
        expectClose(values, [0.032101196, -0.082039016, 0.096289605], bound: 0x1p-23, relativeTo: .elementwise)
    }

    private func source(_ change: (inout [String: [Int]]) -> Void, poison: String? = nil) throws -> WeightSource {
        let whole = try CodecFiles.locate(GoldenCase("small").folder.path).weightSource()
        var shapes = whole.shapes
        change(&shapes)
        return WeightSource(name: "changed", shapes: shapes) { name throws(EncodecError) in
            var values = try whole.read(name)
            if name == poison { values[1] = .nan }
            return values
        }
    }

    private func failure(_ source: WeightSource) throws -> EncodecError? {
        let configuration = try CodecFiles.locate(GoldenCase("small").folder.path).configuration()
        do {
            _ = try EncodecModel(configuration: configuration, weights: source)
            return nil
        } catch { return error }
    }

    @Test("A missing, superfluous, mis-shaped or damaged tensor is an error that names it")
    func wrongTensors() throws {
        let bias = "decoder.layers.0.conv.bias"
        #expect(try failure(source { $0[bias] = nil }) == .missingTensor(name: bias, source: "changed"))
        #expect(
            try failure(source { $0["decoder.layers.0.conv.bais"] = [3] })
                == .unknownTensors(names: ["decoder.layers.0.conv.bais"], source: "changed"))
        #expect(
            try failure(source { $0[bias] = [7] })
                == .wrongShape(name: bias, expected: [32], found: [7], source: "changed"))
        #expect(
            try failure(source({ _ in }, poison: bias))
                == .nonFiniteWeight(name: bias, index: 1, source: "changed"))
        #expect(try failure(source { _ in }) == nil)
    }

    @Test("A codec that is nowhere is an error that lists where it was looked for")
    func nowhere() throws {
        let environment = ["HF_HOME": "/nonexistent/home"]
        let tried = ["'acme/codec'", "'/nonexistent/home/hub/models--acme--codec/snapshots'"]
        #expect(throws: EncodecError.noSuchCodec(specification: "acme/codec", tried: tried)) {
            try CodecFiles.locate("acme/codec", environment: environment)
        }
    }

    @Test("A hub id is found in the snapshot that main names")
    func hubCache() throws {
        let cache = FileManager.default.temporaryDirectory.appendingPathComponent("hub-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: cache) }
        let model = cache.appendingPathComponent("models--acme--codec")
        for snapshot in ["aaaa", "bbbb"] {
            let folder = model.appendingPathComponent("snapshots/\(snapshot)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for file in ["config.json", "model.safetensors"] {
                try FileManager.default.copyItem(
                    atPath: GoldenCase("small").folder.path + "/" + file, toPath: folder.path + "/" + file)
            }
        }
        let references = model.appendingPathComponent("refs")
        try FileManager.default.createDirectory(at: references, withIntermediateDirectories: true)
        try Data("bbbb\n".utf8).write(to: references.appendingPathComponent("main"))
        let files = try CodecFiles.locate("acme/codec", environment: ["HF_HUB_CACHE": cache.path])
        #expect(files.weightsPath == model.path + "/snapshots/bbbb/model.safetensors")
        #expect(try files.load().configuration.codebookSize == 32)
    }
}
