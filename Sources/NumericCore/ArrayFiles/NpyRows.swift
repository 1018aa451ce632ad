/// A `.npy` array read a few rows at a time, for arrays that need not be in memory.
///
/// A row is what one index of the first axis holds. Column-major files are the exception: they are read whole.
package struct NpyRows: Sendable {
    /// Extents, outermost first; at least one.
    package let shape: [Int]
    /// The kind of number stored.
    package let elementType: ArrayElementType
    /// Extent of the first axis.
    package let rowCount: Int
    /// Numbers of one row.
    package let columnCount: Int
    private let source: ByteSource
    private let dataOffset: Int
    private let isBigEndian: Bool

    /// Opens a file and checks that header and size fit.
    ///
    /// - Parameter path: The file.
    /// - Throws: `ArrayFileError`; a scalar is `.unsupported`.
    package init(path: String) throws(ArrayFileError) { try self.init(ByteSource.open(path: path)) }

    /// Checks that header and size fit.
    ///
    /// - Parameter file: A `.npy`, or the part of a file that is one.
    /// - Throws: As ``init(path:)``.
    package init(_ file: ByteSource) throws(ArrayFileError) {
        let header = try NpyFile.checkedHeader(file)
        guard let rowCount = header.shape.first else {
            throw .unsupported(path: file.path, reason: "it holds one number where an array with rows is wanted")
        }
        shape = header.shape
        elementType = header.elementType
        self.rowCount = rowCount
        columnCount = header.shape.dropFirst().reduce(1, *)
        if header.isColumnMajor, header.shape.count > 1 {
            source = ByteSource(try NpyFile.decode(file).bytes, label: file.path)
            (dataOffset, isBigEndian) = (0, false)
        } else {
            source = file
            (dataOffset, isBigEndian) = (header.dataOffset, header.isBigEndian)
        }
    }

    /// Bytes of one row.
    private var rowSize: Int { columnCount * elementType.byteCount }

    /// Rows as they are stored, little-endian.
    ///
    /// - Parameter rows: Within 0..<`rowCount`.
    /// - Returns: Their bytes.
    /// - Throws: `ArrayFileError.system` or `.truncated`.
    package func bytes(_ rows: Range<Int>) throws(ArrayFileError) -> [UInt8] {
        var bytes = try source.read(
            at: dataOffset + rows.lowerBound * rowSize, count: rows.count * rowSize, part: "the .npy data")
        if isBigEndian { NpyFile.swapBytes(&bytes, size: elementType.byteCount) }
        return bytes
    }

    /// Rows as floats; doubles are rounded to nearest.
    ///
    /// - Parameters:
    ///   - rows: Within 0..<`rowCount`.
    ///   - target: Receives rows.count x `columnCount` floats.
    /// - Throws: `ArrayFileError`; `.inexact` for an integer that a float cannot hold or a double beyond its range.
    package func floats(_ rows: Range<Int>, into target: UnsafeMutablePointer<Float>) throws(ArrayFileError) {
        let count = rows.count * columnCount
        if elementType == .float32, !isBigEndian {
            let memory = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: target, count: count))
            return try source.read(at: dataOffset + rows.lowerBound * rowSize, into: memory, part: "the .npy data")
        }
        let decoder = ElementDecoder(elementType: elementType, origin: source.path, rounding: .nearest)
        var numbers: [Float] = []
        numbers.reserveCapacity(count)
        try decoder.decode(bytes(rows), startIndex: rows.lowerBound * columnCount, into: &numbers)
        target.update(from: numbers, count: count)
    }
}
