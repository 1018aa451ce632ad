import EnCodec
import Foundation
import NumericCore
import TestSupport
import Testing

struct FeaturesCommandTests {
    /// 4.6 s: three TRs and a rest.
    private func writeInput(_ path: String) throws {
        let samples = (0..<110_400).map { (index: Int) -> Float in
            let phase = Double(index) * (0.05 + 1e-7 * Double(index))
            return 0.1 * Float(sin(phase)) * Float(index / 3000 % 4)
        }
        try WaveFile.write(samples, rate: 24_000, to: path)
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
        "Every format goes to a file and back to the length its grid promises",
        arguments: [
            ("encodec", [], [3, 8, 113], 337 * 320), ("encodec", ["--grid", "seed112"], [3, 8, 112], 336 * 320),
            ("encodec-flat", ["--grid", "seed112"], [3, 896], 336 * 320), ("encodec-flat", [], [3, 904], 337 * 320),
            ("encodec", ["--bandwidth", "3", "--tr", "2"], [2, 4, 150], 300 * 320),
            ("mel", [], [3, 2048, 65], 99_225), ("mel", ["--behaviour", "compat"], [3, 2048, 65], 194 * 512),
            ("mel-2d", [], [3, 2048], 99_225), ("mel-2d", ["--behaviour", "compat"], [3, 2048], 191 * 512),
            ("mel", ["--max-trs", "0"], [0, 2048, 65], 0), ("encodec", ["--max-trs", "1"], [1, 8, 113], 112 * 320),
        ] as [(String, [String], [Int], Int)])
    func roundTrip(format: String, options: [String], shape: [Int], sampleCount: Int) throws {
        let folder = try TemporaryFolder()
        try writeInput(folder.path("in.wav"))
        let made = try json(
            Program.succeed(
                ["features", folder.path("in.wav"), "-o", folder.path("f.npy"), "--format", format, "--json"] + options
                    + ["--metadata", folder.path("m.csv")]))
        #expect(made["shape"] as? [Int] == shape && made["trs"] as? Int == shape[0])
        #expect(try NpyFile.header(path: folder.path("f.npy")).shape == shape)
        let table = try String(contentsOfFile: folder.path("m.csv"), encoding: .utf8)
        #expect(table.split(separator: "\n").count == shape[0] + 1)
        let back = try json(
            Program.succeed(["reconstruct", folder.path("f.npy"), "-o", folder.path("out.wav"), "--json"]))
        #expect(back["samples"] as? Int == sampleCount && back["has_manifest"] as? Bool == true)
        #expect(try WaveFile.samples(folder.path("out.wav")).count == sampleCount)
    }

