internal import NumericCore

/// Features that go from and to files a few TRs at a time; codes, which are small, through memory.
extension FeatureCache {
    /// Called between pieces of the work; may throw to stop.
    public typealias Progress = () throws -> Void

    /// Bytes of a piece.
    private static let pieceSize = 1 << 20

    /// Stores the array of a `.npy` under the name of its recipe; a file of that name is replaced.
    ///
    /// - Parameters:
    ///   - path: The array, as this program writes it.
    ///   - manifest: The manifest of exactly this array, by this version of the program.
    ///   - progress: Called after each piece.
    /// - Returns: The cache file's path.
    /// - Throws: As ``store(_:manifest:)``, or what `progress` throws.
    @discardableResult
    public func store(file path: String, manifest: FeatureManifest, progress: Progress = {}) throws -> String {
        guard manifest.elementType.isFloatingPoint else {
            let array = try wrap { () throws(ArrayFileError) in try NpyFile.read(path: path) }
            return try store(array, manifest: manifest)
        }
        let target = self.path(for: manifest.recipe)
        guard manifest.toolVersion == toolVersion else {
            throw FeatureError.badManifest(
                path: target,
                problem:
                    "tool_version is \(manifest.toolVersion), this program is \(toolVersion); make the features again")
        }
        let json = try manifest.json(path: target)
        let source = try wrap { () throws(ArrayFileError) in try ByteSource.open(path: path) }
        let rows = try wrap { () throws(ArrayFileError) in try NpyRows(source) }
        try manifest.identity.verify(rows, path: path)
        try createFolder()
        var (checksum, jsonChecksum) = (ZipChecksum(), ZipChecksum())
        try Self.pieces(of: source) { bytes in
            checksum.update(bytes)
            try progress()
        }
        jsonChecksum.update(json)
        try inFeatureErrors {
            var zip = ZipWriter(path: target)
            let file = try AtomicFile(path: target)
            try file.append(zip.begin("features.npy", byteCount: source.count, checksum: checksum.value))
            try Self.pieces(of: source) { bytes in
                try file.append(bytes)
                try progress()
            }
            try file.append(zip.begin("manifest.json", byteCount: json.count, checksum: jsonChecksum.value))
            try file.append(json)
            try file.append(zip.finished())
            try file.commit()
        }
        return target
    }

    /// Writes the features of a recipe as `NAME.npy` with its manifest and, when asked for, the table of TRs.
    ///
    /// - Parameters:
    ///   - recipe: Every setting must be the file's.
    ///   - output: The array; like the other files it appears only when all are complete and verified.
    ///   - metadataPath: The table, or nil.
    ///   - metadata: The rows of the table for a manifest.
    ///   - progress: Called after each piece.
    /// - Returns: The manifest that was written.
    /// - Throws: ``FeatureError/cacheMissing(path:near:)``, ``FeatureError/cacheDamaged(path:reason:)`` for a file that is
    ///   not what its name says, ``FeatureError/file(_:)`` for outputs, or what `progress` throws.
    public func restore(
        _ recipe: FeatureRecipe, to output: String, metadataPath: String? = nil,
        metadata: (FeatureManifest) -> [TRMetadata], progress: Progress = {}
    ) throws -> FeatureManifest {
        let path = path(for: recipe)
        let file = try inFeatureErrors { try AtomicFile(path: output) }
        let manifest = try inFeatureErrors {
            do {
                let (archive, stored) = try entry(of: recipe, minimumTRCount: 0)
                return try restore(archive, stored, to: file, progress: progress)
            } catch let error as FeatureError {
                if case .cacheMissing = error { throw error }
                throw FeatureError.cacheDamaged(path: path, reason: error.description)
            }
        }
        let companions = try FeatureCompanions(
            manifest, metadata: metadata(manifest), arrayPath: output, metadataPath: metadataPath)
        try companions.commit(with: file)
        return manifest
    }

    /// Leaves header and verified elements in a file.
    private func restore(
        _ archive: ZipArchive, _ manifest: FeatureManifest, to file: borrowing AtomicFile, progress: Progress
    ) throws -> FeatureManifest {
        guard manifest.elementType.isFloatingPoint else {
            let codes = try features(in: archive, manifest).codes()
            var outer = manifest
            outer.elementType = .int32
            outer.arraySHA256 = FeatureManifest.digest(of: codes)
            try file.append(NpyHeader.encode(shape: codes.shape, elementType: .int32))
            try file.append(elements: codes.elements)
            return outer
        }
        let rows = try wrap { () throws(ArrayFileError) in try NpyRows(archive.stored("features.npy")) }
        try manifest.identity.verify(rows, path: archive.path)
        try file.append(NpyHeader.encode(shape: rows.shape, elementType: rows.elementType))
        let step = max(1, Self.pieceSize / max(rows.columnCount * rows.elementType.byteCount, 1))
        for start in stride(from: 0, to: rows.rowCount, by: step) {
            try file.append(rows.bytes(start..<min(start + step, rows.rowCount)))
            try progress()
        }
        return manifest
    }

    private static func pieces(of source: ByteSource, _ body: ([UInt8]) throws -> Void) throws {
        for start in stride(from: 0, to: source.count, by: pieceSize) {
            let count = min(pieceSize, source.count - start)
            try body(wrap { () throws(ArrayFileError) in try source.read(at: start, count: count, part: "the array") })
        }
    }
}

/// Runs a body that may throw anything; errors of files become this module's.
private func inFeatureErrors<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as ArrayFileError { throw FeatureError.file(error) }
}
