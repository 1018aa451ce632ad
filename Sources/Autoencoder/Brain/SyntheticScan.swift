public import FeaturePipeline
public import NumericCore

/// Brain data made from features, for which the truth is known: some voxels answer to the stimulus, the others do not.
///
/// A few latents, random mixtures of the standardised feature columns, are convolved with the haemodynamic response;
/// each answering voxel is a random mixture of these, brought to deviation 1, plus white noise.
public struct SyntheticScan: Sendable, Equatable {
    /// Voxels altogether.
    public var voxelCount = 100
    /// How many of the first voxels answer; the rest is noise.
    public var answeringCount = 50
    /// Mixtures of features behind all voxels.
    public var latentCount = 4
    /// Variance of the signal over that of the noise, above 0.
    public var signalToNoise = 1.0
    /// Seed of mixtures and noise.
    public var seed: UInt64 = 0

    /// The defaults.
    public init() {}

    /// Makes the data.
    ///
    /// - Parameters:
    ///   - features: (TRs, ...), at least two TRs; latents of constant features are 0.
    ///   - repetitionTime: The TR.
    /// - Returns: (TRs, voxels); signals have deviation 1, noise the deviation that the ratio says, and 1 where no signal
    ///   is.
    /// - Throws: ``TrainingError`` for settings without meaning and features that are not finite or too short.
    public func make(from features: Tensor<Float>, repetitionTime: RepetitionTime) throws(TrainingError) -> Tensor<
        Float
    > {
        try check(features)
        var generator = Xoshiro256(seed: seed)
        let count = features.shape[0]
        let taps: [Double]
        do throws(AlignmentError) { taps = try HemodynamicResponse(repetitionTime: repetitionTime).taps } catch {
            throw .features(problem: error.description)
        }
        let responses = latents(features, &generator).map { Self.standardized(Self.convolved($0, taps)) }
        var result = [Float](repeating: 0, count: count * voxelCount)
        for voxel in 0..<voxelCount {
            let weights = responses.map { _ in generator.normalDouble() }
            let signal = Self.standardized(
                (0..<count).map { row in zip(weights, responses).reduce(0) { $0 + $1.0 * $1.1[row] } })
            let answers = voxel < answeringCount
            let deviation = answers ? (1 / signalToNoise).squareRoot() : 1
            for row in 0..<count {
                let noise = deviation * generator.normalDouble()
                result[row * voxelCount + voxel] = Float((answers ? signal[row] : 0) + noise)
            }
        }
        return Tensor(result, shape: [count, voxelCount])
    }

    private func check(_ features: Tensor<Float>) throws(TrainingError) {
        for (name, value, range) in [
            ("number of voxels", voxelCount, 1...1_000_000), ("number of latents", latentCount, 1...1000),
            ("number of answering voxels", answeringCount, 0...max(0, voxelCount)),
        ] where !range.contains(value) {
            throw .setting(name: name, value: "\(value)", remedy: "give \(range.lowerBound) to \(range.upperBound)")
        }
        guard signalToNoise > 0, signalToNoise.isFinite else {
            throw .setting(name: "signal to noise ratio", value: "\(signalToNoise)", remedy: "give a number above 0")
        }
        guard features.rank >= 2, features.shape[0] >= 2, features.count > 0 else {
            throw .features(
                problem: "A scan cannot be made from features of shape \(features.shape); give two TRs or more.")
        }
        guard let index = features.elements.firstIndex(where: { !$0.isFinite }) else { return }
        throw .features(problem: "The features are \(features.elements[index]) at element \(index); repair them.")
    }

    /// Time courses of random mixtures.
    private func latents(_ features: Tensor<Float>, _ generator: inout Xoshiro256) -> [[Double]] {
        let (count, width) = (features.shape[0], features.count / features.shape[0])
        var result = [[Double]](repeating: [Double](repeating: 0, count: count), count: latentCount)
        for column in 0..<width {
            let course = Self.standardized((0..<count).map { Double(features.elements[$0 * width + column]) })
            for latent in 0..<latentCount {
                let weight = generator.normalDouble()
                for row in 0..<count { result[latent][row] += weight * course[row] }
            }
        }
        return result
    }

    /// Mean 0 and population deviation 1; all 0 for a constant.
    private static func standardized(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        return values.map { deviation > 0 ? ($0 - mean) / deviation : 0 }
    }

    /// The causal answer, as long as the cause.
    private static func convolved(_ values: [Double], _ taps: [Double]) -> [Double] {
        values.indices.map { row in
            (0...min(row, taps.count - 1)).reduce(0) { $0 + taps[$1] * values[row - $1] }
        }
    }
}
