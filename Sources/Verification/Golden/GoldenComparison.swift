public import NumericCore

/// Distances between a result and a golden; each is a number that a bound can be held against, or a reason.
public enum GoldenComparison {
    /// Largest absolute difference over the golden's peak.
    ///
    /// - Parameters:
    ///   - actual: The result.
    ///   - expected: The golden, same count.
    /// - Returns: At least 0; a failure when counts differ, a side is empty or not finite, or the golden is silent and
    ///   the result is not.
    public static func peakError(_ actual: [Float], _ expected: [Float]) -> Finding.Outcome {
        guard actual.count == expected.count, !expected.isEmpty else {
            return .failed(reason: "\(actual.count) values against a golden of \(expected.count)")
        }
        var peak = 0.0
        var largest = 0.0
        for index in actual.indices {
            guard actual[index].isFinite, expected[index].isFinite else {
                return .failed(reason: "value \(index) is \(actual[index]), the golden's is \(expected[index])")
            }
            peak = max(peak, Double(expected[index].magnitude))
            largest = max(largest, (Double(actual[index]) - Double(expected[index])).magnitude)
        }
        if peak == 0 { return largest == 0 ? .value(0) : .failed(reason: "the golden is silent, the result is not") }
        return .value(largest / peak)
    }

    /// Codes that differ without being proven ties.
    public struct CodeDifferences: Sendable, Equatable {
        /// Differences that no tie explains, counted once a frame.
        public var unproven = 0
        /// Differences where the two best entries are as good as equally near.
        public var ties = 0
        /// The first unproven difference.
        public var first = ""

        /// No differences.
        public init() {}
    }

    /// Compares codes frame by frame.
    ///
    /// A difference is a proven tie when the golden's relative gap between the two best squared distances, computed in
    /// Double, is below `tieBound`. After a difference the later codebooks of that frame quantise another residual and
    /// are not compared.
    ///
    /// - Parameters:
    ///   - actual: (codebooks, frames).
    ///   - expected: The golden, same shape.
    ///   - gaps: Gaps, at least as many codebooks, same frames.
    ///   - tieBound: Largest gap of a tie.
    /// - Returns: Counts; every frame counts as unproven when the shapes differ.
    public static func codes(
        _ actual: Tensor<Int32>, _ expected: Tensor<Int32>, gaps: Tensor<Float>, tieBound: Double
    ) -> CodeDifferences {
        var result = CodeDifferences()
        guard actual.shape == expected.shape, gaps.rank == 2, expected.rank == 2, gaps.shape[1] == expected.shape[1],
            gaps.shape[0] >= expected.shape[0]
        else {
            result.unproven = max(expected.count, 1)
            result.first = "shape \(actual.shape) against \(expected.shape)"
            return result
        }
        for frame in 0..<expected.shape[1] {
            for codebook in 0..<expected.shape[0] where actual[codebook, frame] != expected[codebook, frame] {
                if Double(gaps[codebook, frame]).magnitude < tieBound {
                    result.ties += 1
                } else {
                    if result.unproven == 0 {
                        result.first =
                            "codebook \(codebook), frame \(frame): \(actual[codebook, frame]), "
                            + "golden \(expected[codebook, frame])"
                    }
                    result.unproven += 1
                }
                break
            }
        }
        return result
    }
}
