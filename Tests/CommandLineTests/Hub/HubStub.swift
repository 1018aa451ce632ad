import Foundation
import NumericCore
import Synchronization
import TestSupport

/// A hub with one repository, `lab/small` unless another is named, and the second host that its large files are redirected to.
final class HubStub: Sendable {
    /// Replaces an answer; nil keeps it.
    typealias Fault = @Sendable (LoopbackRequest, LoopbackResponse) -> LoopbackResponse?

    static let id = "lab/small"
    static let commit = String(repeating: "c0ffee12", count: 5)
    static let configurationTag = String(repeating: "ab12", count: 10)

    /// Files of the repository; the weights are stored apart as large files are.
    struct Files: Sendable {
        var id = HubStub.id
        var configuration: [UInt8]
        var weights: [UInt8]?
        var weightsName = "model.safetensors"
    }

    let hub: LoopbackServer
    let storage: LoopbackServer
    let weights: [UInt8]
    private let faults: Faults

    private final class Faults: Sendable {
        let hub = Mutex<Fault?>(nil)
        let storage = Mutex<Fault?>(nil)
    }

    /// - Parameter change: Changes the repository before it is served.
    /// - Throws: When the golden codec cannot be read or no port be had.
    init(_ change: (inout Files) -> Void = { _ in }) throws {
        func bytes(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(Program.small)/\(name)")))
        }
        var files = try Files(configuration: bytes("config.json"), weights: bytes("model.safetensors"))
        change(&files)
        let (served, faults) = (files, Faults())
        weights = served.weights ?? []
        self.faults = faults
        let storage = try LoopbackServer { request in
            let answer = LoopbackResponse.file(served.weights ?? [], for: request)
            return faults.storage.withLock { $0 }?(request, answer) ?? answer
        }
        let target = storage.address
        hub = try LoopbackServer { request in
            let answer = Self.answer(request, served, storage: target)
            return faults.hub.withLock { $0 }?(request, answer) ?? answer
        }
        self.storage = storage
    }

    /// What goes wrong from now on at the hub itself.
    func spoilHub(_ fault: Fault?) { faults.hub.withLock { $0 = fault } }

    /// What goes wrong from now on where the weights are.
    func spoilStorage(_ fault: Fault?) { faults.storage.withLock { $0 = fault } }

    /// SHA-256 of the weights, their name in the cache.
    var weightsTag: String { SHA256.hexadecimal(of: weights) }

    private static func answer(_ request: LoopbackRequest, _ files: Files, storage: String) -> LoopbackResponse {
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.count == 5, parts[0...1].joined(separator: "/") == files.id, parts[2] == "resolve" else {
            return LoopbackResponse(404, headers: ["X-Error-Code": "RepoNotFound"])
        }
        guard ["main", "release", commit].contains(parts[3]) else {
            return LoopbackResponse(404, headers: ["X-Error-Code": "RevisionNotFound"])
        }
        if parts[4] == "config.json" {
            var answer = LoopbackResponse.file(files.configuration, for: request)
            answer.headers["ETag"] = "W/\"\(configurationTag)\""
            answer.headers["X-Repo-Commit"] = commit
            return answer
        }
        guard parts[4] == files.weightsName, let weights = files.weights else {
            return LoopbackResponse(404, headers: ["X-Error-Code": "EntryNotFound", "X-Repo-Commit": commit])
        }
        let digest = SHA256.hexadecimal(of: weights)
        return LoopbackResponse(
            302,
            headers: [
                "Location": "\(storage)/objects/\(digest)?Signature=secret-signature", "X-Repo-Commit": commit,
                "X-Linked-Etag": "\"\(digest)\"", "X-Linked-Size": "\(weights.count)",
            ], body: Array("Found. Redirecting to the storage.".utf8))
    }
}
