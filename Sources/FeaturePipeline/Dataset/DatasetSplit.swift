/// Which TRs train and which validate: contiguous in time, with a gap that neither uses.
///
/// The response to a stimulus lasts half a minute, so TRs beside the boundary share their causes; without the gap the
/// validation part would be seen in training.
public struct DatasetSplit: Sendable, Hashable {
    /// How long the canonical response lasts, in seconds.
    public static let responseSeconds = 32

    /// Percent of all TRs that train, rounded down.
    public let trainingPercent: Int
    /// TRs after the training part that nothing uses.
    public let guardTRCount: Int

    /// A split.
    ///
    /// - Parameters:
    ///   - trainingPercent: 1...99.
    ///   - guardTRCount: 0 and above.
    /// - Throws: ``FeatureError/badRequest(problem:)``.
    public init(trainingPercent: Int, guardTRCount: Int) throws(FeatureError) {
        guard (1...99).contains(trainingPercent) else {
            throw .badRequest(problem: "\(trainingPercent) % of the TRs cannot train; give 1 to 99")
        }
        guard (0...FeatureManifest.maximumTRCount).contains(guardTRCount) else {
            throw .badRequest(
                problem: "\(guardTRCount) TRs cannot be a gap; give 0 to \(FeatureManifest.maximumTRCount)")
        }
        (self.trainingPercent, self.guardTRCount) = (trainingPercent, guardTRCount)
    }

    private init(unchecked trainingPercent: Int, _ guardTRCount: Int) {
        (self.trainingPercent, self.guardTRCount) = (trainingPercent, guardTRCount)
    }

    /// 80 % with a gap as long as the response (`correct`).
    ///
    /// - Parameter repetitionTime: The TR.
    /// - Returns: A gap of ceil(32 s / TR): 22 TRs at 1.5 s.
    public static func guarded(repetitionTime: RepetitionTime) -> DatasetSplit {
        let (numerator, denominator) = (repetitionTime.numerator, repetitionTime.denominator)
        return DatasetSplit(unchecked: 80, (responseSeconds * denominator + numerator - 1) / numerator)
    }

    /// 80 % without a gap, as the Python system splits (`compat`).
    public static let compat = DatasetSplit(unchecked: 80, 0)

    /// The parts of a recording.
    ///
    /// - Parameter count: TRs there are.
    /// - Returns: Training rows, the gap, validation rows.
    /// - Throws: ``FeatureError/badRequest(problem:)`` when a part would be empty.
    func parts(of count: Int) throws(FeatureError) -> (training: Range<Int>, gap: Range<Int>, validation: Range<Int>) {
        let training = count * trainingPercent / 100
        let validation = training + guardTRCount
        guard training > 0, validation < count else {
            throw .badRequest(
                problem:
                    "\(count) TRs do not give \(trainingPercent) % for training, a gap of \(guardTRCount) and a rest"
                    + " for validation; give a longer recording or a smaller gap")
        }
        return (0..<training, training..<validation, validation..<count)
    }
}
