import Foundation
import Glibc
import Synchronization

/// A web server on 127.0.0.1 for tests: answers as it is told, also wrongly, and remembers what it was asked.
///
/// Every connection carries one request. As a proxy it is asked for whole addresses, see ``LoopbackRequest/target``.
public final class LoopbackServer: Sendable {
    /// The port, chosen by the system.
    public let port: UInt16
    private let listener: Int32
    private let log: Log

    /// What outlives the server in the threads of its connections.
    private final class Log: Sendable {
        let requests = Mutex<[LoopbackRequest]>([])
        let isStopped = Atomic(false)
    }

    /// A system call that failed.
    public struct Failure: Error {
        /// The call.
        public let operation: String
        /// `errno`.
        public let code: Int32
    }

    /// Starts a server.
    ///
    /// - Parameter respond: Answers one request; called on a thread of its own.
    /// - Throws: ``Failure``.
    public init(_ respond: @escaping @Sendable (LoopbackRequest) -> LoopbackResponse) throws {
        (listener, port) = try Self.listen()
        log = Log()
        let (listener, log) = (listener, log)
        let thread = Thread {
            while !log.isStopped.load(ordering: .relaxed) {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { continue }
                Thread { Self.serve(connection, log, respond) }.start()
            }
            close(listener)
        }
        thread.start()
    }

    deinit {
        log.isStopped.store(true, ordering: .relaxed)
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// The server's address, without a slash at its end.
    public var address: String { "http://127.0.0.1:\(port)" }

    /// What was asked so far.
    public var requests: [LoopbackRequest] { log.requests.withLock { $0 } }

    private static func listen() throws -> (listener: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw Failure(operation: "socket", code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                guard bind(listener, name, length) == 0, Glibc.listen(listener, 64) == 0 else { return false }
                return getsockname(listener, name, &length) == 0
            }
        }
        guard status else {
            let code = errno
            close(listener)
            throw Failure(operation: "listen", code: code)
        }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    private static func serve(
        _ connection: Int32, _ log: Log, _ respond: @Sendable (LoopbackRequest) -> LoopbackResponse
    ) {
        defer { close(connection) }
        guard let request = LoopbackRequest(head: head(from: connection)) else { return }
        log.requests.withLock { $0.append(request) }
        let response = respond(request)
        guard send(response.head, to: connection), request.method != "HEAD" else { return finish(connection) }
        let end = min(response.body.count, response.sentByteCount ?? response.body.count)
        for start in stride(from: 0, to: end, by: 1 << 14) {
            if log.isStopped.load(ordering: .relaxed) { return }
            guard send(response.body[start..<min(end, start + 1 << 14)], to: connection) else { return }
            if response.pauseSeconds > 0 { Thread.sleep(forTimeInterval: response.pauseSeconds) }
        }
        // Nobody waits for a server that hangs longer than this.
        for _ in 0..<1200 where response.hangs && !log.isStopped.load(ordering: .relaxed) {
            Thread.sleep(forTimeInterval: 0.05)
        }
        finish(connection)
    }

    /// Ends the connection in order: closing with unread bytes would reset it and could lose the answer.
    private static func finish(_ connection: Int32) {
        shutdown(connection, Int32(SHUT_WR))
        var rest = [UInt8](repeating: 0, count: 4096)
        while recv(connection, &rest, rest.count, 0) > 0 {}
    }

    private static func head(from connection: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 1 << 16, !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(connection, &byte, 1, 0) == 1 else { return [] }
            bytes.append(byte)
        }
        return bytes
    }

    private static func send(_ bytes: some Collection<UInt8>, to connection: Int32) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
