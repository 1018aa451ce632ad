/// A `.safetensors` file opened for reading: the header is in memory, tensors are read one at a time.
public struct SafetensorsFile: Sendable {
    /// Names of the tensors, sorted.
    public let names: [String]
    /// The texts under `__metadata__`.
    public let metadata: [String: String]

    private let source: ByteSource
    private let entries: [String: SafetensorsHeader.Entry]

    /// Opens a file and checks its whole header; no tensor is read yet.
    ///
    /// - Parameter path: The file.
    /// - Throws: `ArrayFileError`, also for overlapping tensors, gaps and lengths that disagree with the file.
    public init(path: String) throws(ArrayFileError) { try self.init(ByteSource.open(path: path)) }

    /// Opens a file or buffer.
    ///
    /// - Parameter source: The bytes.
    /// - Throws: `ArrayFileError`.
    package init(_ source: ByteSource) throws(ArrayFileError) {
        let header = try SafetensorsHeader(source)
        self.source = source
        metadata = header.metadata
        names = header.entries.map(\.name).sorted()
        entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    }

    /// Whether a tensor of this name is there.
    ///
    /// - Parameter name: Any text.
    /// - Returns: true for one of `names`.
    public func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The extents of a tensor.
    ///
    /// - Parameter name: One of `names`.
    /// - Returns: Extents, outermost first.
    /// - Throws: `ArrayFileError.missing`.
    public func shape(of name: String) throws(ArrayFileError) -> [Int] { try entry(name).shape }

    /// The kind of number of a tensor.
    ///
    /// - Parameter name: One of `names`.
    /// - Returns: The kind stored.
    /// - Throws: `ArrayFileError.missing`.
    public func elementType(of name: String) throws(ArrayFileError) -> ArrayElementType {
        try entry(name).elementType
    }

    /// Reads a tensor as it is stored.
    ///
    /// - Parameter name: One of `names`.
    /// - Returns: Its bytes with shape and type.
    /// - Throws: `ArrayFileError`.
    public func array(_ name: String) throws(ArrayFileError) -> NumericArray {
        let entry = try entry(name)
        let bytes = try source.read(at: entry.offset, count: entry.byteCount, part: "tensor \"\(name)\"")
        return NumericArray(bytes, shape: entry.shape, elementType: entry.elementType, origin: label(name))
    }

    /// Reads a tensor as `Float`; besides the result only a piece of 1 MiB is in memory.
    ///
    /// - Parameter name: One of `names`.
    /// - Returns: Its values; `F64` is rounded to nearest.
    /// - Throws: `ArrayFileError`; `.inexact` for integers, and for finite doubles too large, that `Float` cannot hold.
    public func float32(_ name: String) throws(ArrayFileError) -> Tensor<Float> {
        let entry = try entry(name)
        let decoder = ElementDecoder(elementType: entry.elementType, origin: label(name), rounding: .nearest)
        let size = entry.elementType.byteCount
        var elements: [Float] = []
        elements.reserveCapacity(entry.byteCount / size)
        for start in stride(from: 0, to: entry.byteCount, by: 1 << 20) {
            let count = min(1 << 20, entry.byteCount - start)
            let bytes = try source.read(at: entry.offset + start, count: count, part: "tensor \"\(name)\"")
            try decoder.decode(bytes, startIndex: start / size, into: &elements)
        }
        return Tensor(elements, shape: entry.shape)
    }

    private func label(_ name: String) -> String { "\(source.path)!\(name)" }

    private func entry(_ name: String) throws(ArrayFileError) -> SafetensorsHeader.Entry {
        guard let entry = entries[name] else {
            throw .missing(path: source.path, name: name, available: names)
        }
        return entry
    }
}
