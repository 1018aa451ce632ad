import Foundation
import NeuralNetwork
import NumericCore
import TestSupport
import Testing

struct TensorArchiveTests {
    @Test(arguments: try ArrayManifest.files(in: "torch") + ArrayManifest.files(in: "safetensors"))
    func `every tensor PyTorch saved is read, whatever its type and strides`(file: ArrayManifest.File) throws {
        let expected = try #require(file.tensors)
        let archive = try TensorArchive.open(path: file.path)
        #expect(archive.format == (file.file.hasPrefix("torch") ? .torch : .safetensors))
        #expect(archive.names == expected.keys.sorted())
        for (name, values) in expected {
            #expect(try archive.shape(of: name) == values.shape)
            #expect(try archive.elementType(of: name).rawValue == values.dtype)
            guard isExactInFloat(values) else { continue }
            let tensor = try archive.float32(name)
            #expect(tensor.shape == values.shape)
            expectEqual(tensor.elements.map { Double($0) }, values.values.compactMap { Double($0) }, name)
        }
    }

    /// False for the extremes of wide integers; reading them must fail, which another test shows.
    private func isExactInFloat(_ values: ArrayManifest.Values) -> Bool {
        !values.dtype.contains("int") || values.values.allSatisfy { Int64($0).flatMap { Float(exactly: $0) } != nil }
    }

    @Test func `an integer that Float cannot hold is an error that names it`() throws {
        let path = Repository.golden("arrays/safetensors/every_type.safetensors").path
        let archive = try TensorArchive.open(path: path)
        let inexact = ArrayFileError.inexact(
            path: "\(path)!of.int32", index: 1, value: "2147483647", target: "float32")
        #expect(throws: CheckpointError.file(inexact)) { try archive.float32("of.int32") }
    }

    @Test func `an unknown name is an error that lists known ones`() throws {
        for file in ["arrays/torch/views.pt", "arrays/safetensors/float32.safetensors"] {
            let archive = try TensorArchive.open(path: Repository.golden(file).path)
            let error = CheckpointError.unknownTensor(path: archive.path, name: "w", available: archive.names)
            #expect(throws: error) { try archive.float32("w") }
            #expect(throws: error) { try archive.shape(of: "w") }
            #expect(throws: error) { try archive.elementType(of: "w") }
        }
    }

    @Test func `a pickle that would run a command is refused by the command's name, and runs nothing`() throws {
        let path = Repository.golden("arrays/torch/evil.pt").path
        let pickle = "\(path)!evil/data.pkl"
        #expect(throws: CheckpointError.refusedGlobal(path: pickle, name: "posix.system")) {
            try TensorArchive.open(path: path)
        }
        #expect(!FileManager.default.fileExists(atPath: "codecgate_was_here"))
    }

    @Test func `a whole module is refused by its class`() throws {
        let path = Repository.golden("arrays/torch/whole_module.pt").path
        let name = "torch.nn.modules.container.Sequential"
        #expect(throws: CheckpointError.refusedGlobal(path: "\(path)!whole_module/data.pkl", name: name)) {
            try TensorArchive.open(path: path)
        }
    }

    @Test func `the format before PyTorch 1_6 is named with the remedy`() throws {
        let path = Repository.golden("arrays/torch/legacy.pt").path
        let error = #expect(throws: CheckpointError.legacyTorch(path: path)) { try TensorArchive.open(path: path) }
        #expect(error?.description.contains("torch.save") == true)
    }

    @Test func `other files are told apart by content`() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(Array("RIFFxxxxWAVE".utf8), to: folder.path("model.safetensors"))
        let error = CheckpointError.unknownFormat(
            path: folder.path("model.safetensors"), start: "52 49 46 46 78 78 78 78 57 41 56 45")
        #expect(throws: error) { try TensorArchive.open(path: folder.path("model.safetensors")) }
        try AtomicFile.write([], to: folder.path("empty"))
        #expect(throws: CheckpointError.unknownFormat(path: folder.path("empty"), start: "nothing")) {
            try TensorArchive.open(path: folder.path("empty"))
        }
        #expect(throws: CheckpointError.self) { try TensorArchive.open(path: folder.path("absent")) }
        let npz = Repository.golden("arrays/npz/stored.npz").path
        let reason = "it is a zip with 0 members data.pkl; a PyTorch file has one"
        #expect(throws: CheckpointError.file(.unsupported(path: npz, reason: reason))) {
            try TensorArchive.open(path: npz)
        }
    }
}
