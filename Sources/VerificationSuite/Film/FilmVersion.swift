public import Autoencoder
public import FeaturePipeline

/// One way in which a film can come out of a pipeline, or a negative control.
///
/// What has no bandwidth of its own is made at the run's bandwidth.
public indirect enum FilmVersion: Hashable, Sendable {
    /// What Griffin-Lim is given.
    public enum MelCase: String, Hashable, Sendable, CaseIterable {
        /// All mel frames.
        case dense
        /// One mean spectrum a TR, repeated.
        case average
        /// What a model makes of the features.
        case bottleneck
    }

    /// The film itself, one channel at the codec's rate, whole TRs.
    case original
    /// Encoded and decoded in one piece.
    case encodec(kbps: Double)
    /// Codes dealt out to TRs and joined again.
    case grid(TRGrid.Mode)
    /// Mel power, least squares and Griffin-Lim, at 22,050 Hz.
    case griffinLim(MelCase)
    /// Codes that a model predicts which this run trained on the film, decoded.
    case predicted(TrainedHead)
    /// What the user's own features sound like.
    case features
    /// To 22,050 Hz and back: what the mel path's rate alone costs.
    case resampled
    /// Zeros.
    case silence
    /// White noise of the film's level.
    case noise
    /// Codes of the right frames in a random order.
    case shuffledCodes
    /// Every code one off.
    case neighbouringCodes
    /// The upper half of the codebooks at code 0.
    case zeroedCodebooks
    /// The decoded sound, one frame late.
    case shiftedFrame
    /// Another version resampled to the rate of the mel path, 22,050 Hz.
    case atMelRate(FilmVersion)

    /// What negative controls are made of.
    public static let controls: [FilmVersion] = [
        .silence, .noise, .shuffledCodes, .neighbouringCodes, .zeroedCodebooks, .shiftedFrame,
    ]

    /// Part of ids and file names, such as `encodec.6kbps`.
    public var id: String {
        switch self {
        case .original: "original"
        case .encodec(let kbps): "encodec.\(kbps.bandwidthText)kbps"
        case .grid(let mode): "grid.\(mode.rawValue)"
        case .griffinLim(let melCase): "griffinlim.\(melCase.rawValue)"
        case .predicted(let head): "predicted.\(head.rawValue)"
        case .features: "features"
        case .resampled: "resampled"
        case .silence: "silence"
        case .noise: "noise"
        case .shuffledCodes: "shuffled_codes"
        case .neighbouringCodes: "neighbouring_codes"
        case .zeroedCodebooks: "zeroed_codebooks"
        case .shiftedFrame: "shifted_frame"
        case .atMelRate(let version): "\(version.id).22050"
        }
    }

    /// For people.
    public var title: String {
        switch self {
        case .original: "original"
        case .encodec(let kbps): "EnCodec \(kbps.bandwidthText) kbps"
        case .grid(.exact): "EnCodec through the exact TR grid"
        case .grid(.seed112): "EnCodec through the 112-frame TR grid"
        case .griffinLim(.dense): "Griffin-Lim of the dense mel features"
        case .griffinLim(.average): "Griffin-Lim of the mean mel of each TR"
        case .griffinLim(.bottleneck): "Griffin-Lim after a bottleneck"
        case .predicted(let head): "codes that a model predicts by \(head.rawValue)"
        case .features: "the given features"
        case .resampled: "resampled to 22,050 Hz and back"
        case .silence: "silence"
        case .noise: "noise of the film's level"
        case .shuffledCodes: "codes in a random order"
        case .neighbouringCodes: "every code one off"
        case .zeroedCodebooks: "upper codebooks at 0"
        case .shiftedFrame: "one frame late"
        case .atMelRate(let version): "\(version.title) at 22,050 Hz"
        }
    }
}

extension Double {
    /// `6`, `1.5`: no more digits than there are.
    var bandwidthText: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}
