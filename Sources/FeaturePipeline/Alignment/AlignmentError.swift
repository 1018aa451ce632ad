public import NumericCore

/// Why features could not be aligned in time.
///
/// `description` is one sentence with the value and the remedy.
public enum AlignmentError: Error, Equatable, Sendable {
    /// A TR for which a response of 32 s has too few or too many samples.
    case repetitionTimeOutOfRange(RepetitionTime)
    /// An array without a TR axis, or of another rank than the step needs.
    case wrongShape(what: String, found: [Int], requirement: String)
    /// A code that no EnCodec codebook has; `index` counts in row-major order.
    case codeOutOfRange(code: Int, index: Int)
    /// A row count that cannot be made from what is there.
    case impossibleLength(method: String, current: Int, target: Int, remedy: String)
    /// Integer codes in a step that works on continuous values, or the reverse.
    case wrongKind(what: String, found: String, requirement: String)
    /// Modalities that cannot be put on one time base.
    case inconsistentModalities(reason: String)
    /// A file cannot be read or written.
    case arrayFile(ArrayFileError)
}

extension AlignmentError: CustomStringConvertible {
    /// One sentence: what is wrong, which value, and what to do.
    public var description: String {
        switch self {
        case .repetitionTimeOutOfRange(let time):
            "a TR of \(time) does not sample a response of 32 s; give \(HemodynamicResponse.allowedSeconds)"
        case .wrongShape(let what, let found, let requirement):
            "\(what) has shape \(found), but \(requirement)"
        case .codeOutOfRange(let code, let index):
            "code \(code) at element \(index) is outside 0...\(IndexConvolution.largestCode); "
                + "give EnCodec codes, or features as floats"
        case .impossibleLength(let method, let current, let target, let remedy):
            "\(current) TRs cannot become \(target) by \(method); \(remedy)"
        case .wrongKind(let what, let found, let requirement):
            "\(what) holds \(found), but \(requirement)"
        case .inconsistentModalities(let reason): reason
        case .arrayFile(let error): error.description
        }
    }
}
