import FeaturePipeline
import NumericCore
import Testing

@testable import Autoencoder

struct SyntheticScanTests {
    /// White noise: shifted in time it is like another stimulus.
    private func features(_ count: Int) -> Tensor<Float> {
        var generator = Xoshiro256(seed: 77)
        return Tensor((0..<count * 9).map { _ in Float(generator.normalDouble()) }, shape: [count, 9])
    }

    private func scan(_ ratio: Double, seed: UInt64 = 1) throws -> Tensor<Float> {
        var scan = SyntheticScan()
        (scan.voxelCount, scan.answeringCount, scan.signalToNoise, scan.seed) = (60, 30, ratio, seed)
        return try scan.make(from: features(400), repetitionTime: .standard)
    }

    @Test("Voxels have the variance that the ratio says, silent ones that of noise", arguments: [0.25, 1, 9])
    func variance(ratio: Double) throws {
        let made = try scan(ratio)
        #expect(made.shape == [400, 60])
        for (voxels, expected) in [(0..<30, 1 + 1 / ratio), (30..<60, 1)] {
            let values = voxels.flatMap { voxel in (0..<400).map { Double(made.elements[$0 * 60 + voxel]) } }
            let power = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
            // 12000 samples: the deviation of the mean square is about 1.3 % of the noise's.
            #expect((power / expected - 1).magnitude < 0.06, "\(power) for \(expected)")
        }
        #expect(try scan(ratio) == made)
        #expect(try scan(ratio, seed: 2) != made)
    }

    @Test func `a noisy copy agrees with the truth as far as its ratio lets it, significantly`() throws {
        let (clean, noisy) = (try scan(1e6), try scan(1))
        let score = try VoxelCorrelation(clean, noisy)
        // r = sqrt(snr / (1 + snr)) = 0.707.
        let mean = score.values[..<30].reduce(0) { $0 + ($1 ?? 0) } / 30
        #expect((mean - 0.7071).magnitude < 0.03)
        #expect(Set(0..<30).isSubset(of: score.significant()))
        #expect(try #require(score.chanceLevel) < 0.4)
    }

    @Test func `noise against noise is not significant`() throws {
        var scan = SyntheticScan()
        scan.answeringCount = 0
        let stimulus = features(200)
        let first = try scan.make(from: stimulus, repetitionTime: .standard)
        scan.seed = 9
        let second = try scan.make(from: stimulus, repetitionTime: .standard)
        let score = try VoxelCorrelation(first, second)
        #expect(score.significant().count <= 1)
        // Uniform p of 100 voxels have a mean of 0.5 with a deviation of 0.029.
        #expect((score.pValues.reduce(0, +) / 100 - 0.5).magnitude < 0.1)
        #expect((try #require(score.chanceLevel) - 1.645 / 200.0.squareRoot()).magnitude < 0.01)
    }

    @Test func `p values are adjusted as Benjamini and Hochberg do`() {
        // From their rule by hand: sorted p m / rank, then the running minimum from the largest.
        let adjusted = VoxelCorrelation.benjaminiHochberg([0.04, 0.01, 0.5, 0.03])
        for (found, expected) in zip(adjusted, [0.16 / 3, 0.04, 0.5, 0.16 / 3]) {
            #expect((found - expected).magnitude < 1e-12)
        }
    }

    @Test func `constant voxels have no correlation, and other shapes are refused`() throws {
        let still = Tensor<Float>(repeating: 3, shape: [5, 2])
        let score = try VoxelCorrelation(still, TrainingFixture.vectors(5, width: 2))
        #expect(score.values == [nil, nil] && score.pValues == [1, 1] && score.chanceLevel == nil)
        #expect(throws: TrainingError.self) { try VoxelCorrelation(still, TrainingFixture.vectors(6, width: 2)) }
        var scan = SyntheticScan()
        scan.signalToNoise = 0
        #expect(
            throws: TrainingError.setting(
                name: "signal to noise ratio", value: "0.0", remedy: "give a number above 0")
        ) {
            try scan.make(from: still, repetitionTime: .standard)
        }
    }
}
