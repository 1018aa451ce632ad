package import NumericCore

extension NIfTIImage {
    /// Bytes that may follow the voxels, as padding of tapes and blocks.
    static let trailingLimit = 4096

    /// Reads a file; whether it is packed with gzip is told by its bytes, not its name.
    ///
    /// Integers to 32 bits, float32 and float64 in either byte order; values are scaled in Double and rounded to Float.
    /// The dimensions are held against the size of the file before memory is taken.
    ///
    /// - Parameters:
    ///   - path: A `.nii` or `.nii.gz`.
    ///   - maximumByteCount: Stored voxels may take so many bytes at most, a guard against packed files that grow.
    /// - Returns: The image.
    /// - Throws: ``FeatureError/file(_:)``; pairs of files, NIfTI-2, colour and complex images are refused.
    public static func read(path: String, maximumByteCount: Int = 8 << 30) throws(FeatureError) -> NIfTIImage {
        try wrap { () throws(ArrayFileError) in
            try decode(ByteSource.open(path: path), maximumByteCount: maximumByteCount)
        }
    }

    /// Reads an open file or a buffer; see ``read(path:maximumByteCount:)``.
    package static func decode(
        _ source: ByteSource, maximumByteCount: Int = 8 << 30
    ) throws(ArrayFileError) -> NIfTIImage {
        let mark = try source.read(at: 0, count: min(2, source.count), part: "the start of the file")
        guard mark == [0x1F, 0x8B] else { return try plain(source, maximumByteCount) }
        var stream = try GzipStream(source)
        let bytes = try stream.read(NIfTIHeader.byteCount, part: "the NIfTI header")
        let header = try NIfTIHeader(bytes, path: source.path)
        try check(header, maximumByteCount, available: source.count * GzipStream.largestRatio, path: source.path)
        _ = try stream.read(header.dataOffset - NIfTIHeader.byteCount, part: "the NIfTI extensions")
        var voxels: [Float] = []
        for _ in 0..<header.volumeCount {
            let volume = try stream.read(header.volumeByteCount, part: "the voxels")
            header.appendVoxels(volume, to: &voxels, path: source.path)
        }
        try stream.finish(limit: trailingLimit)
        return NIfTIImage(header, voxels)
    }

    private static func plain(
        _ source: ByteSource, _ maximumByteCount: Int
    ) throws(ArrayFileError) -> NIfTIImage {
        let bytes = try source.read(at: 0, count: NIfTIHeader.byteCount, part: "the NIfTI header")
        let header = try NIfTIHeader(bytes, path: source.path)
        try check(header, maximumByteCount, available: source.count - header.dataOffset, path: source.path)
        let end = header.dataOffset + header.dataByteCount
        guard source.count - end <= trailingLimit else {
            throw .malformed(
                path: source.path,
                reason: "\(source.count - end) bytes follow the voxels of dimensions \(header.shape)")
        }
        var voxels: [Float] = []
        voxels.reserveCapacity(header.count)
        for index in 0..<header.volumeCount {
            let volume = try source.read(
                at: header.dataOffset + index * header.volumeByteCount, count: header.volumeByteCount,
                part: "the voxels"
            )
            header.appendVoxels(volume, to: &voxels, path: source.path)
        }
        return NIfTIImage(header, voxels)
    }

    private static func check(
        _ header: NIfTIHeader, _ maximumByteCount: Int, available: Int, path: String
    ) throws(ArrayFileError) {
        guard header.dataByteCount <= available else {
            throw .truncated(
                path: path, part: "the voxels", needed: header.dataByteCount, available: max(0, available))
        }
        guard header.dataByteCount <= maximumByteCount else {
            throw .unsupported(
                path: path,
                reason: "its voxels take \(header.dataByteCount) bytes, \(maximumByteCount) are allowed; split the scan"
            )
        }
    }

    private init(_ header: NIfTIHeader, _ voxels: [Float]) {
        self.init(
            voxels: voxels, shape: header.shape, voxelSizes: header.voxelSizes,
            repetitionSeconds: header.repetitionSeconds, orientation: header.orientation)
    }
}

extension NIfTIHeader {
    var volumeCount: Int { shape.count == 4 ? shape[3] : 1 }
    var volumeByteCount: Int { dataByteCount / volumeCount }

    /// Converts stored voxels and scales them.
    func appendVoxels(_ bytes: [UInt8], to voxels: inout [Float], path: String) {
        let stored = isBigEndian ? swapped(bytes) : bytes
        let array = NumericArray(
            stored, shape: [bytes.count / elementType.byteCount], elementType: elementType, origin: path)
        let (slope, intercept) = (slope, intercept)
        if slope == 1, intercept == 0 {
            array.scan { voxels.append(Float($1)) }
        } else {
            array.scan { voxels.append(Float($1 * slope + intercept)) }
        }
    }

    private func swapped(_ bytes: [UInt8]) -> [UInt8] {
        let size = elementType.byteCount
        var result = bytes
        for start in stride(from: 0, to: bytes.count, by: size) {
            for index in 0..<size { result[start + index] = bytes[start + size - 1 - index] }
        }
        return result
    }
}
