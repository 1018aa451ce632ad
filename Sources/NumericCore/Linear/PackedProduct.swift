internal import CKernels

/// A weight matrix packed for ``RowProduct``: panels of 16 or 32 columns, each stored depth by depth.
public struct PackedMatrix: Sendable {
    /// Rows of the matrix: the length of the sums.
    public let depth: Int
    /// Columns of the matrix: outputs of one row.
    public let columnCount: Int
    let panelWidth: Int
    let panels: AlignedFloats

    /// Packs the matrix whose elements `element(k, n)` gives.
    ///
    /// - Parameters:
    ///   - depth: At least 1.
    ///   - columnCount: At least 1.
    ///   - element: Value at depth `k` and column `n`.
    public init(depth: Int, columnCount: Int, element: (_ k: Int, _ n: Int) -> Float) {
        precondition(depth > 0 && columnCount > 0, "a packed matrix of \(depth) x \(columnCount)")
        self.depth = depth
        self.columnCount = columnCount
        let width = PackedMatrix.panelWidth(columnCount: columnCount)
        panelWidth = width
        let panelCount = (columnCount + width - 1) / width
        panels = AlignedFloats(count: panelCount * width * depth) { packed in
            for panel in 0..<panelCount {
                let first = panel * width
                for k in 0..<depth {
                    let start = (panel * depth + k) * width
                    for n in first..<min(first + width, columnCount) { packed[start + n - first] = element(k, n) }
                }
            }
        }
    }

    static func panelWidth(columnCount: Int) -> Int { columnCount > 16 ? 32 : 16 }
}

/// Where a product's rows come from.
public struct ProductInput {
    /// First float of the first row.
    public let rows: UnsafePointer<Float>
    /// Floats from one row to the next; rows may overlap.
    public let rowStride: Int
    /// The weights that these rows meet.
    public let weights: PackedMatrix

    /// One term of a sum of products.
    ///
    /// - Parameters:
    ///   - rows: First float of the first row.
    ///   - rowStride: Floats from one row to the next; may be smaller than the depth.
    ///   - weights: Packed weights.
    public init(rows: UnsafePointer<Float>, rowStride: Int, weights: PackedMatrix) {
        self.rows = rows
        self.rowStride = rowStride
        self.weights = weights
    }
}

/// Where a product's sums go: as they are, through ELU, or both; rows are dense.
public struct ProductOutput {
    /// Receives the sums.
    public var raw: UnsafeMutablePointer<Float>?
    /// Receives ELU of the sums.
    public var activated: UnsafeMutablePointer<Float>?

    /// Destinations with at least rows x columns floats each.
    ///
    /// - Parameters:
    ///   - raw: Receives the sums, or nil.
    ///   - activated: Receives ELU of the sums, or nil.
    public init(raw: UnsafeMutablePointer<Float>? = nil, activated: UnsafeMutablePointer<Float>? = nil) {
        self.raw = raw
        self.activated = activated
    }
}

/// out = bias + addend + sum of rows x weights, accumulated in a fixed order, with ELU on the way out.
public enum RowProduct {
    /// A bias padded to whole panels.
    ///
    /// - Parameter bias: One value a column.
    /// - Returns: The same values followed by zeros.
    public static func paddedBias(_ bias: [Float]) -> AlignedFloats {
        let width = PackedMatrix.panelWidth(columnCount: bias.count)
        return AlignedFloats(count: (bias.count + width - 1) / width * width) { padded in
            for (index, value) in bias.enumerated() { padded[index] = value }
        }
    }

    /// Computes `rowCount` output rows.
    ///
    /// - Parameters:
    ///   - inputs: Terms; all have the same number of columns. At least one.
    ///   - bias: From ``paddedBias(_:)``.
    ///   - addend: Dense rows added before the products, or nil.
    ///   - rowCount: At least 0.
    ///   - output: Dense rows of `columnCount` floats.
    ///   - level: Instruction set.
    public static func run(
        _ inputs: [ProductInput], bias: AlignedFloats, addend: UnsafePointer<Float>? = nil, rowCount: Int,
        into output: ProductOutput, level: KernelLevel = .best
    ) {
        guard let columnCount = inputs.first?.weights.columnCount, rowCount > 0 else { return }
        precondition(inputs.allSatisfy { $0.weights.columnCount == columnCount }, "terms of different widths")
        let width = PackedMatrix.panelWidth(columnCount: columnCount)
        precondition(bias.count == (columnCount + width - 1) / width * width, "\(bias.count) padded biases")
        var segments: [ck_segment] = []
        segments.reserveCapacity(inputs.count)
        bias.withUnsafePointer { bias in
            withSegments(inputs[...], &segments) { segments in
                var product = ck_product(
                    segments: segments.baseAddress, segmentCount: segments.count, rowCount: rowCount,
                    columnCount: columnCount, panelWidth: width, bias: bias, addend: addend,
                    addendStride: columnCount, raw: output.raw, rawStride: columnCount,
                    activated: output.activated, activatedStride: columnCount)
                ck_product_run(level.code, &product)
            }
        }
    }

    /// Nests one pointer scope for each term, so that no pointer outlives its storage.
    private static func withSegments(
        _ inputs: ArraySlice<ProductInput>, _ segments: inout [ck_segment],
        _ body: (UnsafeBufferPointer<ck_segment>) -> Void
    ) {
        guard let input = inputs.first else { return segments.withUnsafeBufferPointer(body) }
        input.weights.panels.withUnsafePointer { panels in
            segments.append(
                ck_segment(
                    rows: input.rows, rowStride: input.rowStride, depth: input.weights.depth, panels: panels))
            withSegments(inputs.dropFirst(), &segments, body)
        }
    }
}
