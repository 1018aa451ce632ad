import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct AlignmentCommandTests {
    /// (60, 4): an impulse at row 20 of column 1.
    private static func writeImpulse(to path: String) throws {
        var features = Tensor<Float>(repeating: 0, shape: [60, 4])
        features[20, 1] = 1
        try NpyFile.write(features, to: path)
    }

    private static func peak(_ path: String) throws -> Int {
        let result = try NpyFile.read(path: path).float32()
        return (0..<result.shape[0]).reduce(0) { result[$1, 1] > result[$0, 1] ? $1 : $0 }
    }

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("By default a response follows its stimulus; the Python system's way comes early and warns")
    func impulse() throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.path("in.npy"), folder.path("out.npy"))
        try Self.writeImpulse(to: input)
        let report = try Self.object(try Program.succeed(["hrf", input, "-o", output, "--json", "--threads", "2"]))
        #expect(try Self.peak(output) == 24)
        #expect(report["kernel"] as? String == "sampled" && report["crop"] as? String == "causal")
        #expect(report["peak_shift_trs"] as? Int == 4 && report["tap_count"] as? Int == 22)
        #expect((report["values"] as? [String: Any])?["maximum"] as? Double == 1)
        let compat = try Program.run(["hrf", input, "-o", output, "--kernel", "nilearn", "--crop", "padded"])
        #expect(compat.status == 0 && compat.error.contains("6 TRs (9.0 s) before its stimulus"))
        #expect(compat.output.contains("gain 1.803"))
        #expect(try Self.peak(output) == 14)
        try Program.succeed(["hrf", input, "-o", output, "--tr", "2", "--crop", "full", "--quiet"])
        #expect(try NpyFile.read(path: output).shape == [76, 4])
    }

    @Test("Codes are treated as asked for: latents, codes again, indices, or left to the byte")
    func codes() throws {
        let golden = try NpzFile(path: Repository.golden("pipeline/latents/latents.npz").path)
        let codes = try golden.array("codes").tensor(of: UInt16.self)
        let folder = try TemporaryFolder()
        let (input, output) = (folder.path("in.npy"), folder.path("out.npy"))
        try NpyFile.write(codes, to: input)
        let call = ["hrf", input, "-o", output, "--codec", Program.small, "--codes"]
        let report = try Self.object(try Program.succeed(call + ["latent", "--json"]))
        let latents = try NpyFile.read(path: output)
        #expect(latents.elementType == .float32)
        let expected = try golden.array("latents").float32()
        expectClose(try latents.float32().elements, expected.elements, bound: 1e-5, relativeTo: .peak)
        #expect((report["weights_sha256"] as? String)?.count == 64 && report["codes"] as? String == "latent")
        try Program.succeed(call + ["latent", "--requantize"])
        let again = try NpyFile.read(path: output)
        #expect(again.elementType == .int32)
        expectEqual(try again.int32().elements, try golden.array("requantized").int32().elements)
        let skipped = try Self.object(try Program.succeed(call + ["skip", "--json"]))
        #expect(skipped["peak_shift_trs"] as? Int == 0 && skipped["type"] as? String == "uint16")
        #expect(
            FileManager.default.contents(atPath: output) == FileManager.default.contents(atPath: input),
            "not byte-equal")
    }

    @Test("Convolved indices are the design document's, and the damage is reported")
    func seed() throws {
        let golden = try NpzFile(path: Repository.golden("pipeline/convolved_codes/convolved_codes.npz").path)
        let folder = try TemporaryFolder()
        let (input, output) = (folder.path("in.npy"), folder.path("out.npy"))
        try NpyFile.write(try golden.array("small_input").int64(), to: input)
        let outcome = try Program.run([
            "hrf", input, "-o", output, "--codes", "seed", "--kernel", "nilearn", "--crop", "same",
        ])
        #expect(outcome.status == 0)
        expectEqual(try NpyFile.read(path: output).int32().elements, try golden.array("small_seed").int32().elements)
        #expect(outcome.output.contains("34.93 % clipped to 1023, 10.42 % clipped to 0"), "\(outcome.output)")
    }

    @Test("TRs are cut by default and stretched when asked, with the shift in the report")
    func resampling() throws {
        let golden = try NpzFile(path: Repository.golden("pipeline/resampling/resampling.npz").path)
        let folder = try TemporaryFolder()
        let (floats, codes, output) = (folder.path("f.npy"), folder.path("c.npy"), folder.path("out.npy"))
        let values = try golden.array("946_920_floats").float32()
        try NpyFile.write(values, to: floats)
        try NpyFile.write(try golden.array("946_920_codes").int64(), to: codes)
        let cut = try Self.object(try Program.succeed(["resample-trs", floats, "-o", output, "--to", "920", "--json"]))
        #expect(try NpyFile.read(path: output).float32().elements == Array(values.elements.prefix(1840)))
        #expect(cut["largest_shift_trs"] as? Double == 0 && cut["skipped_trs"] as? Int == 26)
        let text = try Program.succeed(["resample-trs", floats, "-o", output, "--to", "920", "--floats", "linear"])
        #expect(text.contains("moved by up to 39.00 s"))
        let linear = try golden.array("946_920_linear").float32().elements
        expectEqual(try NpyFile.read(path: output).float32().elements, linear)
        try Program.succeed(["resample-trs", codes, "-o", output, "--to", "920", "--codes", "linear"])
        expectEqual(
            try NpyFile.read(path: output).int32().elements, try golden.array("946_920_seed").int32().elements)
        try Program.succeed(["resample-trs", codes, "-o", output, "--to", "920", "--codes", "nearest"])
        let nearest = try NpyFile.read(path: output)
        #expect(nearest.elementType == .int64)
        let given = try golden.array("946_920_codes").int64().elements
        let rows = try golden.array("946_920_nearest").int64().elements.map { Int($0) }
        expectEqual(try nearest.int64().elements, rows.flatMap { given[2 * $0..<2 * $0 + 2] })
    }

    static let calls: [FailureTests.Call] = [
        .init("codes without a treatment", "hrf @/codes.npy -o @/old.npy", 64, "latent", "skip", "seed", "int32"),
        .init("floats with one", "hrf @/f.npy -o @/old.npy --codes seed", 64, "float32", "leave it out"),
        .init("a code out of range", "hrf @/beyond.npy -o @/old.npy --codes skip", 65, "code 1024", "element 1"),
        .init("a negative code", "hrf @/negative.npy -o @/old.npy --codes seed", 65, "code -1"),
        .init("flat codes as latents", "hrf @/codes.npy -o @/old.npy --codes latent", 65, "[2, 2]", "codebooks"),
        .init("a TR too long", "hrf @/f.npy -o @/old.npy --tr 20", 64, "20 s", "0.05 s to 8 s"),
        .init("a missing file", "hrf @/none.npy -o @/old.npy", 66, "none.npy"),
        .init("a text file", "hrf @/text.npy -o @/old.npy", 65, "text.npy"),
        .init("another output", "hrf @/f.npy -o @/old.txt", 64, ".npy"),
        .init("the input as output", "hrf @/f.npy -o @/f.npy", 64, "itself"),
        .init("a missing folder", "hrf @/f.npy -o @/no/f.npy", 74, "no/f.npy"),
        .init("a double beyond float", "hrf @/huge.npy -o @/old.npy", 65, "1e+300"),
        .init("codes to resample", "resample-trs @/codes.npy -o @/old.npy --to 1", 64, "truncate", "nearest", "linear"),
        .init("too long a cut", "resample-trs @/f.npy -o @/old.npy --to 9", 64, "2 TRs cannot become 9", "at most 2"),
        .init("floats as codes", "resample-trs @/f.npy -o @/old.npy --to 1 --codes nearest", 64, "--floats"),
        .init("codes as floats", "resample-trs @/codes.npy -o @/old.npy --to 1 --floats linear", 64, "--codes"),
        .init("a code in the way", "resample-trs @/beyond.npy -o @/old.npy --to 1 --codes truncate", 65, "code 1024"),
    ]

    @Test("A wrong call says what is wrong, with its exit code, and leaves every file as it was", arguments: calls)
    func failures(call: FailureTests.Call) throws {
        let folder = try TemporaryFolder()
        for name in ["old.npy", "old.txt", "text.npy"] {
            try Data("precious".utf8).write(to: URL(fileURLWithPath: folder.path(name)))
        }
        try NpyFile.write(Tensor<Float>([1, 2, 3, 4], shape: [2, 2]), to: folder.path("f.npy"))
        try NpyFile.write(Tensor<Double>([1, 1e300], shape: [2, 1]), to: folder.path("huge.npy"))
        try NpyFile.write(Tensor<Int32>([1, 2, 3, 4], shape: [2, 2]), to: folder.path("codes.npy"))
        try NpyFile.write(Tensor<UInt16>([1, 1024], shape: [2, 1]), to: folder.path("beyond.npy"))
        try NpyFile.write(Tensor<Int8>([1, -1], shape: [2, 1]), to: folder.path("negative.npy"))
        let before = try FailureTests.contents(folder.url)
        let arguments = call.arguments.map { $0.replacingOccurrences(of: "@", with: folder.url.path) }
        try Program.expectFailure(arguments, status: call.status, saying: call.texts)
        #expect(try FailureTests.contents(folder.url) == before, "files changed")
    }

    @Test(
        "Wrong use gives exit code 64 and the usage",
        arguments: [
            "hrf a.npy", "hrf a.npy -o b.npy --tr fast", "hrf a.npy -o b.npy --requantize",
            "hrf a.npy -o b.npy --kernel spm", "resample-trs a.npy -o b.npy", "resample-trs a.npy -o b.npy --to -1",
        ])
    func wrongUse(command: String) throws {
        let outcome = try Program.run(command.split(separator: " ").map(String.init))
        #expect(outcome.status == 64, "\(outcome.error)")
        #expect(outcome.error.contains("Usage: codecgate"))
    }
}
