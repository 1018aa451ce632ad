internal import CKernels

/// Sums of weighted rows: the inner loop of a short convolution over rows.
package enum WeightedSum {
    /// output[i] = sum over k of weights[k] x rows[k][i], added from k = 0 up whatever the count or the level.
    ///
    /// NaN and infinities follow arithmetic: 0 x NaN is NaN.
    ///
    /// - Parameters:
    ///   - rows: First floats of `rowCount` rows of `count` floats.
    ///   - weights: `rowCount` factors.
    ///   - rowCount: At least 0; no row gives zeros.
    ///   - output: Receives `count` floats; overlaps no row.
    ///   - count: At least 0.
    ///   - level: Instruction set; the vector levels fuse and agree to the last bit, the plain one may differ there.
    package static func run(
        rows: UnsafePointer<UnsafePointer<Float>?>, weights: UnsafePointer<Float>, rowCount: Int,
        into output: UnsafeMutablePointer<Float>, count: Int, level: KernelLevel = .best
    ) {
        ck_weighted_sum(level.code, rows, weights, rowCount, output, count)
    }
}
