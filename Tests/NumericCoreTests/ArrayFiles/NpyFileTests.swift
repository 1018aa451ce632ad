import Foundation
import NumericCore
import TestSupport
import Testing

struct NpyFileTests {
    @Test(arguments: try ArrayManifest.files(in: "npy"))
    func `every value NumPy wrote is read`(file: ArrayManifest.File) throws {
        let expected = try #require(file.tensors?[""])
        try expected.expectExactly(NpyFile.read(path: file.path))
        let header = try NpyFile.header(path: file.path)
        #expect(header.descriptor == file.descr)
        #expect(header.version == file.version)
        #expect(header.isColumnMajor == file.fortran)
        #expect(header.isBigEndian == file.descr?.hasPrefix(">"))
    }

    @Test(arguments: try ArrayManifest.files(in: "npy", refused: true))
    func `types without a number are refused by name`(file: ArrayManifest.File) throws {
        let error = #expect(throws: ArrayFileError.self) { try NpyFile.read(path: file.path) }
        guard case .unsupported(let path, let reason)? = error else {
            Issue.record("\(file.file) gave \(String(describing: error))")
            return
        }
        #expect(path == file.path && reason.contains("save"))
    }

    @Test(arguments: [
        "i1_c", "i2_c", "i4_c", "i8_c", "u1_c", "u2_c", "u4_c", "u8_c", "f2_c", "f4_c", "f8_c", "f8_scalar",
        "f4_full_header",
    ])
    func `writing gives the bytes of numpy save`(name: String) throws {
        let path = Repository.golden("arrays/npy/\(name).npy").path
        let array = try NpyFile.read(path: path)
        let bytes = try encodeAsStored(array)
        expectEqual(bytes, [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    private func encodeAsStored(_ array: NumericArray) throws -> [UInt8] {
        switch array.elementType {
        case .int8: NpyFile.encode(try array.tensor(of: Int8.self))
        case .int16: NpyFile.encode(try array.tensor(of: Int16.self))
        case .int32: NpyFile.encode(try array.int32())
        case .int64: NpyFile.encode(try array.int64())
        case .uint8, .bool: NpyFile.encode(try array.tensor(of: UInt8.self))
        case .uint16: NpyFile.encode(try array.tensor(of: UInt16.self))
        case .uint32: NpyFile.encode(try array.tensor(of: UInt32.self))
        case .uint64: NpyFile.encode(try array.tensor(of: UInt64.self))
        case .float16, .bfloat16: NpyFile.encode(try array.tensor(of: Float16.self))
        case .float32: NpyFile.encode(try array.float32())
        case .float64: NpyFile.encode(try array.float64())
        }
    }

    @Test func `a written file is read back and leaves nothing beside it`() throws {
        let folder = try TemporaryFolder()
        let tensor = Tensor<Float>([1, -0.5, .infinity, .leastNonzeroMagnitude, 0, 7], shape: [3, 2])
        try NpyFile.write(tensor, to: folder.path("a.npy"))
        #expect(try NpyFile.read(path: folder.path("a.npy")).float32() == tensor)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.npy"])
    }

    @Test func `truth values are read as such and as numbers`() throws {
        let array = try NpyFile.read(path: Repository.golden("arrays/npy/b1_c.npy").path)
        #expect(try array.bool().elements == (0..<12).map { $0 % 3 == 0 })
        #expect(try array.float32().elements == (0..<12).map { $0 % 3 == 0 ? 1 : 0 })
        let bytes = try NpyFile.read(path: Repository.golden("arrays/npy/u1_c.npy").path)
        #expect(throws: ArrayFileError.self) { try bytes.bool() }
    }

    @Test func `a truth value of 2 is damage`() throws {
        let path = Repository.golden("arrays/npy/b1_c.npy").path
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[bytes.count - 2] = 2
        let array = try NpyFile.decode(ByteSource(bytes, label: "x"))
        #expect(throws: ArrayFileError.malformed(path: "x", reason: "truth value 10 is 2, neither 0 nor 1")) {
            try array.bool()
        }
    }

    @Test func `a conversion that would change a value names the element`() throws {
        func inexact(_ index: Int, _ value: String, _ target: String) -> ArrayFileError {
            .inexact(path: "x", index: index, value: value, target: target)
        }
        let wide = try array(Tensor<Int64>([1, 16_777_217], shape: [2]))
        #expect(throws: inexact(1, "16777217", "float32")) { try wide.float32() }
        #expect(try wide.float64().elements == [1, 16_777_217])
        let fraction = try array(Tensor<Float>([0.5], shape: []))
        #expect(throws: inexact(0, "0.5", "int32")) { try fraction.int32() }
        let notANumber = try array(Tensor<Double>([1, .nan], shape: [2]))
        #expect(throws: inexact(1, "nan", "int64")) { try notANumber.int64() }
        #expect(try notANumber.float32().elements[1].isNaN)
        let tenth = try array(Tensor<Double>([0.25, 0.1], shape: [2]))
        #expect(throws: inexact(1, "0.1", "float32")) { try tenth.float32() }
        let negative = try array(Tensor<Int8>([3, -1], shape: [2]))
        #expect(throws: inexact(1, "-1", "uint16")) { try negative.tensor(of: UInt16.self) }
        let large = try array(Tensor<UInt64>([.max], shape: [1]))
        #expect(throws: inexact(0, "18446744073709551615", "int64")) { try large.int64() }
    }

    private func array<Element: ArrayElement>(_ tensor: Tensor<Element>) throws -> NumericArray {
        try NpyFile.decode(ByteSource(NpyFile.encode(tensor), label: "x"))
    }

    @Test(arguments: [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4611686018427387904), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1,", count: 80))), }",
        "",
    ])
    func `a header that lies is damage`(text: String) throws {
        let error = #expect(throws: ArrayFileError.self) { try NpyFile.decode(source(header: text, dataCount: 8)) }
        guard case .malformed? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a terabyte promised by a small file is refused before memory is taken`() throws {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }"
        let expected = ArrayFileError.truncated(
            path: "x", part: "the .npy data", needed: 4_000_000_000_000, available: 8)
        #expect(throws: expected) { try NpyFile.decode(source(header: text, dataCount: 8)) }
        let long: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(throws: ArrayFileError.self) { try NpyFile.decode(ByteSource(long, label: "x")) }
    }

    @Test func `a header text that is long without need is refused`() {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }" + String(repeating: " ", count: 70_000)
        var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0]
        bytes.append(littleEndian: UInt32(text.utf8.count))
        bytes += Array(text.utf8) + [0, 0, 0, 0]
        let error = ArrayFileError.malformed(path: "x", reason: "a header of 70055 bytes exceeds 65536")
        #expect(throws: error) { try NpyFile.decode(ByteSource(bytes, label: "x")) }
    }

    private func source(header: String, dataCount: Int) -> ByteSource {
        var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
        bytes.append(littleEndian: UInt16(header.utf8.count))
        return ByteSource(bytes + Array(header.utf8) + [UInt8](repeating: 0, count: dataCount), label: "x")
    }

    @Test func `every shorter prefix of a file is an error`() throws {
        let path = Repository.golden("arrays/npy/f4_c.npy").path
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for count in 0..<bytes.count {
            #expect(throws: ArrayFileError.self) {
                try NpyFile.decode(ByteSource(Array(bytes[..<count]), label: "x"))
            }
        }
    }
}
