import Glibc
import NumericCore
import TestSupport
import Testing

/// Damaged files in a process of their own: a trap ends it, and so does taking 1 GiB more than at its start.
struct HostileFileTests {
    @Test func `damaged npy files never trap and never take much memory`() async {
        await #expect(processExitsWith: .success) {
            let files = try ArrayManifest.files(in: "npy")
            try fuzz(files, seed: 1, count: 4000) { source in _ = try NpyFile.decode(source).float64() }
        }
    }

    @Test func `damaged npz files never trap and never take much memory`() async {
        await #expect(processExitsWith: .success) {
            try fuzz(try ArrayManifest.files(in: "npz"), seed: 2, count: 4000) { source in
                let archive = try NpzFile(source)
                for name in archive.names { _ = try archive.array(name).float64() }
            }
        }
    }

    @Test func `damaged safetensors files never trap and never take much memory`() async {
        await #expect(processExitsWith: .success) {
            try fuzz(try ArrayManifest.files(in: "safetensors"), seed: 3, count: 4000) { source in
                let archive = try SafetensorsFile(source)
                for name in archive.names { _ = try archive.float32(name) }
            }
        }
    }
}

/// Reads `count` damaged copies; errors of the module are what is wanted, and some must occur.
private func fuzz(
    _ files: [ArrayManifest.File], seed: UInt64, count: Int, read: (ByteSource) throws -> Void
) throws {
    let originals = try files.map { try $0.bytes }
    try ProcessMemory.limit(extraByteCount: 1 << 30)
    var mutator = SeededMutator(seed: seed)
    var refusals = 0
    for index in 0..<count {
        let source = ByteSource(mutator.mutate(originals[index % originals.count]), label: "x")
        do { try read(source) } catch is ArrayFileError { refusals += 1 }
    }
    try #require(refusals > count / 4, "only \(refusals) of \(count) damaged files were refused")
}
