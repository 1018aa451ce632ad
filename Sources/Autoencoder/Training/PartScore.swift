/// How well a model predicts one part of a data set.
public struct PartScore: Sendable, Equatable, Codable {
    /// The loss of each modality, in units of the constant predictor's loss on the training part.
    public let losses: ModalityValues
    /// The constant predictor's loss on this part, in the same unit.
    ///
    /// It predicts the best constant of each position (the mean for squares, the median for magnitudes); for classes the
    /// training part's frequencies of each codebook.
    public let constantLosses: ModalityValues
    /// Share of each codebook's codes that are predicted exactly; nil for mel features.
    public let exactMatch: [Double]?
    /// The same share for the predictor that always says the training part's most frequent code.
    public let unigramMatch: [Double]?

    /// 1 - loss / the constant predictor's loss: 1 is perfect, 0 as good as a constant.
    ///
    /// - Parameter modality: A modality.
    /// - Returns: nil for a modality without loss, or one that a constant predicts perfectly.
    public func skill(_ modality: TrainedModality) -> Double? {
        guard let loss = losses[modality], let constant = constantLosses[modality], constant > 0 else { return nil }
        return 1 - loss / constant
    }

    /// (match - unigram) / (1 - unigram) with the shares averaged over codebooks.
    public var matchSkill: Double? {
        guard let exactMatch, let unigramMatch, !exactMatch.isEmpty else { return nil }
        let count = Double(exactMatch.count)
        let (match, unigram) = (exactMatch.reduce(0, +) / count, unigramMatch.reduce(0, +) / count)
        return unigram < 1 ? (match - unigram) / (1 - unigram) : nil
    }

    /// The weighted sum of the losses.
    ///
    /// - Parameter weights: How much each counts.
    /// - Returns: 0 when nothing counts.
    public func total(_ weights: ModalityValues) -> Double { losses.total(weights) }
}

extension ModalityValues {
    /// The sum weighted by other numbers, in the order of the modalities.
    func total(_ weights: ModalityValues) -> Double {
        modalities.reduce(0) { $0 + (weights[$1] ?? 0) * (self[$1] ?? 0) }
    }

    /// Each modality's part of the weighted sum; nil where the sum is 0.
    ///
    /// - Parameter weights: How much each counts.
    /// - Returns: Numbers that add up to 1.
    public func shares(_ weights: ModalityValues) -> ModalityValues {
        let sum = total(weights)
        return ModalityValues { modality in
            guard let value = self[modality], sum > 0 else { return nil }
            return (weights[modality] ?? 0) * value / sum
        }
    }
}
