public import NumericCore

/// Brings every voxel to mean 0 and standard deviation 1, with the statistics of chosen rows only.
///
/// Statistics of the training part alone keep the validation part unseen. A voxel that does not vary there is only
/// centred.
public struct VoxelStandardization: Sendable, Equatable {
    /// Mean of each voxel.
    public let means: [Double]
    /// Population standard deviation of each voxel; 1 for voxels that do not vary.
    public let deviations: [Double]
    /// Voxels that do not vary in the rows.
    public let constantVoxels: [Int]

    /// Takes the statistics.
    ///
    /// - Parameters:
    ///   - series: (TRs, voxels), all finite.
    ///   - rows: Rows to look at, at least one, inside `series`.
    public init(_ series: Tensor<Float>, rows: Range<Int>) {
        precondition(series.rank == 2 && !rows.isEmpty, "rows \(rows) of shape \(series.shape)")
        precondition(rows.lowerBound >= 0 && rows.upperBound <= series.shape[0], "rows \(rows) of \(series.shape)")
        let width = series.shape[1]
        var means = [Double](repeating: 0, count: width)
        var squares = [Double](repeating: 0, count: width)
        series.elements.withUnsafeBufferPointer { values in
            for row in rows {
                for voxel in 0..<width { means[voxel] += Double(values[row * width + voxel]) }
            }
            for voxel in 0..<width { means[voxel] /= Double(rows.count) }
            for row in rows {
                for voxel in 0..<width {
                    let distance = Double(values[row * width + voxel]) - means[voxel]
                    squares[voxel] += distance * distance
                }
            }
        }
        let deviations = squares.map { ($0 / Double(rows.count)).squareRoot() }
        self.means = means
        constantVoxels = deviations.indices.filter { deviations[$0] == 0 }
        self.deviations = deviations.map { $0 == 0 ? 1 : $0 }
    }

    /// Standardised time series.
    ///
    /// - Parameter series: (TRs, voxels) of the same voxels; any rows.
    /// - Returns: A tensor of the same shape.
    public func applied(to series: Tensor<Float>) -> Tensor<Float> {
        precondition(series.rank == 2 && series.shape[1] == means.count, "\(series.shape), \(means.count) voxels")
        let width = means.count
        let values = series.elements.enumerated().map { index, value in
            Float((Double(value) - means[index % max(width, 1)]) / deviations[index % max(width, 1)])
        }
        return Tensor(values, shape: series.shape)
    }
}
