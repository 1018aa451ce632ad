import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct AlignmentFileTests {
    /// 40 000 columns: a piece of 8 MiB is 52 rows, so that 130 rows are three pieces.
    private static let large = [130, 200, 200]

    @Test(
        "A file convolved in pieces equals the array convolved at once, for every crop and number of TRs",
        arguments: TRConvolution.Crop.allCases, [1, 11, 52, 53, 130])
    func pieces(crop: TRConvolution.Crop, count: Int) throws {
        let folder = try TemporaryFolder()
        var features = noise([count, 200, 200], seed: UInt64(count))
        try NpyFile.write(features, to: folder.path("in.npy"))
        let convolution = TRConvolution(try HemodynamicResponse(), crop: crop)
        let range = try AlignmentFile.convolve(
            folder.path("in.npy"), to: folder.path("out.npy"), with: convolution, threadCount: 2)
        try convolution.convolve(&features)
        let result = try NpyFile.read(path: folder.path("out.npy"))
        #expect(result.elementType == .float32 && result.shape == features.shape)
        expectEqual(try result.float32().elements, features.elements)
        #expect(range.count == features.count && range.nonFiniteCount == 0)
        #expect(range.minimum == features.elements.min() && range.maximum == features.elements.max())
        #expect(range.outsideUnitCount == features.elements.filter { $0 < 0 || $0 > 1 }.count)
    }

    @Test("Doubles, half floats and NumPy's other byte and element orders are read as the floats they are")
    func kinds() throws {
        let folder = try TemporaryFolder()
        let convolution = TRConvolution(try HemodynamicResponse())
        let values = noise([30, 3]).elements.map { Float(Float16($0)) }
        var expected = Tensor(values, shape: [30, 3])
        try convolution.convolve(&expected)
        let halves = Tensor(values.map { Float16($0) }, shape: [30, 3])
        try NpyFile.write(halves, to: folder.path("half.npy"))
        // What a float cannot hold is rounded to the nearest one, which is the value again.
        try NpyFile.write(
            Tensor(values.map { Double($0) * (1 + 0x1p-40) }, shape: [30, 3]), to: folder.path("double.npy"))
        var bytes = NpyFile.encode(Tensor(values, shape: [30, 3]))
        for start in stride(from: bytes.count - 360, to: bytes.count, by: 4) { bytes[start..<start + 4].reverse() }
        try Self.write(bytes, replacing: "'<f4'", by: "'>f4'", to: folder.path("big.npy"))
        let columns = Tensor(Tensor(values, shape: [30, 3]).transposed.elements, shape: [30, 3])
        try Self.write(
            NpyFile.encode(columns), replacing: "'fortran_order': False", by: "'fortran_order': True ",
            to: folder.path("columns.npy"))
        for name in ["half", "double", "big", "columns"] {
            let (input, output) = (folder.path(name + ".npy"), folder.path(name + "-out.npy"))
            _ = try AlignmentFile.convolve(input, to: output, with: convolution, threadCount: 1)
            expectEqual(try NpyFile.read(path: output).float32().elements, expected.elements, name)
            let cut = folder.path(name + "-cut.npy")
            try AlignmentFile.resample(input, to: cut, with: TRResampling(.nearest, from: 30, to: 2))
            let rows = try NpyFile.read(path: cut)
            #expect(rows.elementType == (name == "half" ? .float16 : name == "double" ? .float64 : .float32))
            let kept = try rows.float64().elements.map { Float($0) }
            expectEqual(kept, Array(values[0..<3] + values[87..<90]), name)
        }
    }

    private static func write(_ bytes: [UInt8], replacing old: String, by new: String, to path: String) throws {
        var data = Data(bytes)
        let range = try #require(data.range(of: Data(old.utf8)))
        data.replaceSubrange(range, with: Data(new.utf8))
        try data.write(to: URL(fileURLWithPath: path))
    }

    @Test("Lines between rows of a file are those of the array")
    func lines() throws {
        let folder = try TemporaryFolder()
        let features = noise([50, 7, 3])
        try NpyFile.write(features, to: folder.path("in.npy"))
        let resampling = try TRResampling(.linear, from: 50, to: 81)
        try AlignmentFile.resample(folder.path("in.npy"), to: folder.path("out.npy"), with: resampling)
        let result = try NpyFile.read(path: folder.path("out.npy")).float32()
        #expect(try result == resampling.apply(to: features))
    }

    @Test("Stopping on the way, or input that breaks off, leaves the old file and no other")
    func stopping() throws {
        struct Stop: Error {}
        let folder = try TemporaryFolder()
        try NpyFile.write(noise(Self.large), to: folder.path("in.npy"))
        try Data("precious".utf8).write(to: URL(fileURLWithPath: folder.path("out.npy")))
        let convolution = TRConvolution(try HemodynamicResponse())
        #expect(throws: Stop.self) {
            try AlignmentFile.convolve(
                folder.path("in.npy"), to: folder.path("out.npy"), with: convolution, threadCount: 2
            ) { done in if done > 60 { throw Stop() } }
        }
        #expect(throws: Stop.self) {
            try AlignmentFile.resample(
                folder.path("in.npy"), to: folder.path("out.npy"), with: TRResampling(.truncate, from: 130, to: 90)
            ) { done in if done > 60 { throw Stop() } }
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.path("in.npy")))
        try whole.dropLast(9).write(to: URL(fileURLWithPath: folder.path("in.npy")))
        #expect(throws: AlignmentError.self) {
            try AlignmentFile.convolve(
                folder.path("in.npy"), to: folder.path("out.npy"), with: convolution, threadCount: 2)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("out.npy"))) == Data("precious".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["in.npy", "out.npy"])
    }

    @Test("Values that are not finite are counted and do not spoil the range")
    func nonFinite() throws {
        let folder = try TemporaryFolder()
        var features = Tensor<Float>(repeating: 0.5, shape: [40, 2])
        features[39, 0] = .nan
        try NpyFile.write(features, to: folder.path("in.npy"))
        let range = try AlignmentFile.convolve(
            folder.path("in.npy"), to: folder.path("out.npy"), with: TRConvolution(HemodynamicResponse()),
            threadCount: 1)
        #expect(range.nonFiniteCount == 1 && range.count == 80)
        #expect(range.minimum == 0 && (range.maximum ?? 0) > 1)
    }

    @Test("Truth values and scalars are no features", arguments: ["bool", "scalar"])
    func refusals(name: String) throws {
        let folder = try TemporaryFolder()
        if name == "scalar" {
            try NpyFile.write(Tensor<Float>([1], shape: []), to: folder.path("in.npy"))
        } else {
            try Self.write(
                NpyFile.encode(Tensor<UInt8>([1, 0], shape: [2])), replacing: "|u1", by: "|b1",
                to: folder.path("in.npy"))
        }
        #expect(throws: AlignmentError.self) { try AlignmentFile.describe(folder.path("in.npy")) }
    }
}
