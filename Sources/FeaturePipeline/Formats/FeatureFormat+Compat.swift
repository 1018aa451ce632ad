public import NumericCore

/// The design document's answer: by number of axes and element type alone.
public enum CompatFormat: String, Sendable, Hashable {
    /// Three axes of int32 or int64.
    case encodec
    /// Three axes of anything else.
    case mel3D = "mel_3d"
    /// Two axes of anything.
    case mel2D = "mel_2d"
    /// Any other number of axes: the document raises an error.
    case error
}

/// What the Python system does with an array when it turns features into audio.
public enum HeadDispatch: Sendable, Hashable {
    /// Decoded as codes of so many codebooks and frames.
    case codes(codebookCount: Int, framesPerTR: Int)
    /// Inverted as (TRs, mel bands, columns).
    case mel3D
    /// Inverted as one spectrum a TR, each repeated 64 times.
    case mel2D
    /// An exception, with the reason.
    case error(String)

    /// The name in reports.
    public var id: String {
        switch self {
        case .codes(let codebooks, let frames): "codes \(codebooks) x \(frames)"
        case .mel3D: "mel_3d"
        case .mel2D: "mel_2d"
        case .error: "error"
        }
    }
}

extension FeatureFormat {
    /// The rule of the design document (`compat`): wrong for flat codes, for most integer types and for predictions.
    ///
    /// - Parameter array: Its values are not looked at.
    /// - Returns: What the document's function answers.
    public static func detectCompat(_ array: NumericArray) -> CompatFormat {
        switch array.shape.count {
        case 3: array.elementType == .int32 || array.elementType == .int64 ? .encodec : .mel3D
        case 2: .mel2D
        default: .error
        }
    }

    /// The dispatch of the Python system (`compat`): int32 and int64 are codes, everything else is mel.
    ///
    /// - Parameters:
    ///   - array: Its values are not looked at.
    ///   - codebookCount: What the caller or the system's own table says; 8 at its default of 3 kbps.
    ///   - framesPerTR: floor(75 * TR); 112 at 1.5 s.
    /// - Returns: What the system would do.
    public static func detectHead(
        _ array: NumericArray, codebookCount: Int = 8, framesPerTR: Int = 112
    ) -> HeadDispatch {
        let shape = array.shape
        let isDiscrete = array.elementType == .int32 || array.elementType == .int64
        switch (shape.count, isDiscrete) {
        case (3, true): return .codes(codebookCount: shape[1], framesPerTR: shape[2])
        case (2, true):
            let width = shape[1]
            if width == codebookCount * framesPerTR {
                return .codes(codebookCount: codebookCount, framesPerTR: framesPerTR)
            }
            if framesPerTR > 0, width % framesPerTR == 0 {
                return .codes(codebookCount: width / framesPerTR, framesPerTR: framesPerTR)
            }
            if codebookCount > 0, width % codebookCount == 0 {
                return .codes(codebookCount: codebookCount, framesPerTR: width / codebookCount)
            }
            return .error("\(width) columns divide neither by \(framesPerTR) nor by \(codebookCount)")
        case (3, false): return .mel3D
        case (2, false): return .mel2D
        default: return .error("\(shape.count) axes")
        }
    }
}
