public import AudioIO
internal import NumericCore
internal import SignalProcessing

extension AudioProcessor {
    /// Makes the features of a file that is open, straight into `NAME.npy` with its manifest `NAME.json`.
    ///
    /// The bytes are those of ``TRFeatures/write(to:metadataPath:)``, but of mel features only a few TRs are in memory at
    /// a time: power goes to the file first and becomes decibels there when the film's maximum is known. Outputs appear
    /// under their names only when all are complete.
    ///
    /// - Parameters:
    ///   - reader: At its start, one channel at ``sampleRate``.
    ///   - path: The file it reads, for its digest.
    ///   - output: The array.
    ///   - metadataPath: The table of TRs, or nil.
    ///   - threadCount: Threads that work at the same time, at least 1.
    ///   - progress: Told how far the work is.
    /// - Returns: What was written.
    /// - Throws: As ``features(of:path:threadCount:progress:)``, or ``FeatureError/file(_:)``; what stood at the outputs
    ///   is then untouched, but for a failure between two renames.
    public func write(
        featuresOf reader: AudioReader, path: String, to output: String, metadataPath: String? = nil,
        threadCount: Int = 1, progress: Progress? = nil
    ) throws -> FeatureManifest {
        guard !configuration.useEncodec else {
            let features = try features(of: reader, path: path, threadCount: threadCount, progress: progress)
            try features.write(to: output, metadataPath: metadataPath)
            return features.manifest
        }
        let source = CountedSource({ try reader.read(into: $0) }, progress: progress)
        let origin = try origin(of: reader, path: path)
        return try writeMel(from: source, origin: origin, to: output, metadataPath: metadataPath)
    }

    /// Makes mel features of a stream in a file.
    func writeMel(
        from source: CountedSource, origin: FeatureRecipe.Source?, to output: String, metadataPath: String?
    ) throws -> FeatureManifest {
        let file = try MelFile(
            path: output, slots: melSlots, binCount: configuration.mel.melBinCount,
            isAverage: configuration.isVectorPerTR)
        let reference = try collectMelPower(from: source, slots: melSlots) { try file.append(power: $0) }
        let trCount = clock.trCount(ofSamples: source.sampleCount, limit: configuration.maximumTRCount)
        let description = melDescription(trCount: trCount, reference: reference, origin: origin)
        let digest = try file.convert(to: description.shape, reference: reference) { try source.report() }
        let manifest = FeatureManifest(
            recipe: description.recipe, elementType: .float32, shape: description.shape, arraySHA256: digest,
            framesPerTR: description.framesPerTR, frameCounts: description.frameCounts,
            decibelReference: description.decibelReference)
        let companions = try FeatureCompanions(
            manifest, metadata: description.metadata, arrayPath: output, metadataPath: metadataPath)
        try companions.commit(with: file.finished())
        return manifest
    }
}
