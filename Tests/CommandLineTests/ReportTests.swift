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
        #expect(text.contains("mini") && text.contains("not in this build"))
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
