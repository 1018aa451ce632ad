/// Why a gate file cannot be used: a typing mistake must never turn a gate off.
public struct GateFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// Counted from 1; 0 when the file cannot be read at all.
    public let line: Int
    /// The key that it is about, such as `threshold`, or the gate's id.
    public let key: String
    /// What is wrong.
    public let problem: String
    /// What to do.
    public let remedy: String

    /// One sentence: file, line, key, problem, remedy.
    public var description: String {
        "\(path)\(line > 0 ? ":\(line)" : ""): \(key.isEmpty ? "" : "'\(key)' ")\(problem); \(remedy)"
    }
}
