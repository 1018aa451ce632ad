import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// The head of an answer.
struct HTTPHead: Sendable {
    let status: Int
    private let fields: [String: String]

    init(_ response: HTTPURLResponse) {
        status = response.statusCode
        var fields: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            fields["\(name)".lowercased()] = "\(value)"
        }
        self.fields = fields
    }

    /// A header's value; upper and lower case of the name do not matter.
    subscript(name: String) -> String? { fields[name.lowercased()] }
}

/// Sends requests one at a time and hands the answer to the calling thread; follows no redirect.
///
/// The session knows the proxy variables by way of libcurl. It reads as fast as the network is, whatever the receiver does:
/// what a request asks for should fit into memory.
final class HTTPExchange {
    private let mailbox = HTTPMailbox()
    private let session: URLSession
    private let timeoutSeconds: Double
    private static let pollInterval = DispatchTimeInterval.milliseconds(100)

    /// - Parameter timeoutSeconds: The longest silence, above 0.
    init(timeoutSeconds: Double) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        // Silence is watched here; the session's own limit only has to be longer.
        configuration.timeoutIntervalForRequest = timeoutSeconds * 2 + 10
        self.timeoutSeconds = timeoutSeconds
        session = URLSession(configuration: configuration, delegate: mailbox, delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    /// Sends a request and waits for the end of the answer.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - body: Receives the pieces of the body as they come; what it throws ends the transfer.
    /// - Returns: The head.
    /// - Throws: `HubError.unreachable` (also when the connection breaks), `.silent`, `Interruption`, what `body` throws.
    func send(_ request: URLRequest, body: (HTTPHead, Data) throws -> Void) throws -> HTTPHead {
        let address = request.url?.plainAddress ?? ""
        let task = session.dataTask(with: request)
        mailbox.open(for: task.taskIdentifier)
        task.resume()
        defer { task.cancel() }
        var head: HTTPHead?
        var lastSign = ContinuousClock.now
        while true {
            try Interruption.check()
            guard let event = mailbox.next(timeout: .now() + Self.pollInterval) else {
                guard (ContinuousClock.now - lastSign).inSeconds < timeoutSeconds else {
                    throw HubError.silent(address: address, seconds: timeoutSeconds)
                }
                continue
            }
            lastSign = .now
            switch event {
            case .head(let found): head = found
            case .body(let data): if let head { try body(head, data) }
            case .failed(let reason): throw HubError.unreachable(address: address, reason: reason)
            case .ended:
                guard let head else { throw HubError.unreachable(address: address, reason: "there was no answer") }
                return head
            }
        }
    }
}

/// Carries events from the session's queue to the thread that waits for them.
private final class HTTPMailbox: NSObject, URLSessionDataDelegate, Sendable {
    enum Event: Sendable {
        case head(HTTPHead)
        case body(Data)
        case failed(String)
        case ended
    }

    private struct State {
        var task = -1
        var events: [Event] = []
        var readIndex = 0
    }

    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)

    /// Forgets what belongs to earlier tasks and takes the events of this one.
    func open(for task: Int) { state.withLock { $0 = State(task: task) } }

    func next(timeout: DispatchTime) -> Event? {
        if let event = take() { return event }
        guard signal.wait(timeout: timeout) == .success else { return nil }
        return take()
    }

    private func take() -> Event? {
        state.withLock { state in
            guard state.readIndex < state.events.count else {
                (state.events, state.readIndex) = ([], 0)
                return nil
            }
            let event = state.events[state.readIndex]
            // A read piece of a body must not stay in memory.
            state.events[state.readIndex] = .ended
            state.readIndex += 1
            return event
        }
    }

    private func put(_ event: Event, from task: URLSessionTask) {
        let isAwaited = state.withLock { state in
            guard state.task == task.taskIdentifier else { return false }
            state.events.append(event)
            return true
        }
        if isAwaited { signal.signal() }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        if let response = response as? HTTPURLResponse { put(.head(HTTPHead(response)), from: dataTask) }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        put(.body(data), from: dataTask)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        put(error.map { .failed(Self.text($0)) } ?? .ended, from: task)
    }

    /// The library's own words, without the address that it adds.
    private static func text(_ error: any Error) -> String {
        let text = (error as NSError).userInfo[NSLocalizedDescriptionKey] as? String ?? error.localizedDescription
        return String(text.reversed().drop { $0 == "." }.reversed())
    }
}
