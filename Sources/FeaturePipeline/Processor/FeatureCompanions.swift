internal import NumericCore

/// What stands beside an array, complete under temporary names before any of the files takes its own.
struct FeatureCompanions: ~Copyable {
    private let manifest: AtomicFile
    private let table: AtomicFile?

    /// Writes manifest and table.
    ///
    /// - Parameters:
    ///   - manifest: Of the array.
    ///   - metadata: A row a TR.
    ///   - arrayPath: The array, which the manifest is named for.
    ///   - metadataPath: The table, or nil.
    /// - Throws: ``FeatureError``.
    init(
        _ manifest: FeatureManifest, metadata: [TRMetadata], arrayPath: String, metadataPath: String?
    ) throws(FeatureError) {
        let sidecar = FeatureManifest.sidecarPath(of: arrayPath)
        let json = try manifest.json(path: sidecar)
        let manifestFile = try Self.file(sidecar, json)
        table =
            if let metadataPath { try Self.file(metadataPath, Array(MetadataTable.csv(metadata).utf8)) } else { nil }
        self.manifest = manifestFile
    }

    /// Puts table, manifest and array in place, in this order.
    ///
    /// - Parameter array: Complete.
    /// - Throws: ``FeatureError/file(_:)``.
    consuming func commit(with array: consuming AtomicFile) throws(FeatureError) {
        do throws(ArrayFileError) {
            if let table { try table.commit() }
            try manifest.commit()
            try array.commit()
        } catch { throw .file(error) }
    }

    private static func file(_ path: String, _ bytes: [UInt8]) throws(FeatureError) -> AtomicFile {
        try wrap { () throws(ArrayFileError) in
            let file = try AtomicFile(path: path)
            try file.append(bytes)
            return file
        }
    }
}
