/// What a model predicts and is judged by.
public enum TrainedModality: String, Sendable, CaseIterable, Codable {
    /// The video features, or the first frame of them.
    case video
    /// Codes or mel features.
    case audio
    /// The text features.
    case text
    /// The brain data.
    case voxels
}

/// One number for each modality; nil for one that a model does not have.
public struct ModalityValues: Sendable, Equatable, Codable {
    private var values: [Double?] = [nil, nil, nil, nil]

    /// Nothing known.
    public init() {}

    /// Makes the number of each modality; nil leaves one out.
    ///
    /// - Parameter value: The number of a modality.
    public init(_ value: (TrainedModality) -> Double?) {
        values = TrainedModality.allCases.map(value)
    }

    /// The number of a modality.
    public subscript(modality: TrainedModality) -> Double? {
        get { values[modality.position] }
        set { values[modality.position] = newValue }
    }

    /// Modalities that have a number, in the order of `allCases`.
    public var modalities: [TrainedModality] { TrainedModality.allCases.filter { self[$0] != nil } }
}

extension TrainedModality {
    fileprivate var position: Int {
        switch self {
        case .video: 0
        case .audio: 1
        case .text: 2
        case .voxels: 3
        }
    }
}
