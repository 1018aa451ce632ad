import FoundationEssentials

/// The quality table of the embedded codec's card.
struct CodecCard {
    private struct Scores: Decodable {
        let siSDR: Double
        let stoi: Double
        let estoi: Double
        let mel: Double
        let stft: Double

        enum CodingKeys: String, CodingKey {
            case siSDR = "si_sdr"
            case stoi
            case estoi
            case mel
            case stft
        }
    }

    private struct Card: Decodable {
        let validation: [String: [String: Scores]]
    }

    private let card: Card

    /// Reads the text of a card.
    init(_ json: String) throws { card = try JSONDecoder().decode(Card.self, from: Data(json.utf8)) }

    /// One row for each kind of sound and bandwidth.
    var table: String {
        let header = ["held-out sound", "kbps", "SI-SDR dB", "STOI", "ESTOI", "mel distance dB", "MR-STFT"]
        let rows = card.validation.keys.sorted().flatMap { kind in
            (card.validation[kind] ?? [:]).sorted { (Double($0.key) ?? 0) < (Double($1.key) ?? 0) }.map {
                kbps, scores in
                [
                    kind.replacing("_", with: " "), kbps, Text.fixed(scores.siSDR, 1), Text.fixed(scores.stoi, 3),
                    Text.fixed(scores.estoi, 3), Text.fixed(scores.mel, 1), Text.fixed(scores.stft, 2),
                ]
            }
        }
        return Text.table([header] + rows)
    }
}
