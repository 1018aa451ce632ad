import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

/// One folder of `GoldenData/pipeline`, made by nilearn, SciPy and NumPy.
struct AlignmentGolden<Manifest: Decodable> {
    let manifest: Manifest
    private let archive: NpzFile

    init(_ name: String, _ type: Manifest.Type) throws {
        let folder = Repository.golden("pipeline/" + name)
        let data = try Data(contentsOf: folder.appendingPathComponent("manifest.json"))
        manifest = try JSONDecoder().decode(Manifest.self, from: data)
        archive = try NpzFile(path: folder.appendingPathComponent(name + ".npz").path)
    }

    func floats(_ name: String) throws -> Tensor<Float> { try archive.array(name).float32() }
    func doubles(_ name: String) throws -> Tensor<Double> { try archive.array(name).float64() }
    func codes(_ name: String) throws -> Tensor<Int32> { try archive.array(name).int32() }
}

/// A TR given as text, which the test fails without.
func repetitionTime(_ text: String) throws -> RepetitionTime { try #require(RepetitionTime(text)) }

/// (count) values, 0 but for a 1 in one row.
func impulse(at row: Int, count: Int) -> Tensor<Float> {
    Tensor((0..<count).map { $0 == row ? 1 : 0 }, shape: [count, 1])
}

/// The row of the largest value of one column.
func peak(of features: Tensor<Float>, column: Int = 0) -> Int {
    let width = features.count / features.shape[0]
    return (0..<features.shape[0]).reduce(0) {
        features.elements[$1 * width + column] > features.elements[$0 * width + column] ? $1 : $0
    }
}

/// SplitMix64 numbers from -1 to 1.
func noise(_ shape: [Int], seed: UInt64 = 3) -> Tensor<Float> {
    var generator = SplitMix64(seed: seed)
    return Tensor((0..<shape.reduce(1, *)).map { _ in Float(2 * generator.uniformDouble() - 1) }, shape: shape)
}
