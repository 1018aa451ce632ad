/// Why a film cannot be verified.
public enum FilmError: Error, Sendable, Equatable {
    /// The film is shorter than one TR, or no TR was asked for.
    case tooShort(path: String, seconds: Double, repetitionSeconds: Double)
    /// A label track that cannot be used.
    case badLabels(path: String, problem: String)
    /// A scratch file or an attachment cannot be written or read.
    case system(operation: String, path: String, reason: String)
}

extension FilmError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .tooShort(let path, let seconds, let repetitionSeconds):
            "'\(path)' has \(seconds) s of sound to verify, less than one TR of \(repetitionSeconds) s; give a longer film"
        case .badLabels(let path, let problem): "the labels '\(path)' cannot be used: \(problem)"
        case .system(let operation, let path, let reason):
            "cannot \(operation) '\(path)': \(reason); give another --out or make room"
        }
    }
}
