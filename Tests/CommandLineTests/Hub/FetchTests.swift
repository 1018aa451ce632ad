import Foundation
import TestSupport
import Testing

struct FetchTests {
    @Test("A fetched codec lies in the hub cache as Hugging Face's programs lay it out, and is found by its id")
    func layout() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let outcome = try cache.fetch(stub, ["--json"])
        try #require(outcome.status == 0, "\(outcome.error)")
        let snapshot = "snapshots/\(HubStub.commit)"
        #expect(
            try cache.files()
                == [
                    "blobs/\(HubStub.configurationTag)", "blobs/\(stub.weightsTag)", "refs/main",
                    "\(snapshot)/config.json",
                    "\(snapshot)/model.safetensors",
                ].sorted())
        #expect(try cache.contents("refs/main") == Array(HubStub.commit.utf8), "without a line's end")
        #expect(try cache.contents("\(snapshot)/model.safetensors") == stub.weights)
        let links = FileManager.default
        for (name, tag) in [("config.json", HubStub.configurationTag), ("model.safetensors", stub.weightsTag)] {
            let target = try links.destinationOfSymbolicLink(atPath: "\(cache.model)/\(snapshot)/\(name)")
            #expect(target == "../../blobs/\(tag)")
        }
        for part in [HubStub.commit, "\"fetched\"", stub.weightsTag, "\"fetched_bytes\" : \(stub.weights.count)"] {
            #expect(outcome.output.contains(part), "\(part)")
        }
        let environment = cache.environment(endpoint: stub.hub.address)
        #expect(try Program.succeed(["codec", "list"], environment: environment).contains(HubStub.id))
        #expect(
            try Program.succeed(["codec", "inspect", HubStub.id], environment: environment).contains(stub.weightsTag))
    }

    @Test("What is there and intact is not fetched again; what is damaged is")
    func presentAndDamaged() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        #expect(try cache.fetch(stub).status == 0)
        let count = stub.storage.requests.count
        let again = try cache.fetch(stub, ["--json"])
        #expect(again.output.contains("\"present\"") && !again.output.contains("\"fetched\""), "\(again.error)")
        #expect(stub.storage.requests.count == count)
        try cache.put(stub.weights.map { $0 ^ 1 }, at: "blobs/\(stub.weightsTag)")
        #expect(try cache.fetch(stub, ["--json"]).output.contains("\"fetched\""))
        #expect(try cache.contents("blobs/\(stub.weightsTag)") == stub.weights)
    }

    @Test("A revision other than main has its own reference, and a commit has none")
    func revisions() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let outcome = try cache.fetch(stub, ["--revision", "release"])
        #expect(outcome.output.contains("--codec \(cache.model)/snapshots/\(HubStub.commit)"), "\(outcome.error)")
        #expect(try cache.files().filter { $0.hasPrefix("refs") } == ["refs/release"])
        let other = try HubCacheFolder()
        #expect(try other.fetch(stub, ["--revision", HubStub.commit]).status == 0)
        #expect(try other.files().allSatisfy { !$0.hasPrefix("refs") })
    }

    @Test("Weights as pytorch_model.bin are fetched where there are no others")
    func torchWeights() throws {
        let torch = Array(try Data(contentsOf: URL(fileURLWithPath: "\(Program.small)/pytorch_model.bin")))
        let stub = try HubStub { ($0.weightsName, $0.weights) = ("pytorch_model.bin", torch) }
        let cache = try HubCacheFolder()
        let outcome = try cache.fetch(stub)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(try cache.contents("snapshots/\(HubStub.commit)/pytorch_model.bin") == torch)
    }

    @Test("The token goes to the endpoint and to nobody else, and is not printed")
    func token() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let token = "hf_secretSECRETsecret"
        let outcome = try cache.fetch(stub, [], ["HF_TOKEN": token])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(stub.hub.requests.allSatisfy { $0["Authorization"] == "Bearer \(token)" })
        #expect(!stub.storage.requests.isEmpty)
        #expect(stub.storage.requests.allSatisfy { $0["Authorization"] == nil })
        stub.spoilHub { _, _ in LoopbackResponse(401) }
        let refused = try cache.fetch(stub, [], ["HF_TOKEN": token])
        #expect(refused.status == 66)
        #expect(!(outcome.output + outcome.error + refused.output + refused.error).contains(token))
    }

    @Test("Two processes at once fetch once and both succeed")
    func twoAtOnce() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        stub.spoilStorage { _, answer in
            var slow = answer
            slow.pauseSeconds = 0.05
            return slow
        }
        let arguments = ["codec", "fetch", HubStub.id, "--quiet"]
        let environment = cache.environment(endpoint: stub.hub.address)
        let processes = (0..<2).map { _ in Program.process(arguments, environment: environment) }
        for process in processes { try process.run() }
        for process in processes {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        #expect(stub.storage.requests.count { $0.method == "GET" } == 1)
        #expect(try cache.contents("snapshots/\(HubStub.commit)/model.safetensors") == stub.weights)
        #expect(try cache.files().count == 5)
    }
}
