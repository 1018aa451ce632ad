import NeuralNetwork
import NumericCore
import TestSupport
import Testing

/// Pickles written instruction by instruction, for what PyTorch itself never writes.
struct TorchPickleTests {
    /// A zip with one storage of four floats named 0 and this pickle.
    private func open(_ pickle: [UInt8], byteOrder: String = "little") throws -> TensorArchive {
        var writer = ZipWriter(path: "x")
        try writer.add("a/data.pkl", pickle, method: .stored)
        try writer.add("a/byteorder", Array(byteOrder.utf8), method: .stored)
        let floats: [Float] = [1, 2, 3, 4]
        try writer.add("a/data/0", floats.withUnsafeBytes { [UInt8]($0) }, method: .deflated)
        return try TensorArchive.open(ByteSource(writer.finished(), label: "x"))
    }

    private func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    private func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }

    private func integer(_ value: Int32) -> [UInt8] {
        var bytes: [UInt8] = [0x4A]
        bytes.append(littleEndian: value)
        return bytes
    }

    private func tuple(_ values: [Int32]) -> [UInt8] { [0x28] + values.flatMap { integer($0) } + [0x74] }

    /// `{"w": tensor}` with a chosen window on a storage that claims `count` elements.
    private func pickle(
        key: String = "0", count: Int32 = 4, offset: Int32 = 0, shape: [Int32], strides: [Int32]
    ) -> [UInt8] {
        let kind = global("torch", "FloatStorage")
        let id = [0x28] + text("storage") + kind + text(key) + text("cpu") + integer(count) + [0x74]
        let hooks = global("collections", "OrderedDict") + [0x29, 0x52]
        let window = integer(offset) + tuple(shape) + tuple(strides)
        let arguments = [0x28] + id + [0x51] + window + [0x89] + hooks + [0x74]
        let tensor = global("torch._utils", "_rebuild_tensor_v2") + arguments + [0x52]
        return [0x80, 2, 0x7D] + text("w") + tensor + [0x73, 0x2E]
    }

    @Test func `a window inside its storage is read`() throws {
        let archive = try open(pickle(offset: 1, shape: [3, 1], strides: [1, 9]))
        #expect(try archive.float32("w") == Tensor([2, 3, 4], shape: [3, 1]))
        #expect(try open(pickle(shape: [], strides: [])).float32("w") == Tensor([1], shape: []))
        #expect(try open(pickle(offset: 4, shape: [0, 3], strides: [3, 1])).float32("w").shape == [0, 3])
    }

    @Test(
        arguments: [
            (0, [5], [1]), (1, [4], [1]), (0, [2, 2], [3, 1]), (-1, [2], [1]), (0, [-1], [1]), (3, [2], [-1]),
            (0, [2], [1, 1]), (0, [Int32.max, Int32.max, 8], [0, 0, 0]), (0, [1000], [0]),
            (0, [Int32.max, Int32.max, Int32.max], [Int32.max, Int32.max, Int32.max]), (5, [0], [1]),
        ] as [(Int32, [Int32], [Int32])])
    func `a window outside its storage is damage`(offset: Int32, shape: [Int32], strides: [Int32]) throws {
        let error = #expect(throws: CheckpointError.self) {
            try open(pickle(offset: offset, shape: shape, strides: strides))
        }
        guard case .malformedPickle("x!a/data.pkl", _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a storage that is absent, or of another size than stated, is damage`() throws {
        #expect(throws: CheckpointError.self) { try open(pickle(key: "1", shape: [4], strides: [1])) }
        #expect(throws: CheckpointError.self) { try open(pickle(count: 3, shape: [3], strides: [1])) }
        #expect(throws: CheckpointError.self) { try open(pickle(count: 5, shape: [4], strides: [1])) }
        #expect(throws: CheckpointError.self) { try open(pickle(count: -4, shape: [0], strides: [1])) }
    }

    @Test func `a file from a big-endian machine is refused`() throws {
        let good = pickle(shape: [4], strides: [1])
        #expect(try open(good).float32("w").elements == [1, 2, 3, 4])
        #expect(throws: CheckpointError.self) { try open(good, byteOrder: "big") }
    }

    @Test(arguments: [
        "os.system", "builtins.eval", "torch.load", "torch.storage._load_from_bytes", "collections.deque",
    ])
    func `any name but the listed ones is refused, by GLOBAL and by STACK_GLOBAL`(name: String) throws {
        let parts = name.split(separator: ".").map(String.init)
        let (module, last) = (parts.dropLast().joined(separator: "."), try #require(parts.last))
        for mention in [global(module, last), text(module) + text(last) + [0x93]] {
            let error = CheckpointError.refusedGlobal(path: "x!a/data.pkl", name: name)
            #expect(throws: error) { try open([0x80, 2] + mention + [0x2E]) }
        }
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `a lone instruction is refused or damage, never a trap`(code: UInt8) throws {
        let understood: Set<UInt8> = [
            0x80, 0x95, 0x28, 0x2E, 0x30, 0x4E, 0x88, 0x89, 0x4A, 0x4B, 0x4D, 0x8A, 0x47, 0x58, 0x8C, 0x29, 0x5D, 0x7D,
            0x74, 0x85, 0x86, 0x87, 0x61, 0x65, 0x73, 0x75, 0x71, 0x72, 0x94, 0x68, 0x6A, 0x63, 0x93, 0x51, 0x52, 0x62,
        ]
        let error = #expect(throws: CheckpointError.self) { try open([0x80, 2, code]) }
        if understood.contains(code) {
            guard case .malformedPickle? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        } else {
            #expect(error == .refusedOpcode(path: "x!a/data.pkl", code: code, offset: 2))
        }
    }

    @Test func `containers that hold themselves, or describe exponentially many values, end in an error`() throws {
        // {"a": itself}
        let loop: [UInt8] = [0x80, 2, 0x7D, 0x71, 0] + text("a") + [0x68, 0, 0x73, 0x2E]
        #expect(throws: CheckpointError.self) { try open(loop) }
        // Each level holds the one below 100 times: 100^8 leaves.
        var wide: [UInt8] = [0x80, 2, 0x7D, 0x71, 0, 0x30]
        for level in UInt8(0)..<8 {
            let items = (0..<100).flatMap { _ -> [UInt8] in [0x68, level] }
            wide += [0x28] + items + [0x74, 0x71, level + 1, 0x30]
        }
        #expect(throws: CheckpointError.self) { try open(wide + [0x68, 8, 0x2E]) }
        // A tuple in a tuple, a million deep, must not overflow the stack when freed.
        let deep = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E]
        #expect(throws: CheckpointError.self) { try open(deep) }
    }

    @Test func `damaged archives never trap and never take much memory`() async {
        await #expect(processExitsWith: .success) {
            let originals = try ArrayManifest.files(in: "torch").map { try $0.bytes }
            let pickles = try originals.map { bytes in
                let archive = try ZipArchive(ByteSource(bytes, label: "x"))
                let name = try #require(archive.names.first { $0.hasSuffix("data.pkl") })
                return try archive.read(name)
            }
            try ProcessMemory.limit(extraByteCount: 1 << 30)
            var mutator = SeededMutator(seed: 4)
            var refusals = 0
            for index in 0..<6000 {
                let pick = index % originals.count
                do {
                    let archive =
                        index.isMultiple(of: 2)
                        ? try TensorArchive.open(ByteSource(mutator.mutate(originals[pick]), label: "x"))
                        : try repacked(mutator.mutate(pickles[pick]))
                    for name in archive.names { _ = try archive.float32(name) }
                } catch is CheckpointError { refusals += 1 }
            }
            try #require(refusals > 3000, "only \(refusals) of 6000 damaged files were refused")
        }
    }
}

/// An intact zip around a damaged pickle, so that the checksum does not hide the damage.
private func repacked(_ pickle: [UInt8]) throws -> TensorArchive {
    var writer = ZipWriter(path: "x")
    try writer.add("a/data.pkl", pickle, method: .stored)
    for (key, count) in [48, 10, 8, 16, 32, 8, 2, 1, 1, 2, 4, 0].enumerated() {
        try writer.add("a/data/\(key)", [UInt8](repeating: 0, count: count), method: .stored)
    }
    return try TensorArchive.open(ByteSource(writer.finished(), label: "x"))
}
