/// NumPy's `.npy` files: one array each.
public enum NpyFile {
    /// Reads an array.
    ///
    /// Versions 1.0, 2.0 and 3.0, either byte order and either element order; the result is row-major.
    ///
    /// - Parameter path: The file.
    /// - Returns: The array, not yet converted.
    /// - Throws: `ArrayFileError`; complex numbers, texts, dates, objects and records are refused.
    public static func read(path: String) throws(ArrayFileError) -> NumericArray {
        try decode(ByteSource.open(path: path))
    }

    /// Reads only the header, to find out what a file is.
    ///
    /// - Parameter path: The file.
    /// - Returns: Its type, order and shape.
    /// - Throws: `ArrayFileError`, also when the data that must follow is not exactly there.
    public static func header(path: String) throws(ArrayFileError) -> NpyHeader {
        try checkedHeader(ByteSource.open(path: path))
    }

    /// Writes an array, row-major, version 1.0; the bytes equal those of `numpy.save`.
    ///
    /// - Parameters:
    ///   - tensor: What to write.
    ///   - path: Where; an existing file is replaced only when the new one is complete.
    /// - Throws: `ArrayFileError.system`.
    public static func write<Element: ArrayElement>(
        _ tensor: Tensor<Element>, to path: String
    ) throws(ArrayFileError) {
        let file = try AtomicFile(path: path)
        try file.append(NpyHeader.encode(shape: tensor.shape, elementType: Element.arrayElementType))
        try file.append(elements: tensor.elements)
        try file.commit()
    }

    /// The bytes `write` puts into a file.
    ///
    /// - Parameter tensor: What to encode.
    /// - Returns: Header and data.
    public static func encode<Element: ArrayElement>(_ tensor: Tensor<Element>) -> [UInt8] {
        var bytes = NpyHeader.encode(shape: tensor.shape, elementType: Element.arrayElementType)
        tensor.elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Reads an array from an open file or a buffer.
    ///
    /// - Parameter source: Header and data, nothing after them.
    /// - Returns: The array, not yet converted.
    /// - Throws: `ArrayFileError`.
    package static func decode(_ source: ByteSource) throws(ArrayFileError) -> NumericArray {
        let header = try checkedHeader(source)
        var bytes = try source.read(at: header.dataOffset, count: header.dataByteCount, part: "the .npy data")
        let size = header.elementType.byteCount
        if header.isBigEndian { swapBytes(&bytes, size: size) }
        if header.isColumnMajor {
            let strides = ArrayExtents.strides(of: header.shape, isColumnMajor: true)
            bytes = ArrayExtents.gather(bytes, shape: header.shape, strides: strides, size: size)
        }
        return NumericArray(bytes, shape: header.shape, elementType: header.elementType, origin: source.path)
    }

    static func checkedHeader(_ source: ByteSource) throws(ArrayFileError) -> NpyHeader {
        let header = try NpyHeader(source)
        let available = source.count - header.dataOffset
        guard header.dataByteCount <= available else {
            throw .truncated(
                path: source.path, part: "the .npy data", needed: header.dataByteCount, available: available)
        }
        guard header.dataByteCount == available else {
            throw .malformed(
                path: source.path,
                reason: "\(available) bytes follow the header but shape \(header.shape) takes \(header.dataByteCount)")
        }
        return header
    }

    static func swapBytes(_ bytes: inout [UInt8], size: Int) {
        for start in stride(from: 0, to: bytes.count, by: size) {
            for index in 0..<size / 2 { bytes.swapAt(start + index, start + size - 1 - index) }
        }
    }
}
