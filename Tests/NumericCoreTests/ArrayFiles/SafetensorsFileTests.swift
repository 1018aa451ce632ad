import Foundation
import Glibc
import NumericCore
import TestSupport
import Testing

struct SafetensorsFileTests {
    @Test(arguments: try ArrayManifest.files(in: "safetensors"))
    func `every tensor the reference writer wrote is read`(file: ArrayManifest.File) throws {
        let expected = try #require(file.tensors)
        let archive = try SafetensorsFile(path: file.path)
        #expect(archive.names == expected.keys.sorted())
        #expect(archive.metadata == file.metadata ?? [:])
        for (name, values) in expected {
            try values.expectExactly(archive.array(name))
            #expect(try archive.shape(of: name) == values.shape)
            #expect(try archive.elementType(of: name).rawValue == values.dtype)
        }
    }

    @Test func `floats of every width are read as Float, doubles rounded to nearest`() throws {
        let archive = try SafetensorsFile(path: Repository.golden("arrays/safetensors/every_type.safetensors").path)
        for type in ["float64", "float32", "float16", "bfloat16"] {
            let values = try archive.float32("of.\(type)")
            expectEqual(values.elements, [0, -0.0, 1.5, -2, 0.15625, 240])
        }
        var writer = SafetensorsWriter()
        writer.add(Tensor<Double>([0.1, 1e300], shape: [2]), as: "d")
        writer.add(Tensor<Double>([0.1, -1 / 3], shape: [2]), as: "e")
        let folder = try TemporaryFolder()
        try writer.write(to: folder.path("d"))
        let doubles = try SafetensorsFile(path: folder.path("d"))
        expectEqual(try doubles.float32("e").elements, [0.1 as Float, Float(-1.0 / 3)])
        #expect(throws: ArrayFileError.self) { try doubles.float32("d") }
    }

    @Test func `the writer gives the bytes of the reference writer`() throws {
        let path = Repository.golden("arrays/safetensors/float32.safetensors").path
        let archive = try SafetensorsFile(path: path)
        var writer = SafetensorsWriter()
        for name in archive.names.reversed() { writer.add(try archive.float32(name), as: name) }
        let folder = try TemporaryFolder()
        try writer.write(to: folder.path("copy"))
        let copy = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("copy")))
        expectEqual(copy, [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    @Test func `wider elements come first, so that every tensor is aligned`() throws {
        var writer = SafetensorsWriter(metadata: ["note": "tab\there"])
        writer.add(Tensor<Int8>([1, 2, 3], shape: [3]), as: "a")
        writer.add(Tensor<Double>([0.1], shape: []), as: "z")
        writer.add(Tensor<UInt16>([65535], shape: [1]), as: "m")
        let folder = try TemporaryFolder()
        try writer.write(to: folder.path("mixed"))
        let archive = try SafetensorsFile(path: folder.path("mixed"))
        #expect(archive.metadata == ["note": "tab\there"])
        #expect(try archive.array("a").tensor(of: Int8.self).elements == [1, 2, 3])
        #expect(try archive.array("z").float64() == Tensor([0.1], shape: []))
        #expect(try archive.array("m").tensor(of: UInt16.self).elements == [65535])
        let file = try ByteSource.open(path: folder.path("mixed"))
        let length = try file.read(at: 0, count: 8, part: "length").littleEndian(at: 0, as: Int.self)
        let header = try HeaderJSON(parsing: file.read(at: 8, count: length, part: "header"), path: "x")
        #expect(length.isMultiple(of: 8))
        #expect(header.members?.map(\.key) == ["__metadata__", "z", "m", "a"])
        #expect(["z", "m", "a"].map { header[$0]?["data_offsets"]?.integers } == [[0, 8], [8, 10], [10, 13]])
    }

    @Test(arguments: [
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[0,4611686018427387904,8],"data_offsets":[0,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-9223372036854775808,9223372036854775807]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}"#,
        #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#,
        #"{"__metadata__":{"n":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x"#,
        #"[]"#, #"{"#, "",
    ])
    func `a header that lies is damage`(text: String) throws {
        let error = #expect(throws: ArrayFileError.self) { try SafetensorsFile(source(header: text)) }
        guard case .malformed? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a tensor outside the file, and a type without numbers here, are named`() throws {
        let far = #"{"a":{"dtype":"U8","shape":[1000000000000],"data_offsets":[0,1000000000000]}}"#
        let error = ArrayFileError.truncated(path: "x", part: "tensor \"a\"", needed: 1_000_000_000_000, available: 8)
        #expect(throws: error) { try SafetensorsFile(source(header: far)) }
        let small = #"{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#
        let refusal = ArrayFileError.unsupported(path: "x", reason: "tensor \"a\" has type F8_E4M3; convert it to F32")
        #expect(throws: refusal) { try SafetensorsFile(source(header: small)) }
        let endless = ByteSource([UInt8](repeating: 0xFF, count: 64), label: "x")
        #expect(throws: ArrayFileError.self) { try SafetensorsFile(endless) }
    }

    private func source(header: String) -> ByteSource {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt64(header.utf8.count))
        return ByteSource(bytes + Array(header.utf8) + [UInt8](repeating: 0, count: 8), label: "x")
    }

    @Test func `an error beyond the first piece of a large tensor names the right element`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        let numbers = [Int32](repeating: 3, count: 600_000) + [16_777_217, 5]
        writer.add(Tensor(numbers, shape: [600_002]), as: "n")
        try writer.write(to: folder.path("large"))
        let error = ArrayFileError.inexact(
            path: folder.path("large") + "!n", index: 600_000, value: "16777217", target: "float32")
        #expect(throws: error) { try SafetensorsFile(path: folder.path("large")).float32("n") }
    }

    @Test func `a tensor is read without a second copy, and a small one without the large one`() async {
        await #expect(processExitsWith: .success) {
            // 96 MiB of zeros that take no disk, behind one small tensor.
            let folder = try TemporaryFolder()
            let path = folder.path("sparse")
            let small = #""small":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
            let large = #""large":{"dtype":"F32","shape":[25165824],"data_offsets":[4,100663300]}"#
            var bytes: [UInt8] = []
            bytes.append(littleEndian: UInt64(small.utf8.count + large.utf8.count + 3))
            bytes += Array("{\(small),\(large)}".utf8)
            try AtomicFile.write(bytes, to: path)
            try #require(truncate(path, off_t(bytes.count + 100_663_300)) == 0)
            let start = try ProcessMemory.peakByteCount
            let archive = try SafetensorsFile(path: path)
            try #require(try archive.float32("small").elements == [0])
            try #require(try ProcessMemory.peakByteCount - start < 8 << 20)
            let tensor = try archive.float32("large")
            try #require(tensor.elements.allSatisfy { $0 == 0 } && tensor.count == 25_165_824)
            try #require(try ProcessMemory.peakByteCount - start < 112 << 20)
        }
    }

    @Test func `every shorter prefix of a file is an error`() throws {
        let path = Repository.golden("arrays/safetensors/float32.safetensors").path
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for count in 0..<bytes.count {
            #expect(throws: ArrayFileError.self) { try SafetensorsFile(ByteSource(Array(bytes[..<count]), label: "x")) }
        }
    }
}
