public import NumericCore

/// Codes of a TR in one row: the index is codebook x frames + frame.
public enum FlatCodes {
    /// What a flat array turned out to be.
    public struct Unflattened: Sendable, Equatable {
        /// (TRs, codebooks, frames), real codebooks only.
        public let codes: Tensor<Int32>
        /// Codebooks behind them that were 0 throughout.
        public let zeroPaddedCodebookCount: Int
    }

    /// Puts a TR's codebooks one behind the other.
    ///
    /// - Parameters:
    ///   - codes: (TRs, codebooks, frames).
    ///   - codebookCount: Codebooks of the result, those that `codes` lacks hold 0 as in the Python system's files; nil
    ///     adds none.
    /// - Returns: (TRs, codebooks x frames).
    public static func flatten(_ codes: Tensor<Int32>, paddedTo codebookCount: Int? = nil) -> Tensor<Int32> {
        precondition(codes.rank == 3, "codes of shape \(codes.shape)")
        let (trCount, width) = (codes.shape[0], codes.shape[1] * codes.shape[2])
        let filler = max(0, (codebookCount ?? 0) - codes.shape[1]) * codes.shape[2]
        guard filler > 0 else { return codes.reshaped(to: [trCount, width]) }
        var elements: [Int32] = []
        for tr in 0..<trCount {
            elements += codes.elements[tr * width..<(tr + 1) * width]
            elements += repeatElement(0, count: filler)
        }
        return Tensor(elements, shape: [trCount, width + filler])
    }

    /// Takes rows apart.
    ///
    /// - Parameters:
    ///   - flat: (TRs, codebooks x frames).
    ///   - framesPerTR: Frames of a TR.
    ///   - codebookCount: Real codebooks where they are known; nil finds the smallest of `candidates` behind which every
    ///     codebook is 0 in every TR.
    ///   - candidates: Counts that the codec has; none means that any count is possible.
    /// - Returns: Real codebooks, and how many were cut off.
    /// - Throws: ``FeatureError/badRequest(problem:)`` when the width does not fit, or codebooks to cut are not 0.
    public static func unflatten(
        _ flat: Tensor<Int32>, framesPerTR: Int, codebookCount: Int? = nil, candidates: [Int] = []
    ) throws(FeatureError) -> Unflattened {
        guard flat.rank == 2, framesPerTR > 0, flat.shape[1] > 0, flat.shape[1].isMultiple(of: framesPerTR) else {
            throw .badRequest(
                problem:
                    "flat codes of shape \(flat.shape) are not whole codebooks of \(framesPerTR) frames; give the TR "
                    + "and grid they were made with")
        }
        let (trCount, stored) = (flat.shape[0], flat.shape[1] / framesPerTR)
        let used = usedCodebookCount(flat, framesPerTR: framesPerTR)
        let found = trCount == 0 ? stored : likelyCodebookCount(used: used, stored: stored, candidates)
        let real = codebookCount ?? found
        guard real >= used, real <= stored else {
            throw .badRequest(
                problem:
                    "flat codes of shape \(flat.shape) hold \(used) codebooks that are not 0, of \(stored) stored, but "
                    + "\(real) are stated; give the codec and bandwidth they were made with")
        }
        var elements: [Int32] = []
        elements.reserveCapacity(trCount * real * framesPerTR)
        for tr in 0..<trCount {
            elements += flat.elements[tr * flat.shape[1]..<tr * flat.shape[1] + real * framesPerTR]
        }
        return Unflattened(
            codes: Tensor(elements, shape: [trCount, real, framesPerTR]), zeroPaddedCodebookCount: stored - real)
    }

    /// The smallest count a codec has that leaves out nothing but zeros; all that are stored when it has none.
    private static func likelyCodebookCount(used: Int, stored: Int, _ candidates: [Int]) -> Int {
        if candidates.isEmpty { return max(used, 1) }
        return candidates.filter { (max(used, 1)...stored).contains($0) }.min() ?? stored
    }

    /// Codebooks up to the last one that is not 0 everywhere.
    private static func usedCodebookCount(_ flat: Tensor<Int32>, framesPerTR: Int) -> Int {
        var used = 0
        for (index, code) in flat.elements.enumerated() where code != 0 {
            used = max(used, index % flat.shape[1] / framesPerTR + 1)
        }
        return used
    }
}
