public import NumericCore

/// Alignment steps from one `.npy` to another, a few rows at a time: memory does not grow with the number of TRs.
///
/// Outputs appear under their names only when complete; what was there stays as it was after an error.
public enum AlignmentFile {
    /// Called with the rows done so far; may throw to stop.
    public typealias Progress = (Int) throws -> Void

    /// What an array may hold.
    public enum Kind: Sendable, Equatable {
        /// float16, float32 or float64.
        case features
        /// Integers of any width.
        case codes
    }

    /// What a file is, by its header.
    public struct Description: Sendable, Equatable {
        /// Extents, the TRs first.
        public let shape: [Int]
        /// NumPy's name of the type, such as `float32`.
        public let elementType: String
        /// What the array holds.
        public let kind: Kind
    }

    /// Bytes of a piece of the work; large enough to occupy several threads.
    private static let pieceSize = 8 << 20

    /// Reads a file's header.
    ///
    /// - Parameter path: A `.npy`.
    /// - Returns: What it is.
    /// - Throws: ``AlignmentError``, also for truth values and scalars.
    public static func describe(_ path: String) throws(AlignmentError) -> Description {
        let header = try wrap { () throws(ArrayFileError) in try NpyFile.header(path: path) }
        guard !header.shape.isEmpty else {
            throw .wrongShape(what: "'\(path)'", found: [], requirement: "its first axis must be the TRs")
        }
        guard header.elementType != .bool else {
            throw .wrongKind(
                what: "'\(path)'", found: "truth values", requirement: "features are floats and codes are integers")
        }
        return Description(
            shape: header.shape, elementType: header.elementType.rawValue,
            kind: header.elementType.isFloatingPoint ? .features : .codes)
    }

    /// Reads codes of any integer type.
    ///
    /// - Parameter path: A `.npy`.
    /// - Returns: (TRs, ...), each 0...1023.
    /// - Throws: ``AlignmentError``.
    public static func codes(_ path: String) throws(AlignmentError) -> Tensor<Int32> {
        let codes = try wrap { () throws(ArrayFileError) in try NpyFile.read(path: path).int32() }
        try IndexConvolution.check(codes)
        return codes
    }

    /// Writes an array.
    ///
    /// - Parameters:
    ///   - tensor: What to write.
    ///   - path: Where.
    ///   - provenance: Writes a manifest beside it; nil writes none.
    /// - Throws: ``AlignmentError/arrayFile(_:)``, or `FeatureError` for a manifest that makes no sense.
    public static func write<Element: ArrayElement>(
        _ tensor: Tensor<Element>, to path: String, provenance: Provenance? = nil
    ) throws {
        try wrapAny {
            var output = try AlignmentOutput(
                path: path, shape: tensor.shape, elementType: Element.arrayElementType, provenance: provenance)
            try tensor.elements.withUnsafeBytes { try output.append($0) }
            try output.commit()
        }
    }

    /// Convolves a file of floats along its first axis; the result is float32 whatever the input was.
    ///
    /// - Parameters:
    ///   - input: (TRs, ...) of float16, float32 or float64, which is rounded to nearest.
    ///   - output: Where the result goes.
    ///   - convolution: The response and its crop.
    ///   - threadCount: Threads that work at the same time, at least 1.
    ///   - provenance: Writes a manifest beside the result; nil writes none.
    ///   - progress: Called after each piece.
    /// - Returns: What values came out.
    /// - Throws: ``AlignmentError/arrayFile(_:)``, `FeatureError` for a manifest that makes no sense, or what `progress`
    ///   throws.
    public static func convolve(
        _ input: String, to output: String, with convolution: TRConvolution, threadCount: Int,
        provenance: Provenance? = nil, progress: Progress = { _ in }
    ) throws -> ValueRange {
        try wrapAny {
            let rows = try NpyRows(path: input)
            let outputCount = convolution.outputCount(forRows: rows.rowCount)
            var file = try AlignmentOutput(
                path: output, shape: [outputCount] + rows.shape.dropFirst(), elementType: .float32,
                provenance: provenance)
            let range = try convolve(
                rows, into: &file, with: convolution, threadCount: threadCount, progress: progress)
            try file.commit()
            return range
        }
    }

    private static func convolve(
        _ rows: NpyRows, into file: inout AlignmentOutput, with convolution: TRConvolution, threadCount: Int,
        progress: Progress
    ) throws -> ValueRange {
        let outputCount = convolution.outputCount(forRows: rows.rowCount)
        let convolver = RowConvolver(taps: convolution.floatTaps, columnCount: rows.columnCount)
        let pieces = pieces(of: rows, total: convolution.skippedCount + outputCount)
        let buffer = FloatBuffer(count: (pieces.map(\.count).max() ?? 0) * rows.columnCount)
        var range = ValueRange()
        for piece in pieces {
            let isInput = piece.lowerBound < rows.rowCount
            if isInput { try rows.floats(piece, into: buffer.base) }
            let skipped = min(max(convolution.skippedCount - piece.lowerBound, 0), piece.count)
            convolver.push(
                isInput ? buffer.base : nil, count: piece.count, skipping: skipped, into: buffer.base,
                threadCount: threadCount)
            let result = UnsafeBufferPointer(start: buffer.base, count: (piece.count - skipped) * rows.columnCount)
            range.add(result)
            try file.append(UnsafeRawBufferPointer(result))
            try progress(min(piece.upperBound, outputCount))
        }
        return range
    }

    /// Stretches of rows to work on together, of the input first, then of what lies behind it; none of an empty array.
    private static func pieces(of rows: NpyRows, total: Int) -> [Range<Int>] {
        guard rows.rowCount * rows.columnCount > 0 else { return [] }
        let size = max(1, pieceSize / (MemoryLayout<Float>.stride * rows.columnCount))
        return [0..<rows.rowCount, rows.rowCount..<max(total, rows.rowCount)].flatMap { part in
            stride(from: part.lowerBound, to: part.upperBound, by: size).map {
                $0..<min($0 + size, part.upperBound)
            }
        }
    }

    static func wrap<Result: ~Copyable>(_ body: () throws(ArrayFileError) -> Result) throws(AlignmentError) -> Result {
        do { return try body() } catch { throw .arrayFile(error) }
    }

    static func wrapAny<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as ArrayFileError { throw AlignmentError.arrayFile(error) }
    }
}
