import Foundation
import Synchronization
import TestSupport
import Testing

struct FetchResumeTests {
    @Test("A connection that is cut goes on at the byte where it stopped, in the same run")
    func cutOnce() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        stub.spoilStorage(Self.cutting(at: 100_000, times: 1))
        let outcome = try cache.fetch(stub)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(stub.storage.requests.map { $0.range?.first } == [0, 100_000])
        #expect(try cache.contents("blobs/\(stub.weightsTag)") == stub.weights)
    }

    @Test("A connection that is cut for good leaves what came, and the next run goes on there")
    func cutForGood() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        stub.spoilStorage { request, answer in
            request.range?.first == 0 ? Self.cut(answer, at: 100_000) : Self.cut(answer, at: 0)
        }
        let first = try cache.fetch(stub)
        #expect(first.status == 74)
        #expect(first.error.contains("byte 100000 of \(stub.weights.count)"), "\(first.error)")
        #expect(try cache.contents("blobs/\(stub.weightsTag).incomplete") == Array(stub.weights[..<100_000]))
        #expect(try cache.files().allSatisfy { !$0.hasPrefix("snapshots") && !$0.hasPrefix("refs") })
        stub.spoilStorage(nil)
        let second = try cache.fetch(stub, ["--json"])
        #expect(second.output.contains("\"resumed\""), "\(second.error)")
        #expect(second.output.contains("\"fetched_bytes\" : \(stub.weights.count - 100_000)"))
        #expect(try cache.contents("blobs/\(stub.weightsTag)") == stub.weights)
        #expect(try cache.files().allSatisfy { !$0.hasSuffix(".incomplete") })
    }

    @Test("SIGINT ends a fetch by that signal and leaves what came")
    func interrupted() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        stub.spoilStorage { _, answer in
            var stuck = Self.cut(answer, at: 50_000)
            stuck.hangs = true
            return stuck
        }
        let process = Program.process(
            ["codec", "fetch", HubStub.id, "--quiet"], environment: cache.environment(endpoint: stub.hub.address))
        try process.run()
        let partial = "\(cache.model)/blobs/\(stub.weightsTag).incomplete"
        for _ in 0..<200 {
            if FileManager.default.contents(atPath: partial)?.count == 50_000 { break }
            Thread.sleep(forTimeInterval: 0.05)
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGINT)
        #expect(FileManager.default.contents(atPath: partial)?.count == 50_000)
        stub.spoilStorage(nil)
        #expect(try cache.fetch(stub, ["--json"]).output.contains("\"resumed\""))
    }

    @Test("A file that changed on the hub is fetched from its beginning, whatever was there of the old one")
    func changedFile() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let old = "blobs/\(String(repeating: "0d", count: 32)).incomplete"
        try cache.put(stub.weights[..<1000].map { $0 ^ 7 }, at: old)
        #expect(try cache.fetch(stub, ["--json"]).output.contains("\"fetched\""))
        #expect(stub.storage.requests.first?.range?.first == 0)
    }

    @Test("A beginning that is damaged, or longer than the file, is thrown away", arguments: [1000, 300_000])
    func damagedBeginning(count: Int) throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        try cache.put([UInt8](repeating: 9, count: count), at: "blobs/\(stub.weightsTag).incomplete")
        let outcome = try cache.fetch(stub, ["--json"])
        #expect(outcome.output.contains("\"fetched\""), "\(outcome.error)")
        #expect(try cache.contents("blobs/\(stub.weightsTag)") == stub.weights)
    }

    @Test("A server without ranges is read from the beginning again")
    func noRanges() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let weights = stub.weights
        stub.spoilStorage { _, _ in LoopbackResponse(200, body: weights) }
        try cache.put(weights[..<5000], at: "blobs/\(stub.weightsTag).incomplete")
        let outcome = try cache.fetch(stub, ["--json"])
        #expect(outcome.output.contains("\"fetched_bytes\" : \(weights.count)"), "\(outcome.error)")
        #expect(try cache.contents("blobs/\(stub.weightsTag)") == weights)
    }

    @Test("A full disk keeps what fits and says how much is missing; with room the next run goes on there")
    func fullDisk() throws {
        let (stub, cache) = (try HubStub(), try HubCacheFolder())
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The shell counts blocks of 512 bytes.
        let limited = "ulimit -f 200; exec \"$0\" codec fetch \(HubStub.id) 2>\"$1\""
        let errors = cache.root + ".err"
        process.arguments = ["-c", limited, Program.executable.path, errors]
        process.environment = ProcessInfo.processInfo.environment.merging(
            cache.environment(endpoint: stub.hub.address)
        ) { $1 }
        try process.run()
        process.waitUntilExit()
        let sentence = try String(contentsOfFile: errors, encoding: .utf8)
        #expect(process.terminationReason == .exit && process.terminationStatus == 74, "\(sentence)")
        #expect(sentence.contains("no room in") && sentence.contains("\(stub.weights.count - 102_400) bytes"))
        #expect(try cache.contents("blobs/\(stub.weightsTag).incomplete").count == 102_400)
        let second = try cache.fetch(stub, ["--json"])
        #expect(second.output.contains("\"resumed\""), "\(second.error)")
    }

    private static func cut(_ answer: LoopbackResponse, at count: Int) -> LoopbackResponse {
        var answer = answer
        answer.sentByteCount = count
        return answer
    }

    private static func cutting(at count: Int, times: Int) -> HubStub.Fault {
        let left = Counter(times)
        return { _, answer in left.take() ? cut(answer, at: count) : nil }
    }

    private final class Counter: Sendable {
        private let left: Mutex<Int>

        init(_ count: Int) { left = Mutex(count) }

        func take() -> Bool {
            left.withLock { left in
                left -= 1
                return left >= 0
            }
        }
    }
}
