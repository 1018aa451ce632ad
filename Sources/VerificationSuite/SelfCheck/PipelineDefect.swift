/// A way in which a pipeline was, or may be, wrong without any error: what the harness must notice.
public enum PipelineDefect: String, CaseIterable, Sendable, Codable {
    /// Twice the codebooks that the bandwidth pays for, the surplus filled with 0.
    case wrongCodebookTable = "wrong_codebook_table"
    /// 112 frames of every TR.
    case droppedFrames = "dropped_frames"
    /// The upper half of the codebooks at 0.
    case zeroPadding = "zero_padding"
    /// Codes that lie codebook after codebook read frame after frame.
    case frameMajor = "frame_major"
    /// The lowest bandwidth, which the codec takes when none is named.
    case defaultBandwidth = "default_bandwidth"
    /// The first two codebooks exchanged.
    case swappedCodebooks = "swapped_codebooks"
    /// Mel features delivered where codes were asked for.
    case griffinLim = "griffin_lim"
    /// Nothing but zeros.
    case silence
    /// Everything a TR late.
    case shiftedTR = "shifted_tr"
    /// 40 dB quieter.
    case lostLevel = "lost_level"
    /// Upside down.
    case polarity
    /// Sound of 22,050 Hz brought to the codec's rate by repeating the nearest sample.
    case nearestResampler = "nearest_resampler"
    /// Codes kept in bfloat16 on the way.
    case halfPrecision = "bf16_codes"
    /// The haemodynamic response on the indices, twice.
    case doubleResponse = "double_hrf"
    /// The decoder does not run: what it made before is delivered again.
    case staleDecoder = "stale_decoder"

    /// For people.
    public var title: String {
        switch self {
        case .wrongCodebookTable: "wrong table of codebooks, surplus at 0"
        case .droppedFrames: "112 frames of every TR"
        case .zeroPadding: "upper codebooks at 0"
        case .frameMajor: "codebook-major codes read frame-major"
        case .defaultBandwidth: "lowest bandwidth by default"
        case .swappedCodebooks: "two codebooks exchanged"
        case .griffinLim: "Griffin-Lim instead of the codec"
        case .silence: "silence"
        case .shiftedTR: "one TR late"
        case .lostLevel: "level lost"
        case .polarity: "polarity turned"
        case .nearestResampler: "nearest-sample resampler"
        case .halfPrecision: "codes kept in bfloat16"
        case .doubleResponse: "HRF on the indices twice"
        case .staleDecoder: "decoder never run"
        }
    }
}
