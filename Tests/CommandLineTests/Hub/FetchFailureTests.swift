import Foundation
import TestSupport
import Testing

struct FetchFailureTests {
    /// One thing that goes wrong, and what the user is told.
    struct Trouble: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let status: Int32
        let texts: [String]
        var hub: HubStub.Fault?
        var storage: HubStub.Fault?
        var arguments: [String] = []
        var environment: [String: String] = [:]
        var change: @Sendable (inout HubStub.Files) -> Void = { _ in }
    }

    static func answering(_ status: Int, _ headers: [String: String] = [:], _ body: String = "") -> HubStub.Fault {
        { _, _ in LoopbackResponse(status, headers: headers, body: Array(body.utf8)) }
    }

    static func heading(_ name: String, _ value: String, at file: String) -> HubStub.Fault {
        { request, answer in
            guard request.path.hasSuffix(file) else { return nil }
            var answer = answer
            answer.headers[name] = value
            return answer
        }
    }

    static let hubTroubles: [Trouble] = [
        Trouble(
            testDescription: "no such repository", status: 66, texts: ["no repository 'lab/small'", "spelling"],
            hub: answering(404)),
        Trouble(
            testDescription: "no such revision", status: 66, texts: ["revision 'v9'"], arguments: ["--revision", "v9"]),
        Trouble(
            testDescription: "no weights", status: 66, texts: ["model.safetensors or pytorch_model.bin"],
            change: { $0.weights = nil }),
        Trouble(
            testDescription: "no configuration", status: 66, texts: ["no config.json"],
            hub: answering(404, ["X-Error-Code": "EntryNotFound"])),
        Trouble(
            testDescription: "a gated repository without a token", status: 66, texts: ["gated", "HF_TOKEN"],
            hub: answering(401, ["X-Error-Code": "GatedRepo"])),
        Trouble(
            testDescription: "a gated repository with a token", status: 66, texts: ["accept the model's terms"],
            hub: answering(403, ["X-Error-Code": "GatedRepo"]), environment: ["HF_TOKEN": "hf_x"]),
        Trouble(
            testDescription: "a server that is no hub", status: 65, texts: ["X-Repo-Commit", "HF_ENDPOINT"],
            hub: answering(200, [:], "<html>")),
        Trouble(
            testDescription: "an ETag that leaves the cache", status: 65, texts: ["ETag"],
            hub: heading("X-Linked-Etag", "\"../../../x\"", at: "model.safetensors")),
        Trouble(
            testDescription: "another commit than was asked for", status: 65,
            texts: [String(repeating: "d", count: 40)],
            hub: heading("X-Repo-Commit", String(repeating: "d", count: 40), at: "model.safetensors")),
        Trouble(
            testDescription: "a hub out of order", status: 74, texts: ["status 503", "later"], hub: answering(503)),
        Trouble(
            testDescription: "a proxy that wants a password", status: 74, texts: ["password", "HTTPS_PROXY"],
            hub: answering(407)),
        Trouble(
            testDescription: "an endless redirect", status: 74, texts: ["10 redirects"],
            hub: answering(302, ["Location": "/lab/small/resolve/main/config.json"])),
        Trouble(
            testDescription: "a redirect into the file system", status: 74, texts: ["no web address"],
            hub: answering(302, ["Location": "file:///etc/passwd"])),
        Trouble(
            testDescription: "a repository that is no EnCodec", status: 65, texts: ["model_type"],
            change: { $0.configuration = Array("{\"model_type\": \"bert\"}".utf8) }),
        Trouble(
            testDescription: "a file larger than the disk", status: 74, texts: ["no room", "4000000000000000000"],
            hub: heading("X-Linked-Size", "4000000000000000000", at: "model.safetensors")),
    ]

    static let storageTroubles: [Trouble] = [
        Trouble(
            testDescription: "another content", status: 65, texts: ["SHA-256", "removed"],
            storage: { _, answer in
                var answer = answer
                answer.body[1000] ^= 1
                return answer
            }),
        Trouble(
            testDescription: "a shorter file than announced", status: 65, texts: ["bytes where the hub announced"],
            hub: heading("X-Linked-Size", "300000", at: "model.safetensors")),
        Trouble(
            testDescription: "a longer file than announced", status: 65, texts: ["bytes where the hub announced"],
            hub: heading("X-Linked-Size", "1000", at: "model.safetensors")),
        Trouble(
            testDescription: "more bytes than were asked for", status: 65, texts: ["bytes where the hub announced"],
            storage: { _, answer in
                var answer = answer
                answer.body += [UInt8](repeating: 0, count: 50_000)
                return answer
            }),
        Trouble(
            testDescription: "another range than was asked for", status: 65, texts: ["bytes 7-"],
            storage: { _, answer in
                var answer = answer
                answer.headers["Content-Range"] = "bytes 7-262639/262640"
                return answer
            }),
        Trouble(
            testDescription: "a storage that refuses", status: 74, texts: ["status 403"], storage: answering(403)),
        Trouble(
            testDescription: "a storage that refuses every range", status: 74, texts: ["refuses the range"],
            storage: answering(416)),
        Trouble(
            testDescription: "an answer that stops in the middle of nothing", status: 74,
            texts: ["nothing came", "1 s", "--timeout"],
            storage: { _, answer in
                var answer = answer
                (answer.sentByteCount, answer.hangs) = (0, true)
                return answer
            }, arguments: ["--timeout", "1"]),
    ]

    @Test(
        "What goes wrong is one sentence with its exit code, and no snapshot appears",
        arguments: hubTroubles + storageTroubles)
    func trouble(_ trouble: Trouble) throws {
        let (stub, cache) = (try HubStub(trouble.change), try HubCacheFolder())
        stub.spoilHub(trouble.hub)
        stub.spoilStorage(trouble.storage)
        let outcome = try cache.fetch(stub, trouble.arguments, trouble.environment)
        #expect(outcome.status == trouble.status, "\(outcome.error)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.hasPrefix("Error: ") && outcome.error.hasSuffix(".\n"), "\(outcome.error)")
        for text in trouble.texts {
            #expect(outcome.error.contains(text), "\(text) in: \(outcome.error)")
        }
        #expect(!outcome.error.contains("secret-signature"))
        let files = try cache.files()
        #expect(files.allSatisfy { !$0.hasPrefix("snapshots") && !$0.hasPrefix("refs") }, "\(files)")
        #expect(!files.contains("blobs/\(stub.weightsTag)"))
    }

    @Test("A file with a wrong hash is removed, so that the next run starts with nothing of it")
    func wrongHashLeavesNothing() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        stub.spoilStorage { _, answer in
            var answer = answer
            answer.body[0] ^= 1
            return answer
        }
        #expect(try cache.fetch(stub).status == 65)
        #expect(try cache.files() == ["blobs/\(HubStub.configurationTag)"])
        stub.spoilStorage(nil)
        #expect(try cache.fetch(stub).status == 0)
    }

    @Test("A repository that is no EnCodec is refused before its weights are fetched")
    func refusedEarly() throws {
        let stub = try HubStub { $0.configuration = Array("{\"model_type\": \"bert\"}".utf8) }
        #expect(try HubCacheFolder().fetch(stub).status == 65)
        #expect(stub.storage.requests.isEmpty)
    }

    @Test("An endless redirect is followed ten times and no more")
    func endlessRedirect() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        stub.spoilHub { request, _ in LoopbackResponse(307, headers: ["Location": request.target]) }
        #expect(try cache.fetch(stub).status == 74)
        #expect(stub.hub.requests.count == 11)
    }

    @Test("A server that falls silent is waited for as long as --timeout says, not longer")
    func silence() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        stub.spoilHub { _, answer in
            var silent = answer
            (silent.sentByteCount, silent.hangs) = (0, true)
            return silent
        }
        let start = ContinuousClock.now
        #expect(try cache.fetch(stub, ["--timeout", "0.5"]).status == 74)
        // Once for the head, which comes, and once for the body; the rest is the machine's.
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test("A closed port is said to be unreachable, with the address")
    func closedPort() throws {
        let cache = try HubCacheFolder()
        // Port 1 of this machine: nobody listens there.
        let outcome = try Program.run(
            ["codec", "fetch", HubStub.id], environment: cache.environment(endpoint: "http://127.0.0.1:1"))
        #expect(outcome.status == 74)
        #expect(outcome.error.contains("cannot reach http://127.0.0.1:1/"), "\(outcome.error)")
        #expect(outcome.error.contains("HF_ENDPOINT, HTTPS_PROXY and NO_PROXY"))
        #expect(try cache.files().isEmpty)
    }

    @Test(
        "What cannot be asked for is wrong use",
        arguments: [
            (["codec", "fetch", "encodec_24khz"], [:]), (["codec", "fetch", "../..", "--quiet"], [:]),
            (["codec", "fetch", "a/b/c"], [:]), (["codec", "fetch", "a/b", "--revision", "../main"], [:]),
            (["codec", "fetch", "a/b", "--endpoint", "ftp://x"], [:]),
            (["codec", "fetch", "a/b", "--timeout", "0"], [:]),
            (["codec", "fetch", "a/b"], ["HF_HUB_OFFLINE": "1"]), (["codec", "fetch", "a/b"], ["HF_TOKEN": "hf_q z"]),
        ] as [([String], [String: String])])
    func wrongUse(arguments: [String], environment: [String: String]) throws {
        let cache = try HubCacheFolder()
        let outcome = try Program.run(
            arguments, environment: cache.environment(endpoint: "http://127.0.0.1:1", environment))
        #expect(outcome.status == 64, "\(outcome.error)")
        #expect(!outcome.error.contains("hf_q"), "no token in print")
    }
}
