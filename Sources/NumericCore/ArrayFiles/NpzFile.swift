/// NumPy's `.npz` files: named arrays in a zip archive, opened for reading one at a time.
public struct NpzFile: Sendable {
    /// Names of the arrays (without `.npy`) in the order of the file.
    public let names: [String]
    private let archive: ZipArchive

    /// How members are packed when writing.
    public enum Packing: Sendable {
        /// As they are, like `numpy.savez`.
        case stored
        /// With deflate, like `numpy.savez_compressed`.
        case deflated
    }

    /// Opens a file and checks its directory; no array is read yet.
    ///
    /// - Parameter path: The file.
    /// - Throws: `ArrayFileError`.
    public init(path: String) throws(ArrayFileError) { try self.init(ByteSource.open(path: path)) }

    /// Opens a file or buffer.
    ///
    /// - Parameter source: The bytes.
    /// - Throws: `ArrayFileError`.
    package init(_ source: ByteSource) throws(ArrayFileError) {
        archive = try ZipArchive(source)
        names = archive.names.filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
    }

    /// Reads an array.
    ///
    /// - Parameter name: One of `names`.
    /// - Returns: The array, its member's checksum verified.
    /// - Throws: `ArrayFileError`.
    public func array(_ name: String) throws(ArrayFileError) -> NumericArray {
        guard names.contains(name) else { throw .missing(path: archive.path, name: name, available: names) }
        let bytes = try archive.read(name + ".npy")
        return try NpyFile.decode(ByteSource(bytes, label: "\(archive.path)!\(name)"))
    }

    /// Writes arrays in the order given; equal arrays give equal bytes.
    ///
    /// - Parameters:
    ///   - arrays: Names (without `.npy`, all different) and encoded arrays from `NpyFile.encode`.
    ///   - path: Where; an existing file is replaced only when the new one is complete.
    ///   - packing: How members are packed.
    /// - Throws: `ArrayFileError`.
    public static func write(
        _ arrays: [(name: String, npy: [UInt8])], to path: String, packing: Packing = .stored
    ) throws(ArrayFileError) {
        var writer = ZipWriter(path: path)
        for array in arrays {
            try writer.add(array.name + ".npy", array.npy, method: packing == .stored ? .stored : .deflated)
        }
        try AtomicFile.write(writer.finished(), to: path)
    }
}
