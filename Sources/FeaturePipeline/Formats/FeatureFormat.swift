/// What the numbers of a feature array mean.
///
/// Axes are (TRs, codebooks, frames) or (TRs, mel bands, columns); flat forms join the last two, the first of them
/// outside.
public indirect enum FeatureFormat: Sendable, Hashable {
    /// Three dimensions of EnCodec codes.
    case encodec(CodeLayout)
    /// Codes flattened codebook by codebook.
    case encodecFlat(CodeLayout)
    /// A model's prediction of codes: floating-point numbers in 0...1023 that must be rounded before decoding.
    case encodecPredictions(CodeLayout, isFlat: Bool)
    /// A mel spectrogram in dB per TR.
    case mel3D(bandCount: Int, columnCount: Int)
    /// One mel spectrum in dB per TR, the average over its columns.
    case mel2D(bandCount: Int)
    /// A mel spectrogram per TR, flattened band by band.
    case melFlat(bandCount: Int, columnCount: Int)
    /// Several formats fit, or one fits as well as something that is no feature array.
    case ambiguous(candidates: [FeatureFormat], why: String)
    /// No format fits.
    case unknown(why: String)

    /// The name in reports and JSON.
    public var id: String {
        switch self {
        case .encodec: "encodec"
        case .encodecFlat: "encodec-flat"
        case .encodecPredictions: "encodec-predictions"
        case .mel3D: "mel"
        case .mel2D: "mel-2d"
        case .melFlat: "mel-flat"
        case .ambiguous: "ambiguous"
        case .unknown: "unknown"
        }
    }

    /// Whether exactly one format was found.
    public var isDecided: Bool {
        switch self {
        case .encodec, .encodecFlat, .encodecPredictions, .mel3D, .mel2D, .melFlat: true
        case .ambiguous, .unknown: false
        }
    }

    /// The layout of codes and of predicted codes; nil for everything else.
    public var codeLayout: CodeLayout? {
        switch self {
        case .encodec(let layout), .encodecFlat(let layout), .encodecPredictions(let layout, _): layout
        case .mel3D, .mel2D, .melFlat, .ambiguous, .unknown: nil
        }
    }
}

extension FeatureFormat: CustomStringConvertible {
    /// The format with its numbers, such as "encodec-flat, 8 codebooks (4 of them zero padding) x 112 frames".
    public var description: String {
        switch self {
        case .encodec(let layout), .encodecFlat(let layout): "\(id), \(layout)"
        case .encodecPredictions(let layout, let isFlat): "\(id)\(isFlat ? " (flat)" : ""), \(layout)"
        case .mel3D(let bands, let columns), .melFlat(let bands, let columns):
            "\(id), \(bands) bands x \(columns) columns"
        case .mel2D(let bands): "\(id), \(bands) bands"
        case .ambiguous(let candidates, let why):
            "ambiguous between \(candidates.map(\.description).joined(separator: " | ")): \(why)"
        case .unknown(let why): "unknown: \(why)"
        }
    }
}

extension CodeLayout: CustomStringConvertible {
    /// Such as "8 codebooks (4 of them zero padding) x 112 frames".
    public var description: String {
        let padding = zeroPaddedCodebooks == 0 ? "" : " (\(zeroPaddedCodebooks) of them zero padding)"
        return "\(codebookCount) codebooks\(padding) x \(framesPerTR) frames"
    }
}

/// A format, and what it was recognised by.
public struct FormatDetection: Sendable, Hashable {
    /// What the array is.
    public let format: FeatureFormat
    /// Sentences that name the facts the answer rests on, strongest first.
    public let evidence: [String]
    /// Sentences about what a person should look at before using the array, with the remedy.
    public let concerns: [String]
    /// What the pass over the elements found.
    public let facts: ArrayFacts
}
