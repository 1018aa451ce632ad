import Foundation
import TestSupport
import Testing

struct FetchProxyTests {
    @Test("A proxy is asked for whole addresses, and hosts in no_proxy are asked directly")
    func proxy() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let storage = stub.storage.address.dropFirst("http://".count)
        // The hub's name exists nowhere: only the proxy, which the stub plays, can have answered.
        let outcome = try Program.run(
            ["codec", "fetch", HubStub.id],
            environment: cache.environment(
                endpoint: "http://hub.invalid", ["http_proxy": stub.hub.address, "no_proxy": "127.0.0.1"]))
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(stub.hub.requests.allSatisfy { $0.target.hasPrefix("http://hub.invalid/lab/small/resolve/") })
        #expect(!stub.storage.requests.isEmpty)
        #expect(stub.storage.requests.allSatisfy { $0.target.hasPrefix("/objects/") && $0["Host"] == String(storage) })
    }

    @Test("Without no_proxy a proxy that is not there is the end")
    func deadProxy() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let outcome = try cache.fetch(stub, [], ["http_proxy": "http://127.0.0.1:1"])
        #expect(outcome.status == 74)
        #expect(outcome.error.contains("HTTPS_PROXY"), "\(outcome.error)")
        #expect(stub.hub.requests.isEmpty)
        #expect(try cache.fetch(stub, [], ["http_proxy": "http://127.0.0.1:1", "no_proxy": "127.0.0.1"]).status == 0)
    }

    @Test("An https endpoint is asked for through the tunnel of HTTPS_PROXY, and the token is not told to the proxy")
    func tunnel() throws {
        let proxy = try LoopbackServer { _ in LoopbackResponse(502) }
        let outcome = try Program.run(
            ["codec", "fetch", HubStub.id],
            environment: try HubCacheFolder().environment(
                endpoint: "https://hub.invalid", ["HTTPS_PROXY": proxy.address, "HF_TOKEN": "hf_x"]))
        #expect(outcome.status == 74)
        #expect(outcome.error.contains("502"), "\(outcome.error)")
        #expect(!proxy.requests.isEmpty)
        #expect(proxy.requests.allSatisfy { $0.method == "CONNECT" && $0.target == "hub.invalid:443" })
        #expect(proxy.requests.allSatisfy { $0["Authorization"] == nil })
    }

    @Test("Where a token would travel in the clear it is not sent")
    func tokenInTheClear() throws {
        let stub = try HubStub()
        let outcome = try Program.run(
            ["codec", "fetch", HubStub.id],
            environment: try HubCacheFolder().environment(
                endpoint: "http://hub.invalid",
                ["http_proxy": stub.hub.address, "no_proxy": "127.0.0.1", "HF_TOKEN": "hf_x"]))
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(stub.hub.requests.allSatisfy { $0["Authorization"] == nil })
        stub.spoilHub { _, _ in LoopbackResponse(401) }
        let refused = try Program.run(
            ["codec", "fetch", HubStub.id],
            environment: try HubCacheFolder().environment(
                endpoint: "http://hub.invalid", ["http_proxy": stub.hub.address, "HF_TOKEN": "hf_x"]))
        #expect(refused.status == 66 && refused.error.contains("https HF_ENDPOINT"), "\(refused.error)")
    }
}