    @Test("The same features and sound come out twice, byte for byte, and the seed changes Griffin-Lim's phases")
    func repeatable() throws {
        let folder = try TemporaryFolder()
        try writeInput(folder.path("in.wav"))
        func sound(_ name: String, seed: String) throws -> Data {
            let output = folder.path(name + ".wav")
            try Program.succeed(["reconstruct", folder.path("f.npy"), "-o", output, "--seed", seed])
            return try Data(contentsOf: URL(fileURLWithPath: output))
        }
        let arguments = ["features", folder.path("in.wav"), "-o", folder.path("f.npy"), "--format", "mel"]
        try Program.succeed(arguments)
        let manifest = try Data(contentsOf: URL(fileURLWithPath: folder.path("f.json")))
        try Program.succeed(arguments)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("f.json"))) == manifest)
        let first = try sound("a", seed: "0")
        #expect(try sound("b", seed: "0") == first)
        #expect(try sound("c", seed: "1") != first)
    }

    @Test("Zero-padded flat codes without a manifest are recognised, said, and sound like the real codebooks")
    func zeroPadding() throws {
        let folder = try TemporaryFolder()
        try writeInput(folder.path("in.wav"))
        let options = ["--format", "encodec-flat", "--grid", "seed112", "--bandwidth", "3"]
        try Program.succeed(["features", folder.path("in.wav"), "-o", folder.path("f.npy")] + options)
        try Program.succeed(["reconstruct", folder.path("f.npy"), "-o", folder.path("real.wav")])
        let codes = try NpyFile.read(path: folder.path("f.npy")).int64()
        var padded: [Int64] = []
        for tr in 0..<3 { padded += codes.elements[tr * 448..<(tr + 1) * 448] + [Int64](repeating: 0, count: 448) }
        try NpyFile.write(Tensor(padded, shape: [3, 896]), to: folder.path("p.npy"))
        let outcome = try Program.run(["reconstruct", folder.path("p.npy"), "-o", folder.path("padded.wav")])
        #expect(outcome.status == 0 && outcome.error.contains("4 codebooks"), "\(outcome.error)")
        expectEqual(
            try WaveFile.samples(folder.path("padded.wav")), try WaveFile.samples(folder.path("real.wav")))
    }

    @Test("A request or input that cannot work is one sentence, and leaves files as they were")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let (input, array) = (folder.path("in.wav"), folder.path("f.npy"))
        try writeInput(input)
        try Data("old".utf8).write(to: URL(fileURLWithPath: folder.path("out.wav")))
        let features = ["features", input, "-o", array, "--format"]
        try Program.expectFailure(features + ["encodec", "--bandwidth", "4"], status: 64, saying: ["4"])
        try Program.expectFailure(features + ["encodec", "--tr", "0.01"], status: 64, saying: ["1/100 s", "longer"])
        try Program.expectFailure(
            ["features", folder.path("no.wav"), "-o", array, "--format", "mel"], status: 66, saying: ["no.wav"])
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.path("f.json")))
        try Program.expectFailure(features + ["mel"], status: 74, saying: ["f.json", "no manifest"])
        #expect(!FileManager.default.fileExists(atPath: array))
        try NpyFile.write(Tensor<Int32>(repeating: 5, shape: [2, 8, 113]), to: array)
        let back = ["reconstruct", array, "-o", folder.path("out.wav")]
        try Program.expectFailure(back, status: 65, saying: ["f.json", "schema"])
        try FileManager.default.removeItem(atPath: folder.path("f.json"))
        // 1200 columns are 8 x 150 codes at a TR of 2 s or 16 x 75 at 1 s.
        let doubtful = folder.path("doubtful.npy")
        try NpyFile.write(Tensor((0..<2400).map { Int32($0 % 1000) }, shape: [2, 1200]), to: doubtful)
        try Program.expectFailure(
            ["reconstruct", doubtful, "-o", folder.path("out.wav")], status: 64,
            saying: ["no manifest", "unknown", "--format"])
        try Program.expectFailure(back + ["--format", "mel"], status: 65, saying: ["int32"])
        try Program.expectFailure(back + ["--format", "encodec-flat"], status: 65, saying: ["[2, 8, 113]"])
        try Program.expectFailure(
            back + ["--format", "encodec", "--tr", "2"], status: 65, saying: ["no grid", "150"])
        try Data("tr_index\n".utf8).write(to: URL(fileURLWithPath: folder.path("m.csv")))
        try Program.expectFailure(
            back + ["--format", "encodec", "--metadata", folder.path("m.csv")], status: 65, saying: ["line 1"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("out.wav"))) == Data("old".utf8))
    }

    @Test("Features whose array was changed, or whose codec is another, are not reconstructed")
    func mismatches() throws {
        let folder = try TemporaryFolder()
        try writeInput(folder.path("in.wav"))
        let array = folder.path("f.npy")
        try Program.succeed(["features", folder.path("in.wav"), "-o", array, "--format", "encodec", "--quiet"])
        let back = ["reconstruct", array, "-o", folder.path("out.wav")]
        try Program.expectFailure(
            back + ["--codec", Program.small], status: 65, saying: ["mini", "--codec"])
        var codes = try NpyFile.read(path: array).int32().elements
        codes[5] ^= 1
        try NpyFile.write(Tensor(codes, shape: [3, 8, 113]), to: array)
        try Program.expectFailure(back, status: 65, saying: ["SHA-256", "f.npy"])
    }

    @Test("The benchmark of the pipeline has our numbers, and says why librosa's and SciPy's are missing")
    func bench() throws {
        let outcome = try Program.run([
            "bench", "pipeline", "--seconds", "0.5", "--repeats", "1", "--trs", "4", "--python", "no-such-python",
            "--json",
        ])
        #expect(outcome.status == 3, "\(outcome.error)")
        let rows = try #require(try json(outcome.output)["rows"] as? [[String: Any]])
        #expect(rows.map { $0["stage"] as? String } == ["mel", "nnls", "griffinlim", "hrf", "hrf"])
        #expect(rows.suffix(2).allSatisfy { ($0["peer"] as? String)?.hasPrefix("scipy.") == true })
        for row in rows {
            #expect((row["our_median_seconds"] as? Double ?? 0) > 0)
            #expect((row["not_measured"] as? String)?.contains("requirements.txt") == true)
        }
        let alone = try Program.succeed([
            "bench", "pipeline", "--seconds", "0.5", "--repeats", "1", "--trs", "4", "--python", "none",
        ])
        #expect(alone.contains("haemodynamic response, 4 x 133120") && !alone.contains("not measured"))
    }
}
