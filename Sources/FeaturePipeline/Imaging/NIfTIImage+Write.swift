internal import NumericCore

extension NIfTIImage {
    /// Writes the image as float32, little-endian; a name ending in `.gz` asks for gzip.
    ///
    /// Equal images give equal bytes (packed: with the same zlib).
    ///
    /// - Parameter path: Ends in `.nii` or `.nii.gz`; an existing file is replaced only when the new one is complete.
    /// - Throws: ``FeatureError/badRequest(problem:)`` for another name or an extent that NIfTI-1 cannot hold,
    ///   ``FeatureError/file(_:)`` when the file cannot be written.
    public func write(to path: String) throws(FeatureError) {
        let name = path.lowercased()
        guard name.hasSuffix(".nii") || name.hasSuffix(".nii.gz") else {
            throw .badRequest(problem: "'\(path)' is neither .nii nor .nii.gz; name it so")
        }
        guard let header = headerBytes() else {
            throw .badRequest(problem: "shape \(shape) has an extent above 32767, which NIfTI-1 cannot hold; split it")
        }
        let bytes = voxels.withUnsafeBytes { header + [UInt8]($0) }
        guard name.hasSuffix(".gz") else {
            return try wrap { () throws(ArrayFileError) in try AtomicFile.write(bytes, to: path) }
        }
        guard let packed = Zlib.deflate(bytes, .gzip) else {
            throw .badRequest(
                problem: "'\(path)' would hold \(bytes.count) bytes, gzip takes up to 4 GiB; name it .nii")
        }
        try wrap { () throws(ArrayFileError) in try AtomicFile.write(packed, to: path) }
    }

    /// 348 bytes of header and four that say "no extensions"; nil when an extent does not fit 16 bits.
    private func headerBytes() -> [UInt8]? {
        let extents = shape.compactMap { Int16(exactly: $0) }
        guard extents.count == shape.count else { return nil }
        var writer = HeaderWriter(byteCount: 352)
        writer.put(Int32(348), at: 0)
        writer.put(Int16(shape.count), at: 40)
        for axis in 0..<7 { writer.put(axis < extents.count ? extents[axis] : 1, at: 42 + 2 * axis) }
        writer.put(Int16(16), at: 70)  // float32
        writer.put(Int16(32), at: 72)
        writer.put(orientation.handedness, at: 76)
        for axis in 0..<3 { writer.put(voxelSizes[axis], at: 80 + 4 * axis) }
        writer.put(Float(repetitionSeconds ?? 0), at: 92)
        writer.put(Float(352), at: 108)
        writer.put(Float(1), at: 112)
        writer.put(UInt8(repetitionSeconds == nil ? 2 : 2 | 8), at: 123)  // millimetres, seconds
        writer.put(orientation.quaternionCode, at: 252)
        writer.put(orientation.affineCode, at: 254)
        for (index, value) in orientation.quaternion.enumerated() { writer.put(value, at: 256 + 4 * index) }
        for (index, value) in orientation.affine.enumerated() { writer.put(value, at: 280 + 4 * index) }
        for (index, byte) in "n+1\0".utf8.enumerated() { writer.put(byte, at: 344 + index) }
        return writer.bytes
    }
}

/// Puts little-endian numbers at fixed places.
private struct HeaderWriter {
    private(set) var bytes: [UInt8]

    init(byteCount: Int) { bytes = [UInt8](repeating: 0, count: byteCount) }

    mutating func put(_ value: some FixedWidthInteger, at offset: Int) {
        var field: [UInt8] = []
        field.append(littleEndian: value)
        bytes.replaceSubrange(offset..<offset + field.count, with: field)
    }

    mutating func put(_ value: Float, at offset: Int) { put(value.bitPattern, at: offset) }
}
