import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct NIfTIImageTests {
    @Test func `every image holds what nibabel reads from it`() throws {
        let goldens = try NIfTIGoldens.load()
        #expect(goldens.images.count == 12)
        let bound = try #require(goldens.bounds["values"]).bound
        for golden in goldens.images {
            let image = try NIfTIImage.read(path: NIfTIGoldens.path(golden.file))
            let expected = try NpyFile.read(path: NIfTIGoldens.path(golden.values)).float64()
            #expect(image.shape == golden.shape, "\(golden.file)")
            #expect(expected.shape == golden.shape, "\(golden.file)")
            expectClose(
                image.rowMajor.map { Double($0) }, expected.elements, bound: bound, relativeTo: .elementwise,
                golden.file)
            #expect(image.voxelSizes == golden.zooms, "\(golden.file)")
            #expect(image.repetitionSeconds == golden.trSeconds, "\(golden.file)")
            #expect(image.orientation.affine == golden.affine, "\(golden.file)")
        }
    }

    @Test("What is written is read back bit for bit", arguments: ["scan.nii", "scan.nii.gz"])
    func roundTrip(name: String) throws {
        let folder = try TemporaryFolder()
        var generator = Xoshiro256(seed: 4)
        let shape = [3, 4, 2, 5]
        let image = NIfTIImage(
            voxels: generator.normalTensor(shape: [120]).elements, shape: shape, voxelSizes: [2, 2.5, 3],
            repetitionSeconds: 1.5, orientation: NIfTIOrientation(affine: (0..<12).map { Float($0) / 4 }))
        try image.write(to: folder.path(name))
        #expect(try NIfTIImage.read(path: folder.path(name)) == image)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
        #expect((bytes.prefix(2) == Data([0x1F, 0x8B])) == name.hasSuffix(".gz"))
    }

    @Test func `a name that is neither .nii nor .nii.gz is refused and nothing is written`() throws {
        let folder = try TemporaryFolder()
        let image = NIfTIImage(voxels: [1], shape: [1, 1, 1])
        #expect(throws: FeatureError.self) { try image.write(to: folder.path("scan.img")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
        let wide = NIfTIImage(voxels: [Float](repeating: 0, count: 32_768), shape: [32_768, 1, 1])
        #expect(throws: FeatureError.self) { try wide.write(to: folder.path("scan.nii")) }
    }

    /// Bytes put into a good header, and what the error must say.
    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let offset: Int
        let bytes: [UInt8]
        let text: String

        init(_ description: String, _ offset: Int, _ bytes: [UInt8], _ text: String) {
            (testDescription, self.offset, self.bytes, self.text) = (description, offset, bytes, text)
        }
    }

    @Test(
        "A header that cannot be is refused with the value",
        arguments: [
            Damage("NIfTI-2", 0, [0x1C, 0x02, 0, 0], "NIfTI-2"),
            Damage("another size", 0, [0x5B, 0x01, 0, 0], "347"),
            Damage("a pair's header", 344, Array("ni1\0".utf8), ".hdr/.img"),
            Damage("no mark", 344, [0, 0, 0, 0], "mark"),
            Damage("eight dimensions", 40, [8, 0], "dim[0] is 8"),
            Damage("two dimensions", 40, [2, 0], "expected (x, y, z)"),
            Damage("a negative extent", 42, [0xFF, 0xFF], "-1"),
            Damage("more voxels than bytes", 48, [0xFF, 0x7F], "bytes but"),
            Damage("fewer voxels than bytes", 40, [4, 0, 1, 0, 1, 0, 1, 0, 1, 0], "follow the voxels"),
            Damage("complex numbers", 70, [32, 0], "data type is 32"),
            Damage("bits that are not the type's", 72, [8, 0], "bitpix is 8"),
            Damage("voxels inside the header", 108, [0, 0, 0x80, 0x3F], "vox_offset is 1"),
            Damage("no number as offset", 108, [0, 0, 0xC0, 0x7F], "vox_offset is nan"),
            Damage("an intercept without value", 116, [0, 0, 0x80, 0x7F], "scl_inter is inf"),
        ])
    func badHeaders(damage: Damage) throws {
        let folder = try TemporaryFolder()
        let image = NIfTIImage(voxels: [Float](repeating: 1, count: 1200), shape: [5, 4, 10, 6])
        try image.write(to: folder.path("a.nii"))
        var data = try Data(contentsOf: URL(fileURLWithPath: folder.path("a.nii")))
        data.replaceSubrange(damage.offset..<damage.offset + damage.bytes.count, with: damage.bytes)
        try data.write(to: URL(fileURLWithPath: folder.path("a.nii")))
        let error = try #require(throws: FeatureError.self) { try NIfTIImage.read(path: folder.path("a.nii")) }
        #expect("\(error)".contains(damage.text), "\(error)")
    }

    @Test func `packed files that are cut, damaged, or larger than allowed are refused`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.nii.gz")
        try NIfTIImage(voxels: [Float](repeating: 3, count: 100_000), shape: [10, 10, 10, 100]).write(to: path)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: FeatureError.self) { try NIfTIImage.read(path: path, maximumByteCount: 399_999) }
        #expect(try NIfTIImage.read(path: path, maximumByteCount: 400_000).voxels.allSatisfy { $0 == 3 })
        try whole.dropLast(9).write(to: URL(fileURLWithPath: path))
        #expect(throws: FeatureError.self) { try NIfTIImage.read(path: path) }
        var changed = whole
        changed[whole.count - 8] ^= 1  // the CRC-32 of the packed bytes
        try changed.write(to: URL(fileURLWithPath: path))
        #expect(throws: FeatureError.self) { try NIfTIImage.read(path: path) }
    }

    @Test func `a gzip file of two streams is read as one`() throws {
        let folder = try TemporaryFolder()
        let image = NIfTIImage(voxels: (0..<60).map { Float($0) }, shape: [3, 4, 5])
        try image.write(to: folder.path("a.nii"))
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path("a.nii"))))
        var joined: [UInt8] = []
        for part in [bytes[..<400], bytes[400...]] {
            joined += Self.storedGzip(Array(part))
        }
        try Data(joined).write(to: URL(fileURLWithPath: folder.path("b.nii.gz")))
        #expect(try NIfTIImage.read(path: folder.path("b.nii.gz")) == image)
    }

    /// A good file of 60 float32 voxels.
    static var smallImage: [UInt8] {
        get throws {
            let folder = try TemporaryFolder()
            try NIfTIImage(voxels: (0..<60).map { Float($0) }, shape: [3, 4, 5, 1]).write(to: folder.path("a.nii"))
            return try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path("a.nii"))))
        }
    }

    /// A gzip stream of one stored block (RFC 1952, RFC 1951 3.2.4), made without zlib.
    static func storedGzip(_ bytes: [UInt8]) -> [UInt8] {
        var checksum = UInt32.max
        for byte in bytes {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1]
        result.append(littleEndian: UInt16(bytes.count))
        result.append(littleEndian: ~UInt16(bytes.count))
        result += bytes
        result.append(littleEndian: ~checksum)
        result.append(littleEndian: UInt32(bytes.count))
        return result
    }
}
