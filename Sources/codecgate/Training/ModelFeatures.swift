import Autoencoder
import NumericCore

/// One array that a part of a model gives.
struct ModelResult {
    /// Its numbers.
    enum Array {
        case floats(Tensor<Float>)
        case codes(Tensor<Int32>)

        var shape: [Int] {
            switch self {
            case .floats(let tensor): tensor.shape
            case .codes(let tensor): tensor.shape
            }
        }

        var typeName: String {
            switch self {
            case .floats: "float32"
            case .codes: "int32"
            }
        }

        var npy: [UInt8] {
            switch self {
            case .floats(let tensor): NpyFile.encode(tensor)
            case .codes(let tensor): NpyFile.encode(tensor)
            }
        }

        func write(to path: String) throws(ArrayFileError) {
            switch self {
            case .floats(let tensor): try NpyFile.write(tensor, to: path)
            case .codes(let tensor): try NpyFile.write(tensor, to: path)
            }
        }
    }

    let name: String
    let array: Array
}

/// Arrays as parts of a model read them.
enum ModelFeatures {
    /// Integers are codes, floats mel features; two extents (flat features of the linear design) become one row a TR.
    static func audio(_ array: NumericArray) throws -> AudioInput {
        guard (2...3).contains(array.shape.count) else {
            throw CommandError.badInput(
                "'\(array.origin)' has the shape \(array.shape); give (TRs, codebooks or bands, frames)")
        }
        let shape = array.shape.count == 3 ? array.shape : [array.shape[0], 1, array.shape[1]]
        if array.elementType.isFloatingPoint { return .mel(try floats(array).reshaped(to: shape)) }
        return .codes(try array.int32().reshaped(to: shape))
    }

    /// Floats of any width, doubles rounded to the nearest.
    static func floats(_ array: NumericArray) throws -> Tensor<Float> {
        guard array.elementType == .float64 else { return try array.float32() }
        let wide = try array.float64()
        return Tensor(wide.elements.map { Float($0) }, shape: wide.shape)
    }

    /// Integers or floats as floats; integers must be exact.
    static func numbers(_ array: NumericArray) throws -> Tensor<Float> {
        if array.elementType.isFloatingPoint { return try floats(array) }
        let whole = try array.int32()
        return Tensor(whole.elements.map { Float($0) }, shape: whole.shape)
    }
}
