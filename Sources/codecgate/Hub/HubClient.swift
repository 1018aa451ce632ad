import Foundation
import FoundationNetworking

/// Requests to a hub: redirects are followed by hand, so that the token stays with the endpoint.
struct HubClient {
    let settings: HubSettings
    private let exchange: HTTPExchange
    private static let redirectLimit = 10

    /// - Parameters:
    ///   - settings: Endpoint and token.
    ///   - timeoutSeconds: The longest silence, above 0.
    init(_ settings: HubSettings, timeoutSeconds: Double) {
        self.settings = settings
        exchange = HTTPExchange(timeoutSeconds: timeoutSeconds)
    }

    /// An answer and where it came from.
    struct Answer {
        let head: HTTPHead
        let url: URL
    }

    /// Sends a request and follows redirects.
    ///
    /// - Parameters:
    ///   - method: GET or HEAD.
    ///   - url: An http or https address.
    ///   - headers: Sent to every address on the way.
    ///   - isFinal: Says which redirect is an answer in itself.
    ///   - body: Receives the pieces of the last answer's body.
    /// - Returns: The last answer.
    /// - Throws: `HubError`, `Interruption`, what `body` throws.
    func send(
        _ method: String, to url: URL, headers: [String: String] = [:], isFinal: (HTTPHead) -> Bool = { _ in false },
        body: (HTTPHead, Data) throws -> Void = { _, _ in }
    ) throws -> Answer {
        var url = url
        for _ in 0...Self.redirectLimit {
            let head = try exchange.send(request(method, url, headers)) { head, data in
                if Self.target(head, from: url) == nil || isFinal(head) { try body(head, data) }
            }
            guard !isFinal(head), let target = Self.target(head, from: url) else { return Answer(head: head, url: url) }
            url = try Self.allowed(target, from: url)
        }
        throw HubError.badRedirect(
            address: url.plainAddress, problem: "leads on after \(Self.redirectLimit) redirects")
    }

    private func request(_ method: String, _ url: URL, _ headers: [String: String]) -> URLRequest {
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.setValue("codecgate/\(Codecgate.version)", forHTTPHeaderField: "User-Agent")
        // Sizes and ranges are those of the file, not of a compressed form.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if let token = settings.token, url.hasOrigin(of: settings.endpoint) {
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        }
        return request
    }

    private static func target(_ head: HTTPHead, from url: URL) -> URL? {
        guard [301, 302, 303, 307, 308].contains(head.status), let location = head["Location"] else { return nil }
        return URL(string: location, relativeTo: url)?.absoluteURL
    }

    private static func allowed(_ target: URL, from url: URL) throws(HubError) -> URL {
        guard let scheme = target.scheme, ["http", "https"].contains(scheme), target.host?.isEmpty == false else {
            throw .badRedirect(address: url.plainAddress, problem: "redirects to what is no web address")
        }
        guard url.scheme != "https" || scheme == "https" else {
            throw .badRedirect(
                address: url.plainAddress, problem: "redirects from https to http, which anyone can read")
        }
        return target
    }
}
