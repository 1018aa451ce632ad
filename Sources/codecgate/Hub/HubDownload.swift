import Foundation
import Glibc
import NumericCore

/// Brings one file into the cache: continued where an earlier run stopped, checked, and only then named.
struct HubDownload {
    /// How the file came to be there.
    enum Outcome: String, Encodable {
        /// It was there and is as announced.
        case present
        /// It was fetched from its first byte.
        case fetched
        /// It was fetched from where an earlier run stopped.
        case resumed
    }

    let client: HubClient
    let cache: HubCache
    let id: String
    let file: HubFile
    /// Called with the bytes that are there.
    let progress: (Int) -> Void

    /// A request asks for no more than this, so that a slow disk cannot fill the memory with what a fast network brings.
    private static let windowByteCount = 32 << 20
    /// Attempts that bring nothing, one after the other, before the user is told.
    private static let attemptLimit = 4
    /// Attempts that fail altogether, whatever they bring.
    private static let failureLimit = 20

    /// Makes sure that the blob is there.
    ///
    /// - Returns: How it came to be there, and the bytes that were fetched now.
    /// - Throws: `HubError`, `Interruption`; what was fetched stays and is continued by the next run.
    func run() throws -> (outcome: Outcome, fetchedByteCount: Int) {
        if try isPresent() { return (.present, 0) }
        let partial = try PartialFile(path: cache.incomplete(file.etag), limit: file.size)
        try partial.checkRoom(for: file.size)
        while true {
            try fill(partial)
            guard let found = try mismatch() else { break }
            // What an earlier run left may be the damaged part.
            guard partial.inheritedCount > 0 else {
                try partial.remove()
                throw HubError.wrongDigest(file: file.name, announced: file.digest ?? "", found: found)
            }
            try partial.empty()
        }
        try partial.finish(as: cache.blob(file.etag))
        return (partial.inheritedCount > 0 ? .resumed : .fetched, file.size - partial.inheritedCount)
    }

    /// A blob of the right size and hash; another one is in the way and will be replaced.
    private func isPresent() throws -> Bool {
        var status = stat()
        guard stat(cache.blob(file.etag), &status) == 0, Int(status.st_size) == file.size else { return false }
        return try digestMismatch(cache.blob(file.etag)) == nil
    }

    private func mismatch() throws -> String? { try digestMismatch(cache.incomplete(file.etag)) }

    /// The SHA-256 of a file when it is not the announced one.
    private func digestMismatch(_ path: String) throws -> String? {
        guard let digest = file.digest else { return nil }
        let found = try SHA256.hexadecimal(ofFile: path)
        return found == digest ? nil : found
    }

    /// Asks until everything is there.
    private func fill(_ partial: PartialFile) throws {
        progress(partial.count)
        var (idleAttempts, failures) = (0, 0)
        while partial.count < file.size {
            let before = partial.count
            do { try fetchWindow(into: partial) } catch let error as HubError where error.isTransient {
                idleAttempts = partial.count > before ? 0 : idleAttempts + 1
                failures += 1
                guard idleAttempts < Self.attemptLimit, failures < Self.failureLimit else {
                    throw given(up: error, partial)
                }
                try pause(before: idleAttempts)
            }
        }
    }

    /// The first failure of all says most; a later one is a broken connection.
    private func given(up error: HubError, _ partial: PartialFile) -> HubError {
        guard partial.count > 0, case .unreachable = error else { return error }
        return .cutOff(file: file.name, have: partial.count, of: file.size)
    }

    private func pause(before attempt: Int) throws {
        for _ in 0..<(2 << attempt) {
            try Interruption.check()
            usleep(50_000)
        }
    }

    private func fetchWindow(into partial: PartialFile) throws {
        let start = partial.count
        let end = min(file.size, start + Self.windowByteCount)
        let address = try client.settings.address(of: file.name, id: id, revision: file.commit)
        var isChecked = false
        let range = ["Range": "bytes=\(start)-\(end - 1)"]
        let store = { (head: HTTPHead, data: Data) in
            guard head.status == 200 || head.status == 206 else { return }
            if !isChecked { try check(head, partial) }
            isChecked = true
            guard data.count <= file.size - partial.count else {
                try partial.remove()
                throw HubError.wrongSize(file: file.name, announced: file.size, found: partial.count + data.count)
            }
            try partial.append(data, of: file.size)
            progress(partial.count)
        }
        let answer = try client.send("GET", to: address, headers: range, body: store)
        switch answer.head.status {
        case 200, 206:
            guard partial.count == start else { return }
            throw HubError.unreachable(address: answer.url.plainAddress, reason: "the answer was empty")
        case 416:
            try partial.empty()
            throw HubError.unreachable(
                address: answer.url.plainAddress, reason: "it refuses the range from byte \(start)")
        default: throw HubError.status(answer.head.status, address: answer.url.plainAddress)
        }
    }

    /// A server that knows no ranges starts again; one that sends another range, or another file, is refused.
    private func check(_ head: HTTPHead, _ partial: PartialFile) throws {
        if head.status == 200 {
            try partial.empty()
            try agree(head["Content-Length"].flatMap { Int($0) }, partial)
            return
        }
        // "bytes 100-199/2000", or "*" for a total that is not known.
        let parts = (head["Content-Range"] ?? "").split { $0 == " " || $0 == "-" || $0 == "/" }
        guard parts.count == 4, parts[0] == "bytes", Int(parts[1]) == partial.count else {
            throw HubError.notAHub(
                address: client.settings.endpoint.plainAddress,
                problem: "it sent the range '\(head["Content-Range"] ?? "")' where byte \(partial.count) was asked for")
        }
        try agree(Int(parts[3]), partial)
    }

    private func agree(_ total: Int?, _ partial: PartialFile) throws {
        guard let total, total != file.size else { return }
        try partial.remove()
        throw HubError.wrongSize(file: file.name, announced: file.size, found: total)
    }
}

extension HubError {
    /// Whether another attempt may succeed.
    fileprivate var isTransient: Bool {
        switch self {
        case .unreachable: true
        case .status(let code, _): code == 429 || (500..<600).contains(code)
        default: false
        }
    }
}
