import Foundation
import NumericCore
import TestSupport
import Testing

struct NpzFileTests {
    @Test(arguments: try ArrayManifest.files(in: "npz"))
    func `every array NumPy packed is read`(file: ArrayManifest.File) throws {
        let expected = try #require(file.tensors)
        let npz = try NpzFile(path: file.path)
        #expect(Set(npz.names) == Set(expected.keys))
        for (name, values) in expected { try values.expectExactly(npz.array(name)) }
        #expect(throws: ArrayFileError.missing(path: file.path, name: "other", available: npz.names)) {
            try npz.array("other")
        }
    }

    @Test(arguments: [NpzFile.Packing.stored, .deflated])
    func `what is written is read back, and the bytes repeat`(packing: NpzFile.Packing) throws {
        let folder = try TemporaryFolder()
        let ramp = Tensor<Int32>((0..<5000).map { Int32($0 / 7) }, shape: [50, 100])
        let arrays = [("b", NpyFile.encode(ramp)), ("a", NpyFile.encode(Tensor<Double>([], shape: [0, 2])))]
        for name in ["one.npz", "two.npz"] { try NpzFile.write(arrays, to: folder.path(name), packing: packing) }
        let npz = try NpzFile(path: folder.path("one.npz"))
        #expect(npz.names == ["b", "a"])
        #expect(try npz.array("b").int32() == ramp)
        #expect(try npz.array("a").shape == [0, 2])
        let sizes = try ["one.npz", "two.npz"].map { try SHA256.hexadecimal(ofFile: folder.path($0)) }
        #expect(sizes[0] == sizes[1])
        let length = try ByteSource.open(path: folder.path("one.npz")).count
        #expect(packing == .stored ? length > 20_000 : length < 4_000, "\(length) bytes")
    }

    @Test func `two members of one name are refused when writing and when reading`() throws {
        let folder = try TemporaryFolder()
        let array = NpyFile.encode(Tensor<Float>([1], shape: [1]))
        #expect(throws: ArrayFileError.self) {
            try NpzFile.write([("a", array), ("a", array)], to: folder.path("x.npz"))
        }
        try NpzFile.write([("a", array), ("b", array)], to: folder.path("x.npz"))
        var bytes = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("x.npz")))
        for index in bytes.indices.dropLast(4) where bytes[index...].starts(with: "b.npy".utf8) {
            bytes[index] = UInt8(ascii: "a")
        }
        let error = ArrayFileError.malformed(path: "x", reason: "two members are named \"a.npy\"")
        #expect(throws: error) { try NpzFile(ByteSource(bytes, label: "x")) }
    }

    @Test func `a changed byte of a member is found by its checksum`() throws {
        var writer = ZipWriter(path: "x")
        try writer.add("m", Array("0123456789".utf8), method: .stored)
        var bytes = writer.finished()
        bytes[31 + 4] ^= 1
        let error = #expect(throws: ArrayFileError.self) {
            try ZipArchive(ByteSource(bytes, label: "x")).read("m")
        }
        guard case .checksum("x!m", 0xA684_C7C6, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a member that claims more than it expands to, or less, is damage`() throws {
        var writer = ZipWriter(path: "x")
        try writer.add("m", [UInt8](repeating: 7, count: 1000), method: .deflated)
        let bytes = writer.finished()
        for claim in [UInt32(999), 1001, 0xFFFF_FFF0] {
            var changed = bytes
            let directory = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
            for offset in 0..<4 { changed[directory + 24 + offset] = UInt8(truncatingIfNeeded: claim >> (8 * offset)) }
            let archive = try ZipArchive(ByteSource(changed, label: "x"))
            #expect(throws: ArrayFileError.self) { try archive.read("m") }
        }
        #expect(try ZipArchive(ByteSource(bytes, label: "x")).read("m").count == 1000)
    }

    @Test func `a stored member of two sizes is damage`() throws {
        var writer = ZipWriter(path: "x")
        try writer.add("m", [1, 2, 3, 4], method: .stored)
        var bytes = writer.finished()
        let directory = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        bytes[directory + 24] = 3
        let error = ArrayFileError.malformed(path: "x", reason: "member \"m\" is stored in 4 bytes but claims 3")
        #expect(throws: error) { try ZipArchive(ByteSource(bytes, label: "x")) }
    }

    @Test func `a member hidden inside another is damage`() throws {
        var inner = ZipWriter(path: "x")
        try inner.add("b", [7], method: .stored)
        let innerBytes = inner.finished()
        let (local, entry) = (Array(innerBytes[..<32]), Array(innerBytes[32..<79]))
        var outer = ZipWriter(path: "x")
        try outer.add("a", local, method: .stored)
        var bytes = outer.finished()
        let end = bytes.count - 22
        var hidden = entry
        hidden[42] = 31  // b's local header is the contents of a
        bytes.insert(contentsOf: hidden, at: end)
        for offset in [8, 10] { bytes[end + hidden.count + offset] = 2 }
        bytes[end + hidden.count + 12] *= 2
        let error = ArrayFileError.malformed(path: "x", reason: "member \"b\" overlaps another")
        #expect(throws: error) { try ZipArchive(ByteSource(bytes, label: "x")) }
    }

    @Test func `an archive with a zip64 directory is read`() throws {
        var writer = ZipWriter(path: "x")
        try writer.add("m", Array("hello".utf8), method: .stored)
        let narrow = writer.finished()
        let end = narrow.count - 22
        let directorySize = Int(narrow.littleEndian(at: end + 12, as: UInt32.self))
        let directoryOffset = Int(narrow.littleEndian(at: end + 16, as: UInt32.self))
        var directory = Array(narrow[directoryOffset..<directoryOffset + directorySize])
        // Saturate both sizes and the offset, and put them into a zip64 field.
        for index in Array(20..<28) + Array(42..<46) { directory[index] = 0xFF }
        directory[30] = 28
        directory.append(littleEndian: UInt16(1))
        directory.append(littleEndian: UInt16(24))
        for value in [5, 5, 0] { directory.append(littleEndian: UInt64(value)) }
        var bytes = Array(narrow[..<directoryOffset]) + directory
        let record = bytes.count
        bytes.append(littleEndian: UInt32(0x0606_4B50))
        bytes.append(littleEndian: UInt64(44))
        bytes += [UInt8](repeating: 0, count: 12)
        for value in [1, 1, directory.count, directoryOffset] { bytes.append(littleEndian: UInt64(value)) }
        bytes.append(littleEndian: UInt32(0x0706_4B50))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: UInt64(record))
        bytes.append(littleEndian: UInt32(1))
        bytes += [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 4) + [UInt8](repeating: 0xFF, count: 12) + [0, 0]
        #expect(try ZipArchive(ByteSource(bytes, label: "x")).read("m") == Array("hello".utf8))
    }
}
