internal import EnCodec
internal import SignalProcessing

extension AudioProcessor.Configuration {
    /// The settings that make features like those of a manifest, or turn them back into sound.
    ///
    /// - Parameter manifest: One that was checked.
    /// - Throws: ``FeatureError/signal(_:)`` for mel filters that cannot be made.
    public init(_ manifest: FeatureManifest) throws(FeatureError) {
        let recipe = manifest.recipe
        self.init()
        useEncodec = recipe.format.isCodes
        isVectorPerTR = recipe.format == .encodecFlat || recipe.format == .mel2D
        bandwidthKbps = recipe.codec?.bandwidthKbps ?? bandwidthKbps
        repetitionTime = recipe.repetitionTime
        maximumTRCount = recipe.maximumTRCount
        codeGrid = recipe.grid == .seed112 ? .seed112 : .exact
        melBehaviour = recipe.behaviour
        guard let filters = recipe.mel else { return }
        mel = try wrapSignal { () throws(SignalError) in
            try MelConfiguration(
                sampleRate: recipe.sampleRate,
                layout: FrameLayout(fftLength: filters.fftLength, hopLength: recipe.hopLength),
                melBinCount: filters.binCount)
        }
    }
}

extension AudioProcessor.Codec {
    /// Says whether this is the codec that made features; ask before making a processor of them.
    ///
    /// - Parameters:
    ///   - manifest: What the features are.
    ///   - path: For the error.
    /// - Throws: ``FeatureError/badManifest(path:problem:)`` when other weights made them, or the manifest says another
    ///   frame rate.
    public func check(_ manifest: FeatureManifest, path: String) throws(FeatureError) {
        guard let stated = manifest.recipe.codec else { return }
        guard stated.weightsSHA256 == weightsSHA256 else {
            throw .badManifest(
                path: path,
                problem:
                    "says that codec '\(stated.identifier)' with weights \(stated.weightsSHA256.prefix(12)) made the "
                    + "codes, but codec '\(identifier)' has weights \(weightsSHA256.prefix(12)); give --codec")
        }
        let settings = model.configuration
        guard manifest.recipe.sampleRate == settings.samplingRate, manifest.recipe.hopLength == settings.hopLength
        else {
            throw .badManifest(
                path: path,
                problem: "says \(manifest.recipe.sampleRate) Hz in hops of \(manifest.recipe.hopLength), but codec "
                    + "'\(identifier)' has \(settings.samplingRate) Hz in hops of \(settings.hopLength); make it again")
        }
    }
}
