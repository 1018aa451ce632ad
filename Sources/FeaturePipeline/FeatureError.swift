public import NumericCore
public import SignalProcessing

/// Why features could not be made, stored, read or turned back into sound.
///
/// `description` is one sentence with the value and the remedy. Errors of audio files and of the codec keep their own
/// types.
public enum FeatureError: Error, Equatable, Sendable {
    /// A manifest that does not follow its schema, or contradicts itself.
    case badManifest(path: String, problem: String)
    /// A table of TRs that does not follow its columns; `line` counts from 1, the header line.
    case badMetadata(path: String, line: Int, problem: String)
    /// An array that is not what was asked for, or not what its manifest says.
    case badArray(path: String, problem: String)
    /// A setting or combination of settings that has no meaning.
    case badRequest(problem: String)
    /// A cache has no features of the recipe; `near` names files of other settings and how they differ.
    case cacheMissing(path: String, near: [String])
    /// A cache file does not hold what its name says, or what was asked for.
    case cacheMismatch(path: String, differences: [FieldDifference])
    /// A cache file is refused, and is not made anew unless that is asked for.
    case cacheDamaged(path: String, reason: String)
    /// A file of numbers could not be read or written.
    case file(ArrayFileError)
    /// Mel features could not be made or inverted.
    case signal(SignalError)
}

extension FeatureError: CustomStringConvertible {
    /// One sentence: what, which value, what to do.
    public var description: String {
        switch self {
        case .badManifest(let path, let problem): "manifest '\(path)': \(problem)"
        case .badMetadata(let path, let line, let problem): "metadata '\(path)', line \(line): \(problem)"
        case .badArray(let path, let problem): "'\(path)' \(problem)"
        case .badRequest(let problem): problem
        case .cacheMissing(let path, let near):
            "no cached features at '\(path)'"
                + (near.isEmpty ? "" : "; others there differ: \(near.prefix(3).joined(separator: "; "))")
                + "; make them"
        case .cacheMismatch(let path, let differences):
            "'\(path)' is not the cache it is named for: \(differences.map(\.description).joined(separator: ", "));"
                + " it was renamed or changed, remove it and make it again"
        case .cacheDamaged(let path, let reason):
            "cached features '\(path)' are refused: \(reason); have them made anew with --renew-cache"
        case .file(let error): error.description
        case .signal(let error): error.description
        }
    }
}

/// Runs a body that reads or writes numbers, as this module's error.
func wrap<Result: ~Copyable>(_ body: () throws(ArrayFileError) -> Result) throws(FeatureError) -> Result {
    do { return try body() } catch { throw .file(error) }
}

/// Runs a body that computes with signals, as this module's error.
func wrapSignal<Result>(_ body: () throws(SignalError) -> Result) throws(FeatureError) -> Result {
    do { return try body() } catch { throw .signal(error) }
}
