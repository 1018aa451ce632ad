/// Everything that decides what a feature array holds: what is in it, how it was made, and from what.
///
/// Equal recipes give equal arrays; a cache that names its files by their recipe never mixes two of them up.
public struct FeatureRecipe: Sendable, Equatable {
    /// What the numbers are and how they lie.
    public enum Format: String, Sendable, CaseIterable {
        /// Codes, (TRs, codebooks, frames).
        case encodec
        /// Codes, (TRs, codebooks x frames): the index is codebook x frames + frame.
        case encodecFlat = "encodec-flat"
        /// Floats that a model gives for codes, (TRs, codebooks, frames).
        case encodecPredictions = "encodec-predictions"
        /// Mel power in dB, (TRs, mel bins, frames).
        case mel
        /// Mel power in dB averaged over each TR, (TRs, mel bins).
        case mel2D = "mel-2d"

        /// Whether the numbers stand for codes of a codec.
        public var isCodes: Bool {
            switch self {
            case .encodec, .encodecFlat, .encodecPredictions: true
            case .mel, .mel2D: false
            }
        }
    }

    /// Whether the array is made to be right or to be as the Python system makes it.
    public enum Behaviour: String, Sendable, CaseIterable {
        /// What a reconstruction needs is kept.
        case correct
        /// As the Python system: the level of mel features and the number of valid frames are lost.
        case compat
    }

    /// How frames are dealt out to TRs.
    public enum Grid: String, Sendable, CaseIterable {
        /// Codes: every frame belongs to one TR; the last column of shorter TRs repeats their last frame.
        case exact
        /// Codes: the first floor(75 TR) frames of each TR, what remains is dropped.
        case seed112
        /// Mel: slots of ceil(TR rate / hop) columns, filled up with -80 dB.
        case melSlots = "mel-slots"
    }

    /// The codec behind codes.
    public struct Codec: Sendable, Equatable {
        /// What the user asked for: `mini`, a hub id or a folder.
        public var identifier: String
        /// SHA-256 of the weights file, 64 hexadecimal digits in lower case.
        public var weightsSHA256: String
        /// The bandwidth in kbps.
        public var bandwidthKbps: Double
        /// Codebooks that bandwidth really has; a flat array may have more, all zero.
        public var codebookCount: Int

        /// A codec.
        ///
        /// - Parameters:
        ///   - identifier: What the user asked for.
        ///   - weightsSHA256: SHA-256 of the weights file.
        ///   - bandwidthKbps: In kbps.
        ///   - codebookCount: At least 1.
        public init(identifier: String, weightsSHA256: String, bandwidthKbps: Double, codebookCount: Int) {
            self.identifier = identifier
            self.weightsSHA256 = weightsSHA256
            self.bandwidthKbps = bandwidthKbps
            self.codebookCount = codebookCount
        }
    }

    /// The mel filters.
    public struct Mel: Sendable, Equatable {
        /// Filters.
        public var binCount: Int
        /// Samples of a frame.
        public var fftLength: Int

        /// Mel filters.
        ///
        /// - Parameters:
        ///   - binCount: At least 1.
        ///   - fftLength: At least 1.
        public init(binCount: Int, fftLength: Int) {
            self.binCount = binCount
            self.fftLength = fftLength
        }
    }

    /// A haemodynamic response that was applied to the features.
    public struct HRF: Sendable, Equatable {
        /// The response.
        public enum Kernel: String, Sendable, CaseIterable { case nilearn, sampled }
        /// Which rows of the convolution are kept.
        public enum Crop: String, Sendable, CaseIterable { case same, causal, full, padded }
        /// What is convolved when the features are codes.
        public enum Codes: String, Sendable, CaseIterable { case seed, skip, latent }

        /// The response.
        public var kernel: Kernel
        /// Which rows of the convolution are kept.
        public var crop: Crop
        /// What is convolved when the features are codes; nil for mel features.
        public var codes: Codes?

        /// A response.
        ///
        /// - Parameters:
        ///   - kernel: The response.
        ///   - crop: Which rows are kept.
        ///   - codes: What is convolved when the features are codes.
        public init(kernel: Kernel, crop: Crop, codes: Codes?) {
            self.kernel = kernel
            self.crop = crop
            self.codes = codes
        }
    }

    /// Where the sound came from.
    public struct Source: Sendable, Equatable {
        /// SHA-256 of the whole file, 64 hexadecimal digits in lower case.
        public var sha256: String
        /// The library that decoded it, such as `libsndfile` or `libav`.
        public var decoderBackend: String
        /// What changed the rate, such as `soxr-hq`, or `none`.
        public var resampler: String

        /// A source.
        ///
        /// - Parameters:
        ///   - sha256: Of the whole file.
        ///   - decoderBackend: The library that decoded it.
        ///   - resampler: What changed the rate.
        public init(sha256: String, decoderBackend: String, resampler: String) {
            self.sha256 = sha256
            self.decoderBackend = decoderBackend
            self.resampler = resampler
        }
    }

    /// What the numbers are.
    public var format: Format
    /// Which of the two behaviours made them.
    public var behaviour: Behaviour
    /// How frames are dealt out to TRs.
    public var grid: Grid
    /// The time of one row.
    public var repetitionTime: RepetitionTime
    /// Rows were limited to so many; nil for all.
    public var maximumTRCount: Int?
    /// Samples a second of the signal the frames were made of.
    public var sampleRate: Int
    /// Samples from one frame to the next.
    public var hopLength: Int
    /// The codec, exactly for codes.
    public var codec: Codec?
    /// The mel filters, exactly for mel features.
    public var mel: Mel?
    /// The response that was applied, or nil.
    public var hrf: HRF?
    /// The file, or nil for samples that came from memory.
    public var source: Source?

    /// A recipe; ``FeatureManifest/check(path:)`` says whether it makes sense.
    ///
    /// - Parameters:
    ///   - format: What the numbers are.
    ///   - behaviour: Which behaviour made them.
    ///   - grid: How frames are dealt out.
    ///   - repetitionTime: The time of one row.
    ///   - maximumTRCount: The limit of rows, or nil.
    ///   - sampleRate: Samples a second.
    ///   - hopLength: Samples from frame to frame.
    ///   - codec: For codes.
    ///   - mel: For mel features.
    ///   - hrf: The response that was applied, or nil.
    ///   - source: The file, or nil.
    public init(
        format: Format, behaviour: Behaviour, grid: Grid, repetitionTime: RepetitionTime, maximumTRCount: Int? = nil,
        sampleRate: Int, hopLength: Int, codec: Codec? = nil, mel: Mel? = nil, hrf: HRF? = nil, source: Source? = nil
    ) {
        self.format = format
        self.behaviour = behaviour
        self.grid = grid
        self.repetitionTime = repetitionTime
        self.maximumTRCount = maximumTRCount
        self.sampleRate = sampleRate
        self.hopLength = hopLength
        self.codec = codec
        self.mel = mel
        self.hrf = hrf
        self.source = source
    }
}
