internal import NumericCore

/// How the codes of one TR are laid out: codebooks outside, frames inside.
///
/// The same numbers describe (TRs, codebooks, frames) and its flat, codebook-major form (TRs, codebooks * frames), which
/// have the same order in memory.
public struct CodeLayout: Sendable, Hashable {
    /// Codebook counts of the 24 kHz codec at 1.5, 3, 6, 12 and 24 kbps.
    public static let codebookCounts = [2, 4, 8, 16, 32]
    /// Code frames a second.
    public static let frameRate = 75

    /// Codebooks stored, zero-padded ones included; 1 and above.
    public let codebookCount: Int
    /// Frames stored per TR; 1 and above.
    public let framesPerTR: Int
    /// How many of the last codebooks are 0 everywhere because nothing was encoded into them.
    public let zeroPaddedCodebooks: Int

    /// Describes a layout.
    ///
    /// - Parameters:
    ///   - codebookCount: Codebooks stored.
    ///   - framesPerTR: Frames stored per TR.
    ///   - zeroPaddedCodebooks: How many of the last codebooks are padding; less than `codebookCount`.
    public init(codebookCount: Int, framesPerTR: Int, zeroPaddedCodebooks: Int = 0) {
        self.codebookCount = codebookCount
        self.framesPerTR = framesPerTR
        self.zeroPaddedCodebooks = zeroPaddedCodebooks
    }

    /// Codebooks that carry sound: what a decoder must be given.
    public var realCodebookCount: Int { codebookCount - zeroPaddedCodebooks }

    /// The bandwidth that has the real number of codebooks, in kbps; nil for a number that no bandwidth has.
    public var bandwidthKbps: Double? { Self.bandwidthKbps(codebookCount: realCodebookCount) }

    /// The bandwidth of a number of codebooks, 0.75 kbps each; nil when the codec has none.
    ///
    /// - Parameter codebookCount: Any number.
    /// - Returns: 1.5, 3, 6, 12 or 24.
    public static func bandwidthKbps(codebookCount: Int) -> Double? {
        codebookCounts.contains(codebookCount) ? 0.75 * Double(codebookCount) : nil
    }
}

extension RepetitionTime {
    /// Frame counts that a TR can have at a frame rate: one number, or two where the product is not whole.
    ///
    /// - Parameter rate: Frames a second.
    /// - Returns: floor, and floor + 1 where the TR is not a whole number of frames.
    func frameCounts(rate: Int) -> [Int] {
        let whole = start(of: 1, rate: rate)
        return numerator * rate % denominator == 0 ? [whole] : [whole, whole + 1]
    }
}

/// Which codebooks of an array say something.
struct CodebookSummary {
    /// The value of each codebook that has one value everywhere; nil for one that varies.
    let constants: [Double?]

    /// - Parameters:
    ///   - array: (TRs, codebooks, frames) or its flat form, not empty.
    ///   - codebookCount: Codebooks.
    ///   - framesPerTR: Frames a TR.
    init(_ array: NumericArray, codebookCount: Int, framesPerTR: Int) {
        var first = [Double?](repeating: nil, count: codebookCount)
        var varies = [Bool](repeating: false, count: codebookCount)
        array.scan { index, value in
            let codebook = index / framesPerTR % codebookCount
            if let known = first[codebook] {
                if known != value { varies[codebook] = true }
            } else {
                first[codebook] = value
            }
        }
        constants = zip(first, varies).map { $1 ? nil : $0 }
    }

    /// Codebooks at the end that are 0 everywhere.
    var trailingZeroCount: Int { constants.reversed().prefix { $0 == 0 }.count }
}
