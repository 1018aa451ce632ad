public import NumericCore

/// How well each voxel's time course is predicted, against what chance gives.
///
/// Chance is the correlation after the prediction has been shifted in time, its end brought to its beginning: that keeps
/// its autocorrelation, which a plain shuffle would destroy and make everything significant.
public struct VoxelCorrelation: Sendable, Equatable {
    /// Pearson's correlation over time of each voxel; nil where either course is constant.
    public let values: [Double?]
    /// One-sided p of each voxel, (1 + shifts at least as high) / (1 + shifts); 1 where there is no correlation.
    public let pValues: [Double]
    /// The same adjusted for the number of voxels (Benjamini and Hochberg); at most q of the voxels below q are false.
    public let adjustedPValues: [Double]
    /// The correlation that 95 % of all voxels' shifted predictions do not exceed; nil without any.
    public let chanceLevel: Double?

    /// Measures predictions.
    ///
    /// - Parameters:
    ///   - predicted: (TRs, voxels).
    ///   - measured: The same shape, at least four TRs.
    /// - Throws: ``TrainingError/features(problem:)`` for other shapes.
    public init(_ predicted: Tensor<Float>, _ measured: Tensor<Float>) throws(TrainingError) {
        guard predicted.shape == measured.shape, measured.rank == 2, measured.shape[0] >= 4, measured.shape[1] > 0
        else {
            throw .features(
                problem: "Voxels of shape \(predicted.shape) cannot be compared with \(measured.shape); give the same"
                    + " TRs and voxels, at least four TRs.")
        }
        var (values, pValues, chance): ([Double?], [Double], [Double]) = ([], [], [])
        for voxel in 0..<measured.shape[1] {
            guard let first = Self.normalized(predicted, voxel), let second = Self.normalized(measured, voxel) else {
                values.append(nil)
                pValues.append(1)
                continue
            }
            let value = Self.product(first, second, shift: 0)
            let shifted = (1..<first.count).map { Self.product(first, second, shift: $0) }
            values.append(value)
            pValues.append(Double(1 + shifted.count { $0 >= value }) / Double(first.count))
            chance += shifted
        }
        self.values = values
        self.pValues = pValues
        adjustedPValues = Self.benjaminiHochberg(pValues)
        chance.sort()
        chanceLevel = chance.isEmpty ? nil : chance[min(chance.count - 1, chance.count * 95 / 100)]
    }

    /// Voxels whose adjusted p is not above a rate.
    ///
    /// - Parameter rate: The share of false ones that is allowed, such as 0.05.
    /// - Returns: Their indices.
    public func significant(rate: Double = 0.05) -> [Int] { pValues.indices.filter { adjustedPValues[$0] <= rate } }

    /// One voxel's course with mean 0 and length 1; nil for a constant.
    private static func normalized(_ series: Tensor<Float>, _ voxel: Int) -> [Double]? {
        let width = series.shape[1]
        let course = (0..<series.shape[0]).map { Double(series.elements[$0 * width + voxel]) }
        let mean = course.reduce(0, +) / Double(course.count)
        let length = course.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
        return length > 0 ? course.map { ($0 - mean) / length } : nil
    }

    private static func product(_ first: [Double], _ second: [Double], shift: Int) -> Double {
        var sum = 0.0
        for index in second.indices {
            let other = index + shift
            sum += first[other < first.count ? other : other - first.count] * second[index]
        }
        return sum
    }

    /// Adjusted p: the smallest rate at which each would be accepted.
    static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
        var result = pValues
        var smallest = 1.0
        for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated().reversed() {
            smallest = min(smallest, pValues[index] * Double(pValues.count) / Double(rank + 1))
            result[index] = smallest
        }
        return result
    }
}
