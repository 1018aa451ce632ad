/// One row of the table that goes with features: a TR's time and frames.
public struct TRMetadata: Sendable, Equatable {
    /// Which TR, from 0.
    public let index: Int
    /// Seconds from the start of the sound.
    public let startSeconds: Double
    /// Seconds from the start of the sound, after ``startSeconds``.
    public let endSeconds: Double
    /// Valid frames.
    public let frameCount: Int
    /// Codebooks; nil for mel features.
    public let codebookCount: Int?
    /// `encodec` or `mel_spectrogram`; nil where a table does not say.
    public let encodingMode: String?

    /// A row.
    ///
    /// - Parameters:
    ///   - index: From 0.
    ///   - startSeconds: In seconds.
    ///   - endSeconds: In seconds.
    ///   - frameCount: Valid frames.
    ///   - codebookCount: For codes.
    ///   - encodingMode: What the features are.
    public init(
        index: Int, startSeconds: Double, endSeconds: Double, frameCount: Int, codebookCount: Int?,
        encodingMode: String?
    ) {
        self.index = index
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
        self.frameCount = frameCount
        self.codebookCount = codebookCount
        self.encodingMode = encodingMode
    }

    /// The rows of features whose TRs have these frames.
    static func rows(
        frameCounts: [Int], repetitionTime: RepetitionTime, codebookCount: Int?
    ) -> [TRMetadata] {
        frameCounts.enumerated().map { index, count in
            // One division of exact integers: the nearest double to the true time.
            func seconds(_ tr: Int) -> Double {
                Double(tr * repetitionTime.numerator) / Double(repetitionTime.denominator)
            }
            return TRMetadata(
                index: index, startSeconds: seconds(index), endSeconds: seconds(index + 1), frameCount: count,
                codebookCount: codebookCount, encodingMode: codebookCount == nil ? "mel_spectrogram" : "encodec")
        }
    }
}
