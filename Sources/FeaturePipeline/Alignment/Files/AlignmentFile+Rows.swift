internal import NumericCore

extension AlignmentFile {
    /// Changes the number of TRs of a file.
    ///
    /// Rows that are only chosen keep their type and their bytes (little-endian); lines through features give float32.
    ///
    /// - Parameters:
    ///   - input: (TRs, ...) of floats, or of codes for ``TRResampling/Method/truncate`` and
    ///     ``TRResampling/Method/nearest``.
    ///   - output: Where the result goes.
    ///   - resampling: How; its source must be the file's number of TRs.
    ///   - provenance: Writes a manifest beside the result; nil writes none.
    ///   - progress: Called after each row.
    /// - Throws: ``AlignmentError``, `FeatureError` for a manifest that makes no sense, or what `progress` throws.
    public static func resample(
        _ input: String, to output: String, with resampling: TRResampling, provenance: Provenance? = nil,
        progress: Progress = { _ in }
    ) throws {
        try wrapAny {
            let rows = try NpyRows(path: input)
            guard rows.rowCount == resampling.sourceCount else {
                throw AlignmentError.wrongShape(
                    what: "'\(input)'", found: rows.shape, requirement: "\(resampling.sourceCount) TRs are expected")
            }
            let isBlended = resampling.method == .linear
            guard !isBlended || rows.elementType.isFloatingPoint else {
                throw AlignmentError.wrongKind(
                    what: "'\(input)'", found: rows.elementType.rawValue, requirement: "lines join floats")
            }
            var file = try AlignmentOutput(
                path: output, shape: [resampling.targetCount] + rows.shape.dropFirst(),
                elementType: isBlended ? .float32 : rows.elementType, provenance: provenance)
            let pair = FloatBuffer(count: isBlended ? 2 * rows.columnCount : 0)
            for (index, position) in resampling.positions.enumerated() {
                if isBlended {
                    try blend(rows, at: position, in: pair)
                    try file.append(
                        UnsafeRawBufferPointer(UnsafeBufferPointer(start: pair.base, count: rows.columnCount)))
                } else {
                    try file.append(rows.bytes(Int(position)..<Int(position) + 1))
                }
                try progress(index + 1)
            }
            try file.commit()
        }
    }

    /// Leaves the row at a position between two rows in the first half of `pair`.
    private static func blend(_ rows: NpyRows, at position: Double, in pair: FloatBuffer) throws {
        let row = Int(position)
        let fraction = position - Double(row)
        guard fraction > 0 else { return try rows.floats(row..<row + 1, into: pair.base) }
        try rows.floats(row..<row + 2, into: pair.base)
        let (low, high) = (pair.base, pair.base + rows.columnCount)
        for column in 0..<rows.columnCount {
            low[column] = TRResampling.blend(low[column], high[column], fraction)
        }
    }

    /// Copies an array as it is, in row-major, little-endian order.
    ///
    /// - Parameters:
    ///   - input: A `.npy` with rows.
    ///   - output: Where the copy goes.
    ///   - provenance: Writes a manifest beside the copy; nil writes none.
    /// - Throws: ``AlignmentError``, or `FeatureError` for a manifest that makes no sense.
    public static func copy(_ input: String, to output: String, provenance: Provenance? = nil) throws {
        let description = try describe(input)
        let count = description.shape[0]
        try resample(
            input, to: output, with: TRResampling(.truncate, from: count, to: count), provenance: provenance)
    }
}
