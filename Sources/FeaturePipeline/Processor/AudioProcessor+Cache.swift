public import AudioIO
internal import EnCodec
internal import NumericCore

extension AudioProcessor {
    /// What a cache did.
    public enum CacheUse: Sendable, Equatable {
        /// The features were in this file.
        case found(path: String)
        /// The features were made, and are in this file now.
        case stored(path: String)
    }

    /// What decides the features of a file, before they are made.
    ///
    /// - Parameters:
    ///   - reader: One channel at ``sampleRate``.
    ///   - path: The file it reads, for its digest.
    /// - Returns: The recipe that the manifest will have.
    /// - Throws: ``FeatureError/file(_:)``, or `EncodecError` for a bandwidth that the codec does not have.
    public func recipe(of reader: AudioReader, path: String) throws -> FeatureRecipe {
        let origin = try origin(of: reader, path: path)
        guard let codec, configuration.useEncodec else {
            return melDescription(trCount: 0, reference: 1, origin: origin).recipe
        }
        let count = try codec.model.configuration.codebookCount(forBandwidth: configuration.bandwidthKbps)
        return codeRecipe(codec: codec, codebookCount: count, origin: origin)
    }

    /// As ``write(featuresOf:path:to:metadataPath:threadCount:progress:)``, but takes the features from a cache when they
    /// are there, and puts them there when they are not.
    ///
    /// - Parameters:
    ///   - reader: At its start, one channel at ``sampleRate``.
    ///   - path: The file it reads, for its digest.
    ///   - output: The array.
    ///   - metadataPath: The table of TRs, or nil.
    ///   - cache: Its folder is created where it is missing.
    ///   - renews: Makes features that are there anew, damaged or not.
    ///   - threadCount: Threads that work at the same time, at least 1.
    ///   - progress: Told how far the work is.
    /// - Returns: What was written, and what the cache did.
    /// - Throws: As without a cache, and ``FeatureError/cacheDamaged(path:reason:)`` for a cache file that is not what its
    ///   name says: it is never made anew silently.
    public func write(
        featuresOf reader: AudioReader, path: String, to output: String, metadataPath: String? = nil,
        cache: FeatureCache, renews: Bool = false, threadCount: Int = 1, progress: Progress? = nil
    ) throws -> (manifest: FeatureManifest, use: CacheUse) {
        try cache.prepare()
        let recipe = try recipe(of: reader, path: path)
        var sampleCount = 0
        if !renews {
            do {
                let manifest = try cache.restore(
                    recipe, to: output, metadataPath: metadataPath, metadata: { self.metadata(of: $0) },
                    progress: { try progress?(sampleCount) })
                return (manifest, .found(path: cache.path(for: recipe)))
            } catch FeatureError.cacheMissing {}
        }
        let manifest = try write(
            featuresOf: reader, path: path, to: output, metadataPath: metadataPath, threadCount: threadCount
        ) {
            sampleCount = $0
            try progress?($0)
        }
        let stored = try cache.store(file: output, manifest: manifest) { try progress?(sampleCount) }
        return (manifest, .stored(path: stored))
    }

    /// The table of features that a manifest describes.
    func metadata(of manifest: FeatureManifest) -> [TRMetadata] {
        let counts = manifest.frameCounts ?? (0..<manifest.trCount).map { clock.frames(of: $0).count }
        return TRMetadata.rows(
            frameCounts: counts, repetitionTime: manifest.recipe.repetitionTime,
            codebookCount: manifest.recipe.codec?.codebookCount)
    }
}
