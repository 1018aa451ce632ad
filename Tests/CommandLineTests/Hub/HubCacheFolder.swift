import Foundation
import TestSupport

/// A hub cache of a test's own, and the environment that leads to it.
final class HubCacheFolder {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    var root: String { home.path("hub") }
    var model: String { root + "/models--lab--small" }

    /// Nothing of the machine's own settings gets through.
    func environment(endpoint: String, _ others: [String: String] = [:]) -> [String: String] {
        var environment = ["HF_HOME": home.url.path, "HF_ENDPOINT": endpoint]
        for name in ["HF_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE"] { environment[name] = "" }
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            environment[name] = ""
            environment[name.uppercased()] = ""
        }
        return environment.merging(others) { $1 }
    }

    /// Fetches `lab/small` with a time-out of 5 s of silence.
    func fetch(
        _ stub: HubStub, _ arguments: [String] = [], _ environment: [String: String] = [:]
    ) throws -> Program.Outcome {
        try Program.run(
            ["codec", "fetch", HubStub.id, "--timeout", "5"] + arguments,
            environment: self.environment(endpoint: stub.hub.address, environment))
    }

    /// Everything under the model's folder, without the folders.
    func files() throws -> [String] {
        guard FileManager.default.fileExists(atPath: model) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: model).filter { path in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: "\(model)/\(path)", isDirectory: &isFolder)
            return !(exists && isFolder.boolValue)
        }.sorted()
    }

    func contents(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(model)/\(path)")))
    }

    /// Makes a file that an earlier run could have left.
    func put(_ bytes: some Collection<UInt8>, at path: String) throws {
        let url = URL(fileURLWithPath: "\(model)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}
