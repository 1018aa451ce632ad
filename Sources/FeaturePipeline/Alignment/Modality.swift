public import NumericCore

/// One array with a row a TR: features of a stimulus, its codes, or what the scanner measured.
public struct Modality: Sendable, Equatable {
    /// Which way a modality goes through an alignment.
    public enum Role: String, Sendable, CaseIterable, Codable {
        /// Seen or heard; its effect on the measurement comes later.
        case stimulus
        /// Measured; left as it is, but for its length.
        case measurement
    }

    /// What the rows hold.
    public enum Contents: Sendable, Equatable {
        /// Continuous values, (TRs, ...).
        case features(Tensor<Float>)
        /// EnCodec codes, (TRs, codebooks, frames), or flat (TRs, codebooks x frames).
        case codes(Tensor<Int32>)

        /// Extents of the array.
        public var shape: [Int] {
            switch self {
            case .features(let features): features.shape
            case .codes(let codes): codes.shape
            }
        }
    }

    /// What reports call it, such as `video`.
    public let name: String
    /// Which way it goes.
    public let role: Role
    /// Its rows.
    public var contents: Contents

    /// A modality.
    ///
    /// - Parameters:
    ///   - name: What reports call it.
    ///   - role: Which way it goes.
    ///   - contents: Its rows; all modalities' first rows begin at the same moment.
    public init(name: String, role: Role = .stimulus, contents: Contents) {
        self.name = name
        self.role = role
        self.contents = contents
    }

    /// Number of TRs; 0 for a scalar.
    public var rowCount: Int { contents.shape.first ?? 0 }
}
