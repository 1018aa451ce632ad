import Autoencoder

/// A score as JSON and as text.
struct ScoreReport: Encodable {
    struct Modality: Encodable {
        let loss: Double
        let constantLoss: Double?
        let skill: Double?
        let share: Double?
    }

    let modalities: [String: Modality]
    let exactMatch: [Double]?
    let unigramMatch: [Double]?
    let matchSkill: Double?

    init(_ score: PartScore, weights: ModalityValues) {
        let shares = score.losses.shares(weights)
        modalities = Dictionary(
            uniqueKeysWithValues: score.losses.modalities.map { modality in
                (
                    modality.rawValue,
                    Modality(
                        loss: score.losses[modality] ?? 0, constantLoss: score.constantLosses[modality],
                        skill: score.skill(modality), share: shares[modality])
                )
            })
        (exactMatch, unigramMatch, matchSkill) = (score.exactMatch, score.unigramMatch, score.matchSkill)
    }

    /// Such as "audio loss 0.4321 (skill 0.568)", one a modality, then the matches.
    static func text(_ score: PartScore) -> String {
        var parts = score.losses.modalities.map { modality in
            let skill = score.skill(modality).map { Text.fixed($0, 3) } ?? "not defined"
            return "\(modality.rawValue) loss \(Text.fixed(score.losses[modality] ?? 0, 4)) (skill \(skill))"
        }
        if let match = score.exactMatch, let unigram = score.unigramMatch, !match.isEmpty {
            func percent(_ shares: [Double]) -> String {
                Text.fixed(100 * shares.reduce(0, +) / Double(shares.count), 2)
            }
            parts.append("exact codes \(percent(match)) % (most frequent code: \(percent(unigram)) %)")
        }
        return parts.joined(separator: ", ")
    }
}
