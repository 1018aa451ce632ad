/// Names findings: an exact id, or one with `*`, where each `*` stands for one or more characters.
public struct FindingPattern: Sendable, Equatable {
    /// As written in the gate file.
    public let text: String

    /// A pattern.
    ///
    /// - Parameter text: Such as `golden.encodec.*`.
    public init(_ text: String) { self.text = text }

    /// Whether the pattern may match more than one id.
    public var isExact: Bool { !text.contains("*") }

    /// Whether the text is an id once every `*` is replaced.
    var isValid: Bool { FindingPlan.isID(String(text.map { $0 == "*" ? "x" : $0 })) && !text.contains("**") }

    /// What the stars of the pattern stand for in an id.
    ///
    /// - Parameter id: A finding's id.
    /// - Returns: One text a star, each as short as possible from the left; nil when the pattern does not match.
    public func captures(in id: String) -> [Substring]? {
        Self.match(Substring(text), Substring(id))
    }

    /// The pattern with its stars replaced.
    ///
    /// - Parameter captures: One text a star.
    /// - Returns: An id.
    public func filled(with captures: [Substring]) -> String {
        let parts = text.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count == captures.count + 1 else { return text }
        return zip(parts, captures + [""]).map { $0 + $1 }.joined()
    }

    /// Number of stars.
    var starCount: Int { text.count { $0 == "*" } }

    private static func match(_ pattern: Substring, _ text: Substring) -> [Substring]? {
        guard let star = pattern.firstIndex(of: "*") else { return pattern == text ? [] : nil }
        let head = pattern[..<star]
        guard text.hasPrefix(head) else { return nil }
        let rest = text.dropFirst(head.count)
        let tail = pattern[pattern.index(after: star)...]
        var end = rest.startIndex
        while end < rest.endIndex {
            end = rest.index(after: end)
            if let more = match(tail, rest[end...]) { return [rest[..<end]] + more }
        }
        return nil
    }
}
