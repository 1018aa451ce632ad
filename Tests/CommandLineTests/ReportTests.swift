import AudioIO
import Foundation
import NumericCore
import TestSupport
import Testing

struct ReportTests {
    @Test("--json of encode is the same every time and says what was written")
    func encodeJSON() throws {
        let folder = try TemporaryFolder()
        let input = try GoldenCodec.input("speech", of: Program.small)
        try WaveFile.write(input.samples, rate: 24000, to: folder.path("in.wav"))
        func run(threads: String) throws -> (String, Data) {
            let json = try Program.succeed([
                "encode", folder.path("in.wav"), "-o", folder.path("c.npy"), "--codec", Program.small, "--bandwidth",
                "0.75", "--json", "--threads", threads,
            ])
            return (json, try Data(contentsOf: URL(fileURLWithPath: folder.path("c.npy"))))
        }
        let (first, second) = try (run(threads: "1"), run(threads: "3"))
        #expect(first == second)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(first.0.utf8)) as? [String: Any])
        #expect(object["frames"] as? Int == 6)
        #expect(object["codebooks"] as? Int == 2)
        #expect(object["samples"] as? Int == 1700)
        #expect(object["bandwidth_kbps"] as? Double == 0.75)
        let digest = try SHA256.hexadecimal(ofFile: Program.small + "/model.safetensors")
        #expect(object["weights_sha256"] as? String == digest)
    }

    @Test("--quiet prints nothing")
    func quiet() throws {
        let folder = try TemporaryFolder()
        try WaveFile.write([Float](repeating: 0.1, count: 640), rate: 24000, to: folder.path("in.wav"))
        let outcome = try Program.run([
            "encode", folder.path("in.wav"), "-o", folder.path("c.npy"), "--codec", Program.small, "--bandwidth", "1.5",
            "--quiet",
        ])
        #expect(outcome.status == 0)
        #expect(outcome.output.isEmpty && outcome.error.isEmpty)
    }

    @Test("codec inspect states configuration, codebooks for each bandwidth and the weights' identity")
    func inspect() throws {
        let json = try Program.succeed(["codec", "inspect", Program.small, "--json"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let bandwidths = try #require(object["bandwidths"] as? [[String: Double]])
        #expect(bandwidths.map { $0["kbps"] } == [0.375, 0.75, 1.5])
        #expect(bandwidths.map { $0["codebooks"] } == [1, 2, 4])
        #expect(object["frames_per_second"] as? Double == 75)
        let parameters = try #require(object["parameters"] as? [String: Int])
        // 4 codebooks of 32 entries of 8 values.
        #expect(parameters["quantizer"] == 4 * 32 * 8)
        let weights = try #require(object["weights"] as? [String: Any])
        #expect(weights["format"] as? String == "safetensors")
        #expect(weights["dtypes"] as? [String] == ["float32"])
        #expect((weights["weight_norm_spelling"] as? String)?.hasPrefix("parametrizations") == true)
        let text = try Program.succeed(["codec", "inspect", Program.small])
        #expect(text.contains(weights["sha256"] as? String ?? "no digest"))
    }

    @Test("The embedded codec is the default, and shows its card with the quality that was measured")
    func embedded() throws {
        let text = try Program.succeed(["codec", "inspect", "mini"])
        #expect(text.contains("SI-SDR dB") && text.contains("unseen speech") && text.contains("24000 Hz"))
        let folder = try TemporaryFolder()
        let (codes, audio) = (folder.url.path + "/c.npy", folder.url.path + "/a.wav")
        let clip = Repository.golden("clips/scene.m4v").path
        let encoded = try Program.succeed(["encode", clip, "-o", codes])
        // ffmpeg decodes the clip to 1,728,512 samples at 48 kHz.
        #expect(encoded.contains("8 codebooks x 2701 frames for 864256 samples"))
        _ = try Program.succeed(["decode", codes, "-o", audio])
        let clips = try (AudioClip.load(path: clip, sampleRate: 24000), AudioClip.load(path: audio))
        #expect(clips.1.frameCount == 2701 * 320)
        // The codec is no toy: over the whole film the error is below the signal by more than the 4 dB asked of it.
        let count = min(clips.0.frameCount, clips.1.frameCount)
        let energies = (0..<count).reduce(into: (0.0, 0.0)) { sums, index in
            let difference = Double(clips.0.samples[index] - clips.1.samples[index])
            sums.0 += Double(clips.0.samples[index]) * Double(clips.0.samples[index])
            sums.1 += difference * difference
        }
        #expect(energies.0 > 2.52 * energies.1, "signal \(energies.0), error \(energies.1)")
    }

    @Test("codec list shows EnCodec models of the hub cache, and no others")
    func list() throws {
        let folder = try TemporaryFolder()
        func install(_ id: String, config: Data?) throws {
            let model = folder.url.appendingPathComponent("hub/models--\(id)/snapshots/abc")
            try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
            let weights = URL(fileURLWithPath: Program.small + "/model.safetensors")
            try FileManager.default.copyItem(at: weights, to: model.appendingPathComponent("model.safetensors"))
            let original = try Data(contentsOf: URL(fileURLWithPath: Program.small + "/config.json"))
            try (config ?? original).write(to: model.appendingPathComponent("config.json"))
        }
        try install("someone--tiny-codec", config: nil)
        try install("someone--language-model", config: Data("{\"model_type\": \"gpt2\"}".utf8))
        let environment = ["HF_HOME": folder.url.path, "HF_HUB_CACHE": ""]
        let text = try Program.succeed(["codec", "list"], environment: environment)
        #expect(text.contains("mini") && text.contains("embedded"))
        #expect(text.contains("someone/tiny-codec"))
        #expect(!text.contains("language-model"))
        let json = try Program.succeed(["codec", "list", "--json"], environment: environment)
        let entries = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(entries.count == 2)
        #expect(entries.last?["sampling_rate"] as? Int == 24000)
        // The id then works as a codec.
        let inspected = try Program.succeed(["codec", "inspect", "someone/tiny-codec"], environment: environment)
        #expect(inspected.contains("someone/tiny-codec"))
    }
}
