internal import NumericCore

/// An array on its way to a file, with the manifest that will stand beside it.
struct AlignmentOutput: ~Copyable {
    private let file: AtomicFile
    private let path: String
    private let shape: [Int]
    private let elementType: ArrayElementType
    private let provenance: Provenance?
    private var hash = SHA256()

    /// Creates the file under a temporary name.
    ///
    /// - Parameters:
    ///   - path: A `.npy`.
    ///   - shape: What will be written.
    ///   - elementType: What will be written.
    ///   - provenance: For the manifest; nil writes none.
    /// - Throws: ``AlignmentError/arrayFile(_:)``.
    init(
        path: String, shape: [Int], elementType: ArrayElementType, provenance: Provenance?
    ) throws(AlignmentError) {
        (self.path, self.shape, self.elementType, self.provenance) = (path, shape, elementType, provenance)
        let header = NpyHeader.encode(shape: shape, elementType: elementType)
        file = try AlignmentFile.wrap { () throws(ArrayFileError) in
            let file = try AtomicFile(path: path)
            try file.append(header)
            return file
        }
    }

    /// Appends elements as they lie in memory.
    mutating func append(_ memory: UnsafeRawBufferPointer) throws(AlignmentError) {
        do { try file.append(memory: memory) } catch { throw .arrayFile(error) }
        guard provenance != nil else { return }
        for start in stride(from: 0, to: memory.count, by: 1 << 20) {
            hash.update([UInt8](memory[start..<min(start + 1 << 20, memory.count)]))
        }
    }

    /// Appends elements as a file holds them.
    mutating func append(_ bytes: [UInt8]) throws(AlignmentError) {
        do { try file.append(bytes) } catch { throw .arrayFile(error) }
        if provenance != nil { hash.update(bytes) }
    }

    /// Puts the manifest and then the array in place.
    ///
    /// - Throws: ``AlignmentError/arrayFile(_:)``, or `FeatureError` for a manifest that makes no sense.
    consuming func commit() throws {
        if let provenance {
            let identity = ArrayIdentity(elementType: elementType, shape: shape, sha256: hash.hexadecimal)
            let sidecar = FeatureManifest.sidecarPath(of: path)
            let manifest = try AtomicFile(path: sidecar)
            try manifest.append(try provenance.manifest(identity).json(path: sidecar))
            try manifest.commit()
        }
        try file.commit()
    }
}
