internal import EnCodec
internal import Glibc
internal import NumericCore

/// How far the latents of two code streams lie apart.
struct LatentError {
    /// Root of the sum of squared differences over that of the reference's squares; 0 for equal codes.
    let relative: Double
    /// Codes that are equal.
    let unchangedCount: Int

    /// Compares, block after block: memory does not grow with the film.
    ///
    /// - Parameters:
    ///   - test: (codebooks, frames).
    ///   - reference: Of the same shape.
    ///   - model: Whose codes they are.
    /// - Throws: `EncodecError` for codes outside the codebook.
    init(_ test: Tensor<Int32>, _ reference: Tensor<Int32>, model: EncodecModel) throws {
        precondition(test.shape == reference.shape, "codes of \(test.shape) against \(reference.shape)")
        var (error, energy) = (0.0, 0.0)
        for start in stride(from: 0, to: reference.shape[1], by: 4096) {
            let range = start..<min(start + 4096, reference.shape[1])
            let a = try model.dequantizedLatents(test.columns(range)).elements
            let b = try model.dequantizedLatents(reference.columns(range)).elements
            let energies = SquaredSums(a, b)
            error += energies.difference
            energy += energies.reference
        }
        relative = energy > 0 ? (error / energy).squareRoot() : .nan
        unchangedCount = zip(test.elements, reference.elements).count { $0 == $1 }
    }
}

/// Sums in Double over two arrays of one length.
struct SquaredSums {
    private(set) var difference = 0.0
    private(set) var reference = 0.0

    init(_ test: [Float], _ reference: [Float]) {
        var (error, energy) = (0.0, 0.0)
        test.withUnsafeBufferPointer { test in
            reference.withUnsafeBufferPointer { reference in
                for index in 0..<min(test.count, reference.count) {
                    let distance = Double(test[index]) - Double(reference[index])
                    error += distance * distance
                    energy += Double(reference[index]) * Double(reference[index])
                }
            }
        }
        (difference, self.reference) = (error, energy)
    }
}

extension Tensor {
    /// Columns of a matrix.
    func columns(_ range: Range<Int>) -> Tensor {
        precondition(rank == 2, "columns of shape \(shape)")
        let width = shape[1]
        let kept = (0..<shape[0]).flatMap { elements[$0 * width + range.lowerBound..<$0 * width + range.upperBound] }
        return Tensor(kept, shape: [shape[0], range.count])
    }
}
