/// What one TR of each modality holds.
public struct FeatureDimensions: Sendable, Hashable {
    /// Extents of one TR of audio: (codebooks, frames), (mel bands, columns) or (mel bands).
    public let audio: [Int]
    /// What the audio features were recognised as.
    public let audioFormat: FeatureFormat
    /// Numbers of one TR of video; nil without video.
    public let video: Int?
    /// Numbers of one TR of text; nil without text.
    public let text: Int?
    /// Voxels; nil without brain data.
    public let fmri: Int?

    /// The design document's name of the format, the value of its `audio_format`.
    public var audioFormatTag: String {
        switch audioFormat {
        case .encodec, .encodecFlat, .encodecPredictions: "encodec_codes"
        case .mel3D, .melFlat: "mel_spectrogram"
        case .mel2D: "legacy"
        case .ambiguous, .unknown: "unknown"
        }
    }
}

/// What became of the inputs on their way into a data set.
public struct DatasetReport: Sendable, Hashable {
    /// A stretch of TRs on the recording's clock.
    public struct Part: Sendable, Hashable {
        /// TR indices.
        public let rows: Range<Int>
        /// Where it begins, in seconds from the start of the stimulus.
        public let startSeconds: Double
        /// Where it ends.
        public let endSeconds: Double

        init(_ rows: Range<Int>, _ repetitionTime: RepetitionTime) {
            self.rows = rows
            let (numerator, denominator) = (Double(repetitionTime.numerator), Double(repetitionTime.denominator))
            startSeconds = Double(rows.lowerBound) * numerator / denominator
            endSeconds = Double(rows.upperBound) * numerator / denominator
        }
    }

    /// A modality's length before and after truncation.
    public struct Length: Sendable, Hashable {
        /// audio, fmri, video or text.
        public let modality: String
        /// TRs it came with.
        public let trCount: Int
        /// TRs cut off at its end.
        public let droppedCount: Int
    }

    /// TRs that all modalities have.
    public let trCount: Int
    /// Every modality's length.
    public let lengths: [Length]
    /// The part that trains.
    public let training: Part
    /// The part that nothing uses; empty without a gap.
    public let gap: Part
    /// The part that validates.
    public let validation: Part
    /// Whether voxels were standardised, with the statistics of the training part.
    public let isStandardized: Bool
    /// Voxels that do not vary in the training part.
    public let constantVoxelCount: Int
    /// What the audio format was recognised by.
    public let evidence: [String]
    /// What to look at.
    public let concerns: [String]
}
