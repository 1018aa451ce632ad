import EnCodec
import Foundation

/// Where the hub and its cache are, by the environment variables that Hugging Face's own programs read.
struct HubSettings {
    /// What becomes of HF_TOKEN.
    enum TokenUse: Equatable {
        /// It is not set.
        case none
        /// It is set, but would travel in the clear.
        case withheld
        /// It goes to the endpoint and nowhere else.
        case sent
    }

    /// The hub, without a slash at its end.
    let endpoint: URL
    /// The hub cache's folder; it need not exist.
    let cache: String
    /// HF_TOKEN, where it may be sent; never printed.
    let token: String?
    let tokenUse: TokenUse

    static let defaultEndpoint = "https://huggingface.co"

    /// Reads the environment.
    ///
    /// - Parameters:
    ///   - environment: HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, and what says where the cache is.
    ///   - endpoint: Replaces HF_ENDPOINT.
    /// - Throws: `HubError.usage`.
    init(environment: [String: String], endpoint: String? = nil) throws(HubError) {
        if let offline = environment["HF_HUB_OFFLINE"], ["1", "on", "yes", "true"].contains(offline.lowercased()) {
            throw .usage("HF_HUB_OFFLINE is '\(offline)', so nothing may be fetched; unset it")
        }
        let named = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
        self.endpoint = try Self.checked(endpoint ?? named ?? Self.defaultEndpoint)
        cache = CodecFiles.hubCache(environment: environment)
        guard let token = environment["HF_TOKEN"]?.trimmingCharacters(in: .whitespacesAndNewlines), !token.isEmpty
        else {
            (self.token, tokenUse) = (nil, .none)
            return
        }
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .usage("HF_TOKEN holds characters that no token has; copy it again from the hub's settings")
        }
        let isSafe = self.endpoint.scheme == "https" || Self.isLoopback(self.endpoint)
        (self.token, tokenUse) = isSafe ? (token, .sent) : (nil, .withheld)
    }

    private static func checked(_ endpoint: String) throws(HubError) -> URL {
        let text = String(endpoint.reversed().drop { $0 == "/" }.reversed())
        guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host?.isEmpty == false, url.query == nil, url.fragment == nil
        else { throw .usage("the endpoint '\(endpoint)' is not an http or https address; use \(defaultEndpoint)") }
        return url
    }

    private static func isLoopback(_ url: URL) -> Bool {
        ["127.0.0.1", "localhost", "::1", "[::1]"].contains(url.host ?? "")
    }

    /// The address of a file.
    ///
    /// - Parameters:
    ///   - name: A file name.
    ///   - id: A checked repository id.
    ///   - revision: A branch, tag or commit; any characters.
    /// - Returns: An address below the endpoint.
    /// - Throws: `HubError.usage`.
    func address(of name: String, id: String, revision: String) throws(HubError) -> URL {
        let unreserved = CharacterSet(
            charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        guard let quoted = revision.addingPercentEncoding(withAllowedCharacters: unreserved),
            let url = URL(string: "\(endpoint.absoluteString)/\(id)/resolve/\(quoted)/\(name)")
        else { throw .usage("the revision '\(revision)' cannot be part of an address; give a branch, tag or commit") }
        return url
    }
}

extension URL {
    /// The address without user, password, query and fragment, which may hold secrets.
    var plainAddress: String {
        let port = port.map { ":\($0)" } ?? ""
        return "\(scheme ?? "")://\(host ?? "")\(port)\(path)"
    }

    /// Whether a token for one address may go to another.
    func hasOrigin(of other: URL) -> Bool {
        func port(_ url: URL) -> Int { url.port ?? (url.scheme == "https" ? 443 : 80) }
        return scheme == other.scheme && host?.lowercased() == other.host?.lowercased() && port(self) == port(other)
    }
}
