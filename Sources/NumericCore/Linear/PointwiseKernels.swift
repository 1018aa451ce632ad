internal import CKernels

/// Kernels over plain float rows; the fast forms of formulas whose plain twins stand in CKernels/plain.c.
public enum PointwiseKernels {
    /// ELU with alpha 1: x for x > 0, e^x - 1 otherwise; NaN stays NaN.
    ///
    /// - Parameters:
    ///   - input: `count` floats.
    ///   - output: Receives `count` floats; may be `input`.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    public static func elu(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int,
        level: KernelLevel = .best
    ) {
        ck_elu_run(level.code, input, output, count)
    }

    /// The entry of a codebook nearest to a row, by (rowNorm - 2 dot) + norm in float32, first one among equals.
    ///
    /// - Parameters:
    ///   - dots: Products of the row with every entry.
    ///   - norms: Squared norms of the entries.
    ///   - count: Entries, at least 1.
    ///   - rowNorm: Squared norm of the row.
    ///   - level: Instruction set.
    /// - Returns: 0 ..< count; 0 when every distance is NaN.
    public static func nearest(
        dots: UnsafePointer<Float>, norms: UnsafePointer<Float>, count: Int, rowNorm: Float,
        level: KernelLevel = .best
    ) -> Int {
        ck_nearest(level.code, dots, norms, count, rowNorm)
    }
}

/// A weight matrix with few columns (one or two audio channels), kept column by column for dot products.
public struct NarrowMatrix: Sendable {
    /// Length of the dot products.
    public let depth: Int
    /// Outputs of one row.
    public let columnCount: Int
    private let columns: AlignedFloats
    private let bias: AlignedFloats

    /// Stores the matrix whose elements `element(k, n)` gives.
    ///
    /// - Parameters:
    ///   - depth: At least 1.
    ///   - bias: One value a column.
    ///   - element: Value at depth `k` and column `n`.
    public init(depth: Int, bias: [Float], element: (_ k: Int, _ n: Int) -> Float) {
        self.depth = depth
        columnCount = bias.count
        columns = AlignedFloats(count: depth * bias.count) { all in
            for n in 0..<bias.count { for k in 0..<depth { all[n * depth + k] = element(k, n) } }
        }
        self.bias = AlignedFloats(count: bias.count) { all in
            for (index, value) in bias.enumerated() { all[index] = value }
        }
    }

    /// Computes `rowCount` dense output rows; sums run over 16 interleaved lanes, then pairwise over the lanes.
    ///
    /// - Parameters:
    ///   - rows: First float of the first input row.
    ///   - rowStride: Floats from one row to the next; rows may overlap.
    ///   - rowCount: At least 0.
    ///   - output: Receives `rowCount` x `columnCount` floats.
    ///   - level: Instruction set.
    public func run(
        rows: UnsafePointer<Float>, rowStride: Int, rowCount: Int, into output: UnsafeMutablePointer<Float>,
        level: KernelLevel = .best
    ) {
        columns.withUnsafePointer { columns in
            bias.withUnsafePointer { bias in
                ck_narrow_run(level.code, rows, rowStride, depth, rowCount, columns, bias, columnCount, output)
            }
        }
    }
}
