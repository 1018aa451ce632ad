internal import NumericCore

/// Takes a manifest's values out of parsed JSON, key by key.
struct ManifestReader {
    private let values: [String: HeaderJSON]
    private let path: String

    /// Checks schema and keys.
    init(_ json: HeaderJSON, path: String) throws(FeatureError) {
        self.path = path
        guard let members = json.members else { throw .badManifest(path: path, problem: "is not a JSON object") }
        values = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
        let schema = values[ManifestKey.schema.rawValue]?.text ?? "none"
        guard schema == FeatureManifest.schema else {
            throw .badManifest(
                path: path,
                problem:
                    "has schema \"\(schema.prefix(80))\", this program reads \"\(FeatureManifest.schema)\"; make the "
                    + "features again with this version")
        }
        if let unknown = members.first(where: { ManifestKey(rawValue: $0.key) == nil }) {
            throw .badManifest(path: path, problem: "has the unknown key \"\(unknown.key.prefix(80))\"; remove it")
        }
        if let missing = ManifestKey.allCases.first(where: { values[$0.rawValue] == nil }) {
            throw .badManifest(path: path, problem: "has no key \"\(missing.rawValue)\"; make the features again")
        }
    }

    func manifest() throws(FeatureError) -> FeatureManifest {
        let counts = values[ManifestKey.frameCounts.rawValue] == .null ? nil : try integers(.frameCounts)
        return FeatureManifest(
            recipe: try recipe(), elementType: try choice(.dtype), shape: try integers(.shape),
            arraySHA256: try text(.arraySHA256), framesPerTR: try optional(.framesPerTR, integer), frameCounts: counts,
            decibelReference: try optional(.decibelReference, number).map { Float($0) },
            toolVersion: try text(.toolVersion))
    }

    private func recipe() throws(FeatureError) -> FeatureRecipe {
        let trText = try text(.tr)
        guard trText.contains("/"), let time = RepetitionTime(trText) else {
            throw wrong(.tr, "a fraction of a second such as \"3/2\"")
        }
        return FeatureRecipe(
            format: try choice(.format), behaviour: try choice(.behaviour), grid: try choice(.grid),
            repetitionTime: time, maximumTRCount: try optional(.maxTRs, integer), sampleRate: try integer(.sampleRate),
            hopLength: try integer(.hopLength), codec: try codec(), mel: try mel(), hrf: try hrf(), source: try source()
        )
    }

    private func codec() throws(FeatureError) -> FeatureRecipe.Codec? {
        guard try isGroup(.codec, [.weightsSHA256, .bandwidthKbps, .codebooks]) else { return nil }
        return FeatureRecipe.Codec(
            identifier: try text(.codec), weightsSHA256: try text(.weightsSHA256),
            bandwidthKbps: try number(.bandwidthKbps), codebookCount: try integer(.codebooks))
    }

    private func mel() throws(FeatureError) -> FeatureRecipe.Mel? {
        guard try isGroup(.melBins, [.fftLength]) else { return nil }
        return FeatureRecipe.Mel(binCount: try integer(.melBins), fftLength: try integer(.fftLength))
    }

    private func hrf() throws(FeatureError) -> FeatureRecipe.HRF? {
        guard try isGroup(.hrfKernel, [.hrfCrop]) else {
            if values[ManifestKey.hrfCodes.rawValue] != .null { throw wrong(.hrfCodes, "null without hrf_kernel") }
            return nil
        }
        let codes: FeatureRecipe.HRF.Codes? =
            values[ManifestKey.hrfCodes.rawValue] == .null ? nil : try choice(.hrfCodes)
        return FeatureRecipe.HRF(kernel: try choice(.hrfKernel), crop: try choice(.hrfCrop), codes: codes)
    }

    private func source() throws(FeatureError) -> FeatureRecipe.Source? {
        guard try isGroup(.sourceSHA256, [.decoderBackend, .resampler]) else { return nil }
        return FeatureRecipe.Source(
            sha256: try text(.sourceSHA256), decoderBackend: try text(.decoderBackend), resampler: try text(.resampler))
    }

    /// Whether keys that belong together are there; all or none are null.
    private func isGroup(_ first: ManifestKey, _ others: [ManifestKey]) throws(FeatureError) -> Bool {
        let isPresent = values[first.rawValue] != .null
        for key in others where (values[key.rawValue] != .null) != isPresent {
            throw wrong(key, isPresent ? "a value, as \(first.rawValue) has one" : "null, as \(first.rawValue) is")
        }
        return isPresent
    }

    private func text(_ key: ManifestKey) throws(FeatureError) -> String {
        guard let text = values[key.rawValue]?.text else { throw wrong(key, "a text") }
        return text
    }

    private func integer(_ key: ManifestKey) throws(FeatureError) -> Int {
        guard let value = values[key.rawValue]?.integer else { throw wrong(key, "an integer") }
        return value
    }

    private func integers(_ key: ManifestKey) throws(FeatureError) -> [Int] {
        guard let values = values[key.rawValue]?.integers, values.count <= FeatureManifest.maximumTRCount else {
            throw wrong(key, "a list of at most \(FeatureManifest.maximumTRCount) integers")
        }
        return values
    }

    private func number(_ key: ManifestKey) throws(FeatureError) -> Double {
        guard case .number(let text) = values[key.rawValue], let value = Double(text), value.isFinite else {
            throw wrong(key, "a finite number")
        }
        return value
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: ManifestKey
    ) throws(FeatureError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try text(key)) else {
            throw wrong(key, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    private func optional<Value>(
        _ key: ManifestKey, _ read: (ManifestKey) throws(FeatureError) -> Value
    ) throws(FeatureError) -> Value? {
        values[key.rawValue] == .null ? nil : try read(key)
    }

    private func wrong(_ key: ManifestKey, _ expected: String) -> FeatureError {
        .badManifest(path: path, problem: "\(key.rawValue) must be \(expected)")
    }
}
