internal import NumericCore

/// Why what a run left behind cannot be used, or a run cannot leave anything behind.
public enum ResultsError: Error, Sendable, Equatable {
    /// There is no such file.
    case missing(path: String)
    /// The system does not let us read it.
    case unreadable(path: String, reason: String)
    /// Another version wrote it, or another program.
    case otherSchema(path: String, found: String, expected: String)
    /// It is damaged, or contradicts itself.
    case malformed(path: String, problem: String)
    /// The journal belongs to a run with other inputs.
    case otherRun(path: String, difference: String)
    /// A run is at work in this folder right now.
    case busy(path: String)
    /// A system call failed; `code` is `errno`.
    case system(operation: String, path: String, code: Int32)
}

extension ResultsError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .missing(let path): "'\(path)' is not there; run codecgate verify first"
        case .unreadable(let path, let reason): "'\(path)' cannot be read: \(reason)"
        case .otherSchema(let path, let found, let expected):
            "'\(path)' has the schema '\(found.prefix(80))', this version reads '\(expected)'; run codecgate verify again"
        case .malformed(let path, let problem): "'\(path)' cannot be used: \(problem); run codecgate verify again"
        case .otherRun(let path, let difference):
            "'\(path)' is of another run: \(difference); run without --resume to start anew"
        case .busy(let path): "another run is writing '\(path)'; wait for it or choose another --out"
        case .system(let operation, let path, let code):
            "'\(path)': \(operation) failed with \(systemMessage(code)) (errno \(code)); check the folder"
        }
    }
}
