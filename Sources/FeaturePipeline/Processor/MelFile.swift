internal import NumericCore

/// The array of mel features while it is made: power in the order of the film, then decibels in its place.
///
/// Averages over TRs take less room than the power they are made of, so that they follow the reading from behind.
struct MelFile: ~Copyable {
    private let file: AtomicFile
    private let slots: MelSlots
    private let binCount: Int
    private let isAverage: Bool
    /// Bytes of the header, whatever the number of TRs: NumPy leaves room for it.
    private let start: Int

    /// Creates the file under a temporary name.
    ///
    /// - Parameters:
    ///   - path: Its name at the end.
    ///   - slots: The columns.
    ///   - binCount: Numbers a frame.
    ///   - isAverage: Average each TR at the end.
    /// - Throws: ``FeatureError/file(_:)``.
    init(path: String, slots: MelSlots, binCount: Int, isAverage: Bool) throws(FeatureError) {
        (self.slots, self.binCount, self.isAverage) = (slots, binCount, isAverage)
        let header = NpyHeader.encode(
            shape: isAverage ? [0, binCount] : [0, binCount, slots.width], elementType: .float32)
        start = header.count
        file = try wrap { () throws(ArrayFileError) in
            let file = try AtomicFile(path: path)
            try file.append(header)
            return file
        }
    }

    /// Takes the power of the next TRs.
    borrowing func append(power: [Float]) throws(FeatureError) {
        do throws(ArrayFileError) { try file.append(elements: power) } catch { throw .file(error) }
    }

    /// Turns power into decibels and leaves the first TRs only.
    ///
    /// - Parameters:
    ///   - shape: Of the array, TRs first.
    ///   - reference: The power of 0 dB.
    ///   - progress: Called after each block.
    /// - Returns: SHA-256 of the elements.
    /// - Throws: ``FeatureError``, or what `progress` throws.
    borrowing func convert(to shape: [Int], reference: Float, progress: () throws -> Void) throws -> String {
        let decibels = try MelDecibels(slots, binCount: binCount, reference: reference)
        let (trCount, rowCount) = (shape[0], binCount * slots.width)
        let blockTRCount = max(1, (1 << 18) / rowCount)
        var hash = SHA256()
        var end = start
        for tr in stride(from: 0, to: trCount, by: blockTRCount) {
            var values = [Float](repeating: 0, count: min(blockTRCount, trCount - tr) * rowCount)
            try read(&values, firstTR: tr)
            try decibels.convert(&values, firstTR: tr)
            if isAverage { values = decibels.means(values, firstTR: tr) }
            hash.update(values.withUnsafeBytes { [UInt8]($0) })
            try overwrite(values, at: end)
            end += values.count * MemoryLayout<Float>.stride
            try progress()
        }
        try finish(shape: shape, byteCount: end)
        return hash.hexadecimal
    }

    /// The file, to be put in place.
    consuming func finished() -> AtomicFile { file }

    private borrowing func read(_ values: inout [Float], firstTR: Int) throws(FeatureError) {
        let offset = start + firstTR * binCount * slots.width * MemoryLayout<Float>.stride
        do throws(ArrayFileError) { try file.read(at: offset, into: &values) } catch { throw .file(error) }
    }

    private borrowing func overwrite(_ values: [Float], at offset: Int) throws(FeatureError) {
        do throws(ArrayFileError) { try file.overwrite(at: offset, with: values) } catch { throw .file(error) }
    }

    private borrowing func finish(shape: [Int], byteCount: Int) throws(FeatureError) {
        let header = NpyHeader.encode(shape: shape, elementType: .float32)
        precondition(header.count == start, "a header of \(header.count) bytes where \(start) were kept free")
        do throws(ArrayFileError) {
            try file.overwrite(at: 0, with: header)
            try file.truncate(to: byteCount)
        } catch { throw .file(error) }
    }
}
