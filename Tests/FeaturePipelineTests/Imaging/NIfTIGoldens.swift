import FeaturePipeline
import Foundation
import NumericCore
import TestSupport

/// GoldenData/pipeline/nifti/manifest.json.
struct NIfTIGoldens: Decodable {
    struct Image: Decodable, Sendable, CustomStringConvertible {
        let file: String
        let values: String
        let shape: [Int]
        let trSeconds: Double?
        let zooms: [Float]
        let affine: [Float]
        var description: String { file }
    }

    struct Masks: Decodable {
        let subjects: Int
        let trainingRows: Int
    }

    struct Bound: Decodable { let bound: Double }

    let images: [Image]
    let masks: Masks
    let bounds: [String: Bound]

    static func load() throws -> NIfTIGoldens {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(NIfTIGoldens.self, from: Data(contentsOf: url("manifest.json")))
    }

    static func url(_ name: String) -> URL { Repository.golden("pipeline/nifti/\(name)") }
    static func path(_ name: String) -> String { url(name).path }

    /// Files of images, read here so that a missing manifest fails every test that asks.
    static var all: [Image] { get throws { try load().images } }
}

extension NIfTIImage {
    /// The voxels in NumPy's order, the last index fastest.
    var rowMajor: [Float] {
        let extents = shape
        var strides = [1]
        for extent in extents.dropLast() { strides.append((strides.last ?? 1) * extent) }
        return (0..<voxels.count).map { position in
            var (rest, offset) = (position, 0)
            for axis in extents.indices.reversed() {
                offset += rest % extents[axis] * strides[axis]
                rest /= extents[axis]
            }
            return voxels[offset]
        }
    }
}
