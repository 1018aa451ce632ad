public import NumericCore

/// Brain data of a listener of the film.
public struct GivenScan: Sendable {
    /// The file.
    public let label: String
    /// Its SHA-256.
    public let sha256: String
    /// (TRs, voxels), the film's TRs from the first on.
    public let series: Tensor<Float>

    /// A scan.
    ///
    /// - Parameters:
    ///   - label: The file.
    ///   - sha256: Its SHA-256.
    ///   - series: (TRs, voxels), the film's TRs from the first on.
    public init(label: String, sha256: String, series: Tensor<Float>) {
        (self.label, self.sha256, self.series) = (label, sha256, series)
    }
}
