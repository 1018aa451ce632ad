public import EnCodec
public import NumericCore

/// The haemodynamic response of what codes stand for: each frame's latent values are convolved over the TRs.
///
/// A code is a label; the sum of its codebook entries is a quantity that may be blurred in time. The result stays
/// continuous; ``requantize(_:model:codebookCount:)`` gives codes again where a format needs them.
public enum LatentConvolution {
    /// Looks codes up and convolves each latent value of each frame position along the TRs.
    ///
    /// - Parameters:
    ///   - codes: (TRs, codebooks, frames), the codec's first codebooks without padding by zeros.
    ///   - model: The codec that made the codes.
    ///   - convolution: The response and its crop.
    ///   - threadCount: Threads that work at the same time, at least 1.
    /// - Returns: (TRs, latent values, frames); no TR or frame gives none.
    /// - Throws: ``AlignmentError/wrongShape(what:found:requirement:)``, or `EncodecError` for a code or a number of
    ///   codebooks that the codec does not have.
    public static func convolve(
        _ codes: Tensor<Int32>, model: EncodecModel, with convolution: TRConvolution, threadCount: Int = 1
    ) throws -> Tensor<Float> {
        var latents = try latents(of: codes, model: model)
        try convolution.convolve(&latents, threadCount: threadCount)
        return latents
    }

    /// The latents that codes stand for, without any convolution.
    ///
    /// - Parameters:
    ///   - codes: (TRs, codebooks, frames).
    ///   - model: The codec that made the codes.
    /// - Returns: (TRs, latent values, frames).
    /// - Throws: As ``convolve(_:model:with:threadCount:)``.
    public static func latents(of codes: Tensor<Int32>, model: EncodecModel) throws -> Tensor<Float> {
        guard codes.rank == 3 else {
            throw AlignmentError.wrongShape(
                what: "the array of codes", found: codes.shape,
                requirement: "latents need (TRs, codebooks, frames); reshape flat codes to the codec's real codebooks")
        }
        let (rowCount, rowSize) = (codes.shape[0], codes.shape[1] * codes.shape[2])
        let size = model.configuration.hiddenSize
        var result: [Float] = []
        result.reserveCapacity(rowCount * size * codes.shape[2])
        for row in 0..<rowCount {
            let slice = Array(codes.elements[row * rowSize..<(row + 1) * rowSize])
            result += try model.dequantizedLatents(Tensor(slice, shape: Array(codes.shape[1...]))).elements
        }
        return Tensor(result, shape: [rowCount, size, codes.shape[2]])
    }

    /// The codes nearest to latents, frame by frame.
    ///
    /// - Parameters:
    ///   - latents: (TRs, latent values, frames).
    ///   - model: The codec.
    ///   - codebookCount: 1 to the codec's number of codebooks.
    /// - Returns: (TRs, codebooks, frames).
    /// - Throws: ``AlignmentError/wrongShape(what:found:requirement:)``, or `EncodecError` for a width or a count outside
    ///   the codec's, or a latent that is not finite.
    public static func requantize(
        _ latents: Tensor<Float>, model: EncodecModel, codebookCount: Int
    ) throws -> Tensor<Int32> {
        guard latents.rank == 3 else {
            throw AlignmentError.wrongShape(
                what: "the array of latents", found: latents.shape, requirement: "it must be (TRs, values, frames)")
        }
        let (rowCount, rowSize) = (latents.shape[0], latents.shape[1] * latents.shape[2])
        var result: [Int32] = []
        result.reserveCapacity(rowCount * codebookCount * latents.shape[2])
        for row in 0..<rowCount {
            let slice = Array(latents.elements[row * rowSize..<(row + 1) * rowSize])
            let codes = try model.quantize(
                Tensor(slice, shape: Array(latents.shape[1...])), codebookCount: codebookCount)
            result += codes.elements
        }
        return Tensor(result, shape: [rowCount, codebookCount, latents.shape[2]])
    }
}
