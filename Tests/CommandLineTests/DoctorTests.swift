import Foundation
import TestSupport
import Testing

struct DoctorTests {
    /// What the doctor says as JSON, by subject.
    static func findings(
        _ arguments: [String] = [], _ environment: [String: String] = [:], status: Int32 = 0
    ) throws -> [String: (level: String, text: String, remedy: String?)] {
        let cache = try HubCacheFolder()
        let goldens = arguments.contains("--goldens") ? [] : ["--goldens", Repository.golden("").path]
        let outcome = try Program.run(
            ["doctor", "--json"] + goldens + arguments,
            environment: cache.environment(endpoint: "", environment))
        #expect(outcome.status == status, "\(outcome.output) \(outcome.error)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        var found: [String: (level: String, text: String, remedy: String?)] = [:]
        for finding in try #require(object["findings"] as? [[String: Any]]) {
            let (subject, level, text) = (finding["subject"], finding["level"], finding["text"])
            found[try #require(subject as? String)] = (
                try #require(level as? String), try #require(text as? String), finding["remedy"] as? String
            )
        }
        let problemCount = found.values.count { $0.level == "problem" }
        #expect(object["problems"] as? Int == problemCount)
        return found
    }

    @Test("Libraries tell their versions, and the embedded codec the digest that is stored with it")
    func machine() throws {
        let found = try Self.findings()
        for name in ["FFTW", "OpenBLAS", "zlib", "libsndfile", "libavformat", "soxr", "libxml2"] {
            let version = found[name]?.text.split(separator: ".") ?? []
            #expect(version.count >= 2 && version.allSatisfy { Int($0) != nil }, "\(name) \(version)")
        }
        let stored = try String(
            contentsOf: Repository.root.appendingPathComponent(
                "Sources/EnCodec/Resources/mini/model.safetensors.sha256"),
            encoding: .utf8)
        #expect(found["codec mini"]?.text.hasSuffix(String(stored.prefix(64))) == true)
        #expect(found["goldens"]?.level == "ok")
    }

    @Test("Goldens that are missing stop verify: a problem, with a remedy and exit code 3")
    func missingGoldens() throws {
        let folder = try TemporaryFolder()
        let found = try Self.findings(["--goldens", folder.url.path], status: 3)
        #expect(found["goldens"]?.level == "problem")
        #expect(found["goldens"]?.remedy?.contains("--goldens") == true)
    }

    @Test("A report folder that is a file is a problem")
    func badReportFolder() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: folder.url.appendingPathComponent("Reports"))
        let found = try Self.findings(["--out", folder.path("Reports")], status: 3)
        #expect(found["report folder"]?.level == "problem")
        #expect(try Self.findings(["--out", folder.path("new/Reports")])["report folder"]?.level == "ok")
    }

    @Test("Codecs in the hub cache are complete, damaged or left unfinished, each with what to do")
    func cachedCodecs() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let home = ["HF_HOME": cache.root.replacingOccurrences(of: "/hub", with: "")]
        #expect(try Self.findings([], home)["hub cache"]?.level == "note")
        try cache.put(stub.weights[..<1000], at: "blobs/\(stub.weightsTag).incomplete")
        let unfinished = try Self.findings([], home)["codec lab/small"]
        #expect(unfinished?.level == "note" && unfinished?.remedy?.contains("codec fetch lab/small") == true)
        #expect(try cache.fetch(stub).status == 0)
        let complete = try Self.findings([], home)["codec lab/small"]
        #expect(complete?.level == "ok" && complete?.text.contains(cache.model) == true)
        try cache.put(stub.weights[..<1000], at: "blobs/\(stub.weightsTag)")
        let damaged = try Self.findings([], home)["codec lab/small"]
        #expect(damaged?.level == "note" && damaged?.remedy?.contains("codec fetch lab/small") == true)
    }

    @Test("Settings of hub and proxy are told without the secrets in them")
    func secrets() throws {
        let found = try Self.findings(
            [],
            [
                "HF_TOKEN": "hf_secret", "HF_ENDPOINT": "https://me:secret@mirror.invalid",
                "HTTPS_PROXY": "http://me:secret@proxy.invalid:8080",
            ])
        #expect(found["hub"]?.text == "https://mirror.invalid, with HF_TOKEN")
        #expect(found["proxy"]?.text == "HTTPS_PROXY=http://proxy.invalid:8080")
        #expect(try Self.findings([], ["HF_HUB_OFFLINE": "1"])["hub"]?.level == "note")
    }

    @Test("The text has one line a finding and counts them at its end")
    func text() throws {
        let cache = try HubCacheFolder()
        let outcome = try Program.run(
            ["doctor", "--goldens", cache.root], environment: cache.environment(endpoint: ""))
        #expect(outcome.status == 3)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.last?.hasPrefix("1 problem, ") == true)
        #expect(
            lines.dropLast().allSatisfy { $0.hasPrefix("ok ") || $0.hasPrefix("note ") || $0.hasPrefix("problem ") })
        #expect(lines.contains { $0.hasPrefix("problem  goldens") && $0.hasSuffix("pass --goldens.") })
    }
}
