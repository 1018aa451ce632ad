import Foundation
import TestSupport
import Testing

struct MetricsCommandTests {
    /// Two seconds of noise from a linear congruential generator, the same on every run.
    static let noise: [Float] = {
        var state: UInt64 = 1
        return (0..<32000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / 5e9
        }
    }()

    /// A folder with a reference and one test recording at 16 kHz.
    static func folder(test: [Float], rate: Int = 16000) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try WaveFile.write(noise, rate: 16000, to: folder.path("ref.wav"))
        try WaveFile.write(test, rate: rate, to: folder.path("test.wav"))
        return folder
    }

    static func run(_ folder: borrowing TemporaryFolder, _ options: String) throws -> String {
        try Program.succeed(
            ["metrics", folder.path("ref.wav"), folder.path("test.wav")]
                + options.split(separator: " ").map(String.init))
    }

    /// The object that `--json` printed.
    static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    static func metric(_ id: String, _ object: [String: Any]) throws -> [String: Any] {
        let metrics = try #require(object["metrics"] as? [String: [String: Any]])
        return try #require(metrics[id], "no \(id) among \(metrics.keys.sorted())")
    }

    /// The words of the table's row of one metric.
    static func row(_ id: String, _ table: String) throws -> [String] {
        let rows = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return try #require(rows.first { $0.first == id }, "no \(id) in \(table)")
    }

    @Test("A recording against itself has an SI-SDR of inf, in the table and as text in JSON")
    func identical() throws {
        let folder = try Self.folder(test: Self.noise)
        let table = try Self.run(folder, "")
        #expect(try Self.row("si_sdr.zm", table) == ["si_sdr.zm", "inf", "dB", "higher", "identical"])
        #expect(try Self.row("level.rms", table).prefix(2) == ["level.rms", "0.0000"])
        #expect(table.contains("compared: 32000 samples (2.000 s) at 16000 Hz"))
        #expect(!table.contains("not compared:"))
        let json = try Self.object(try Self.run(folder, "--json"))
        let entry = try Self.metric("si_sdr.zm", json)
        #expect(entry["value"] as? String == "inf")
        #expect(entry["limit"] as? String == "identical")
        #expect(entry["unit"] as? String == "dB")
        #expect(entry["direction"] as? String == "higher")
        // Ids are names: no key strategy may rewrite them.
        #expect(try Self.metric("modulation.slaney40.2s.0.5-32Hz", json)["status"] != nil)
    }

    @Test("The report does not depend on the number of workers")
    func deterministic() throws {
        let folder = try Self.folder(test: Self.noise.map { 0.5 * $0 * $0 + $0 })
        let one = try Self.run(folder, "--metrics all --segments 0.5 --json --workers 1")
        #expect(try Self.run(folder, "--metrics all --segments 0.5 --json --workers 3") == one)
    }

    @Test("A delayed and attenuated recording: lag and level are found, and only --align lag removes the lag")
    func delayedAndAttenuated() throws {
        // 20 log10(0.25) = -12.0412 dB; 160 samples are 10 ms.
        let folder = try Self.folder(test: [Float](repeating: 0, count: 160) + Self.noise.map { 0.25 * $0 })
        let aligned = try Self.run(folder, "--align lag --metrics lag.gcc_phat.500ms,level.rms,si_sdr.zm")
        #expect(aligned.contains("the test was 160 samples (10.000 ms) late, which was removed"))
        #expect(aligned.contains("not compared: 0 of 32000 samples of the reference, 160 of 32160 of the test"))
        let rest = try #require(Double(try Self.row("lag.gcc_phat.500ms", aligned)[1]))
        #expect(abs(rest) < 0.01, "\(rest) ms")
        #expect(try Self.row("level.rms", aligned)[1] == "-12.0412")
        #expect(try Self.row("si_sdr.zm", aligned)[1] == "inf")
        let early = try Program.succeed(
            ["metrics", folder.path("test.wav"), folder.path("ref.wav"), "--metrics", "si_sdr.zm", "--align", "lag"])
        #expect(early.contains("the test was 160 samples (10.000 ms) early, which was removed"))
        #expect(try Self.row("si_sdr.zm", early)[1] == "inf")
        let asIs = try Self.object(try Self.run(folder, "--json"))
        let pair = try #require(asIs["pair"] as? [String: Any])
        #expect(pair["alignment"] as? String == "none")
        #expect(pair["lag_removed_samples"] == nil)
        #expect(pair["compared_samples"] as? Int == 32000)
        let lag = try #require(try Self.metric("lag.gcc_phat.500ms", asIs)["value"] as? Double)
        #expect(abs(lag - 10) < 0.01, "\(lag) ms")
        let distortion = try #require(try Self.metric("si_sdr.zm", asIs)["value"] as? Double)
        #expect(distortion < -10, "unaligned noise is unlike itself: \(distortion) dB")
    }

    @Test("A silent reference gives reasons instead of numbers, and the exit code stays 0")
    func silence() throws {
        let folder = try TemporaryFolder()
        try WaveFile.write([Float](repeating: 0, count: 32000), rate: 16000, to: folder.path("ref.wav"))
        try WaveFile.write(Self.noise, rate: 16000, to: folder.path("test.wav"))
        let table = try Self.run(folder, "--align lag")
        #expect(table.contains("no clear lag"))
        #expect(try Self.row("si_sdr.zm", table)[1] == "-")
        #expect(try Self.row("si_sdr.zm", table).suffix(4) == ["the", "reference", "is", "silent"])
        let entry = try Self.metric("stoi.taal2011@10k", Self.object(try Self.run(folder, "--json")))
        #expect(entry["value"] == nil)
        #expect(entry["reason"] as? String == "the reference is silent")
    }

    @Test("Another rate, channels and length are explained, and --rate changes the rate of the comparison")
    func ratesAndLengths() throws {
        let stereo = Self.noise.flatMap { [$0, $0] }
        let folder = try TemporaryFolder()
        try WaveFile.write(Self.noise, rate: 16000, to: folder.path("ref.wav"))
        try WaveFile.write(stereo, rate: 32000, channels: 2, to: folder.path("test.wav"))
        let table = try Self.run(folder, "--metrics snr")
        #expect(
            table.contains("test.wav, 2 channels mixed to mono, resampled from 32000 Hz to 16000 Hz, 16000 samples"))
        #expect(table.contains("not compared: 16000 of 32000 samples of the reference, 0 of 16000 of the test"))
        let json = try Self.object(try Self.run(folder, "--metrics snr --rate 8000 --json"))
        let pair = try #require(json["pair"] as? [String: Any])
        let reference = try #require(pair["reference"] as? [String: Any])
        #expect(pair["sample_rate"] as? Int == 8000)
        #expect(reference["native_rate"] as? Int == 16000)
        #expect(reference["samples_not_compared"] as? Int == 8000)
        #expect((json["metrics"] as? [String: Any])?.count == 1)
    }

    @Test("Segments name the worst place")
    func segments() throws {
        // The second half second alone is inverted, at a tenth of the level.
        let spoilt = Self.noise.enumerated().map { (8000..<16000).contains($0) ? -0.1 * $1 : 0.9 * $1 }
        let folder = try Self.folder(test: spoilt)
        let json = try Self.object(try Self.run(folder, "--metrics level.rms --segments 0.5 --json"))
        let segments = try #require(json["segments"] as? [String: Any])
        let spans = try #require(segments["spans"] as? [[String: Double]])
        let level = try #require((segments["metrics"] as? [String: [String: Any]])?["level.rms"])
        let summary = try #require(level["summary"] as? [String: Any])
        let worst = try #require(summary["worst_indices"] as? [Int])
        #expect(worst.count == 3)
        #expect(spans.first?["start_seconds"] == 0)
        #expect(spans.last?["end_seconds"] == 2)
        let place = spans[worst[0]]
        let (start, end) = try (#require(place["start_seconds"]), #require(place["end_seconds"]))
        // Noise of even power: the level of a segment follows from the share of it that is spoilt.
        let share = (min(end, 1) - max(start, 0.5)) / (end - start)
        let expected = 10 * log10(0.81 * (1 - share) + 0.01 * share)
        #expect((level["results"] as? [Any])?.count == spans.count)
        let values = try #require(level["results"] as? [[String: Any]]).map { try #require($0["value"] as? Double) }
        #expect(worst[0] == values.indices.max { abs(values[$0]) < abs(values[$1]) })
        #expect(abs(values[worst[0]] - expected) < 0.3, "\(values[worst[0]]) dB, not \(expected) dB")
        let mean = try #require(summary["mean"] as? Double)
        #expect(abs(mean - values.reduce(0, +) / Double(values.count)) < 1e-9)
        let table = try Self.run(folder, "--metrics level.rms --segments 0.5")
        #expect(table.contains("worst 5 %  worst segments\n"))
        #expect(table.contains(String(format: " at %.2f-%.2f s", start, end)))
    }

    @Test("A list measures what it can, names what it cannot and ends with 65")
    func list() throws {
        let folder = try Self.folder(test: Self.noise.map { 0.5 * $0 })
        let list = "reference,test\nref.wav,test.wav\nref.wav,gone.wav\nalone\n\"ref.wav\", ref.wav\n"
        try Data(list.utf8).write(to: URL(fileURLWithPath: folder.path("pairs.csv")))
        let arguments = ["metrics", "--list", folder.path("pairs.csv"), "--metrics", "level.rms,snr"]
        let outcome = try Program.run(arguments + ["--workers", "3"])
        #expect(outcome.status == 65)
        #expect(outcome.error.contains("2 of 4 pairs"))
        #expect(outcome.error.contains("gone.wav: no such file"))
        #expect(outcome.error.contains("line 4"))
        let rows = outcome.output.split(separator: "\n").map(String.init)
        #expect(rows.count == 5)
        #expect(
            rows[0] == "reference,test,sample_rate,compared_samples,lag_removed_samples,level.rms,snr,notes,error")
        let (reference, test) = (folder.path("ref.wav"), folder.path("test.wav"))
        // 20 log10(0.5) = -6.0206 dB, and the error is as large as the test.
        #expect(rows[1].hasPrefix("\(reference),\(test),16000,32000,,-6.0205999"), "\(rows[1])")
        #expect(rows[2].hasPrefix("\(reference),\(folder.path("gone.wav")),,,,,,,"), "\(rows[2])")
        #expect(rows[4].hasPrefix("\(reference),\(reference),16000,32000,,0.0,inf,snr: identical"), "\(rows[4])")
        let json = try Program.run(arguments + ["--json"])
        let lines = try json.output.split(separator: "\n").map { try Self.object(String($0)) }
        #expect(json.status == 65 && lines.count == 4)
        #expect(try Self.metric("snr", lines[3])["value"] as? String == "inf")
        #expect((lines[1]["error"] as? String)?.contains("no such file") == true)
    }

    @Test("Wrong calls say what is wrong, with their exit codes")
    func failures() throws {
        let folder = try Self.folder(test: Self.noise)
        try Data("text, and no audio\n".utf8).write(to: URL(fileURLWithPath: folder.path("text.wav")))
        try Data("reference,test\n".utf8).write(to: URL(fileURLWithPath: folder.path("empty.csv")))
        let (reference, test) = (folder.path("ref.wav"), folder.path("test.wav"))
        func expect(_ arguments: [String], _ status: Int32, _ texts: String...) throws {
            try Program.expectFailure(["metrics"] + arguments, status: status, saying: texts)
        }
        try expect([reference, test, "--metrics", "snr,snrr"], 64, "'snrr'", "si_sdr.zm", "film")
        try expect([reference, test, "--metrics", ","], 64, "names no metric")
        try expect([reference, test, "--rate", "7"], 64, "7")
        try expect([reference, folder.path("gone.wav")], 66, "gone.wav", "no such file")
        try expect([reference, folder.path("text.wav")], 65, "text.wav")
        try expect([reference, test, "--pesq", folder.path("gone")], 66, "gone")
        try expect(["--list", folder.path("gone.csv")], 66, "gone.csv")
        try expect(["--list", folder.path("empty.csv")], 65, "no pair")
    }

    @Test(
        "Arguments that contradict each other give exit code 64 and the usage",
        arguments: [
            "a.wav", "a.wav b.wav --list c.csv", "a b --segments 0", "--list c --segments 5", "a b --workers 0",
            "a b --align both", "--list c --labels d",
        ])
    func usage(arguments: String) throws {
        let outcome = try Program.run(["metrics"] + arguments.split(separator: " ").map(String.init))
        #expect(outcome.status == 64, "\(outcome.error)")
        #expect(outcome.error.contains("Usage: codecgate metrics"))
    }
}
