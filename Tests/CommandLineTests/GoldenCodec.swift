import Foundation
import NumericCore
import TestSupport

/// Inputs and results of the small codecs as Hugging Face made them.
enum GoldenCodec {
    /// Channel-major samples as interleaved ones.
    static func input(_ name: String, of codec: String) throws -> (samples: [Float], channels: Int) {
        let tensor = try NpzFile(path: codec + "/inputs.npz").array(name).float32()
        return tensor.rank == 1 ? (tensor.elements, 1) : (tensor.transposed.elements, tensor.shape[0])
    }

    /// Golden codes.
    static func codes(_ name: String, of codec: String) throws -> Tensor<Int32> {
        try NpzFile(path: codec + "/codes.npz").array(name).int32()
    }

    /// Golden audio as interleaved samples.
    static func audio(_ name: String, of codec: String) throws -> [Float] {
        let tensor = try NpzFile(path: codec + "/audio.npz").array(name).float32()
        return tensor.rank == 1 ? tensor.elements : tensor.transposed.elements
    }
}
