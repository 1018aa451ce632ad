internal import NumericCore

/// Takes a manifest's values out of parsed JSON, key by key.
struct ManifestReader {
    private let fields: ManifestFields<ManifestKey>

    /// Checks schema and keys.
    init(_ json: HeaderJSON, path: String) throws(FeatureError) {
        fields = try ManifestFields(json, path: path, schema: FeatureManifest.schema)
    }

    func manifest() throws(FeatureError) -> FeatureManifest {
        let counts = fields.isNull(.frameCounts) ? nil : try fields.integers(.frameCounts)
        return FeatureManifest(
            recipe: try recipe(), elementType: try fields.choice(.dtype), shape: try fields.integers(.shape),
            arraySHA256: try fields.text(.arraySHA256), framesPerTR: try fields.optional(.framesPerTR, fields.integer),
            frameCounts: counts,
            decibelReference: try fields.optional(.decibelReference, fields.number).map { Float($0) },
            toolVersion: try fields.text(.toolVersion))
    }

    private func recipe() throws(FeatureError) -> FeatureRecipe {
        let trText = try fields.text(.tr)
        guard trText.contains("/"), let time = RepetitionTime(trText) else {
            throw fields.wrong(.tr, "a fraction of a second such as \"3/2\"")
        }
        return FeatureRecipe(
            format: try fields.choice(.format), behaviour: try fields.choice(.behaviour),
            grid: try fields.choice(.grid),
            repetitionTime: time, maximumTRCount: try fields.optional(.maxTRs, fields.integer),
            sampleRate: try fields.integer(.sampleRate),
            hopLength: try fields.integer(.hopLength), codec: try codec(), mel: try mel(), hrf: try hrf(),
            source: try source()
        )
    }

    private func codec() throws(FeatureError) -> FeatureRecipe.Codec? {
        guard try fields.isGroup(.codec, [.weightsSHA256, .bandwidthKbps, .codebooks]) else { return nil }
        return FeatureRecipe.Codec(
            identifier: try fields.text(.codec), weightsSHA256: try fields.text(.weightsSHA256),
            bandwidthKbps: try fields.number(.bandwidthKbps), codebookCount: try fields.integer(.codebooks))
    }

    private func mel() throws(FeatureError) -> FeatureRecipe.Mel? {
        guard try fields.isGroup(.melBins, [.fftLength]) else { return nil }
        return FeatureRecipe.Mel(binCount: try fields.integer(.melBins), fftLength: try fields.integer(.fftLength))
    }

    private func hrf() throws(FeatureError) -> FeatureRecipe.HRF? {
        guard try fields.isGroup(.hrfKernel, [.hrfCrop]) else {
            if !fields.isNull(.hrfCodes) { throw fields.wrong(.hrfCodes, "null without hrf_kernel") }
            return nil
        }
        let codes: FeatureRecipe.HRF.Codes? =
            fields.isNull(.hrfCodes) ? nil : try fields.choice(.hrfCodes)
        return FeatureRecipe.HRF(kernel: try fields.choice(.hrfKernel), crop: try fields.choice(.hrfCrop), codes: codes)
    }

    private func source() throws(FeatureError) -> FeatureRecipe.Source? {
        guard try fields.isGroup(.sourceSHA256, [.decoderBackend, .resampler]) else { return nil }
        return FeatureRecipe.Source(
            sha256: try fields.text(.sourceSHA256), decoderBackend: try fields.text(.decoderBackend),
            resampler: try fields.text(.resampler))
    }
}
