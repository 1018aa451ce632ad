/// What one sample (one TR) of audio features is.
public enum AudioFormat: Sendable, Equatable, Codable {
    /// Codes 0 ..< vocabulary, shape (codebooks, frames).
    case codes(codebookCount: Int, frameCount: Int, vocabularySize: Int)
    /// Mel bins in dB, shape (bins, frames).
    case mel(binCount: Int, frameCount: Int)

    /// The design's codes at 6 kbps: 8 codebooks of 112 frames.
    public static var designCodes: AudioFormat { .codes(codebookCount: 8, frameCount: 112, vocabularySize: 1024) }
    /// The legacy features: 2048 bins of 65 frames.
    public static var legacyMel: AudioFormat { .mel(binCount: 2048, frameCount: 65) }

    /// Numbers of one sample.
    public var count: Int { rowCount * frameCount }

    /// Frames of one sample.
    public var frameCount: Int {
        switch self {
        case .codes(_, let frames, _), .mel(_, let frames): frames
        }
    }

    /// Codebooks or bins of one sample.
    public var rowCount: Int {
        switch self {
        case .codes(let codebooks, _, _): codebooks
        case .mel(let bins, _): bins
        }
    }
}
