/// What a server was asked.
public struct LoopbackRequest: Sendable {
    /// Such as GET.
    public let method: String
    /// A path with query; a whole address where the server is a proxy, host and port for CONNECT.
    public let target: String
    private let headers: [String: String]

    /// Reads the head of a request; nil when it is none.
    init?(head: [UInt8]) {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        (method, target) = (String(words[0]), String(words[1]))
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        self.headers = headers
    }

    /// A header's value.
    ///
    /// - Parameter name: Upper and lower case do not matter.
    public subscript(name: String) -> String? { headers[name.lowercased()] }

    /// The path of the target, without host and query.
    public var path: String {
        let tail = target.hasPrefix("http://") ? target.dropFirst("http://".count).drop { $0 != "/" } : target[...]
        return String(tail.prefix { $0 != "?" })
    }

    /// First and last byte of a range that was asked for; the last is nil for an open end.
    public var range: (first: Int, last: Int?)? {
        guard let text = self["Range"], text.hasPrefix("bytes=") else { return nil }
        let ends = text.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int(ends[0]) else { return nil }
        return (first, Int(ends[1]))
    }
}

/// What a server answers.
public struct LoopbackResponse: Sendable {
    /// The status.
    public var status: Int
    /// Headers; Content-Length is added where it is missing.
    public var headers: [String: String]
    /// The body; not sent after HEAD.
    public var body: [UInt8]
    /// Bytes of the body after which the connection is cut; nil sends all.
    public var sentByteCount: Int?
    /// Keep the connection open in silence after what is sent.
    public var hangs = false
    /// Seconds of pause after every 16 KiB.
    public var pauseSeconds = 0.0

    /// An answer.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - headers: Headers.
    ///   - body: The body.
    public init(_ status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// The part of a file that a request asks for.
    ///
    /// - Parameters:
    ///   - file: The whole file.
    ///   - request: With or without a range.
    /// - Returns: 200, 206, or 416 for a range outside.
    public static func file(_ file: [UInt8], for request: LoopbackRequest) -> LoopbackResponse {
        guard let range = request.range else { return LoopbackResponse(200, body: file) }
        guard range.first < file.count else { return LoopbackResponse(416) }
        let last = min(range.last ?? .max, file.count - 1)
        return LoopbackResponse(
            206, headers: ["Content-Range": "bytes \(range.first)-\(last)/\(file.count)"],
            body: Array(file[range.first...last]))
    }

    var head: [UInt8] {
        var lines = ["HTTP/1.1 \(status) Test", "Connection: close"]
        if headers["Content-Length"] == nil { lines.append("Content-Length: \(body.count)") }
        lines += headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
