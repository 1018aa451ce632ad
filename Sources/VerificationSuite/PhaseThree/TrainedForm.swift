internal import Autoencoder

/// What a model of the trial learns from, and how its audio ends.
enum TrainedForm: String, CaseIterable, Sendable {
    /// Codes, by logits for each value of a code.
    case classification
    /// Codes, by one number a code.
    case regression
    /// Mel features in dB.
    case mel

    /// Those that learn from codes.
    static let codes: [TrainedForm] = [.classification, .regression]

    var head: TrainedHead { self == .classification ? .classification : .regression }

    /// For people.
    var title: String {
        switch self {
        case .classification: "codes by classification"
        case .regression: "codes by regression"
        case .mel: "mel features"
        }
    }
}
