internal import FoundationEssentials
internal import NumericCore

extension FeatureManifest {
    /// The JSON text: sorted keys, so that equal manifests give equal bytes.
    ///
    /// - Parameter path: For the error.
    /// - Returns: UTF-8, with a line feed at the end.
    /// - Throws: ``FeatureError/badManifest(path:problem:)`` when the manifest makes no sense.
    public func json(path: String) throws(FeatureError) -> [UInt8] {
        try check(path: path)
        return try Self.bytes(of: Wire(self), path: path)
    }

    /// Sorted, readable JSON with a line feed at the end.
    static func bytes(of wire: some Encodable, path: String) throws(FeatureError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { return try [UInt8](encoder.encode(wire)) + [0x0A] } catch {
            throw .badManifest(path: path, problem: "cannot be written as JSON (\(error))")
        }
    }

    /// Reads a JSON text of schema ``schema``.
    ///
    /// - Parameters:
    ///   - json: UTF-8.
    ///   - path: For the error.
    /// - Throws: ``FeatureError/badManifest(path:problem:)``.
    public init(json: [UInt8], path: String) throws(FeatureError) {
        try self.init(Self.parse(json, path: path), path: path)
    }

    /// Takes a manifest out of parsed JSON.
    init(_ json: HeaderJSON, path: String) throws(FeatureError) {
        self = try ManifestReader(json, path: path).manifest()
        try check(path: path)
    }

    static func parse(_ json: [UInt8], path: String) throws(FeatureError) -> HeaderJSON {
        do { return try HeaderJSON(parsing: json, path: path) } catch {
            throw .badManifest(path: path, problem: "is not readable JSON (\(error.description))")
        }
    }

    /// The keys as they are written; absent values are written as null.
    struct Wire: Encodable {
        private let manifest: FeatureManifest

        init(_ manifest: FeatureManifest) { self.manifest = manifest }

        func encode(to encoder: any Encoder) throws {
            var keys = encoder.container(keyedBy: ManifestKey.self)
            let recipe = manifest.recipe
            try keys.encode(FeatureManifest.schema, forKey: .schema)
            try keys.encode(recipe.format.rawValue, forKey: .format)
            try keys.encode(recipe.behaviour.rawValue, forKey: .behaviour)
            try keys.encode(recipe.grid.rawValue, forKey: .grid)
            try keys.encode("\(recipe.repetitionTime.numerator)/\(recipe.repetitionTime.denominator)", forKey: .tr)
            try keys.encode(recipe.maximumTRCount, forKey: .maxTRs)
            try keys.encode(recipe.sampleRate, forKey: .sampleRate)
            try keys.encode(recipe.hopLength, forKey: .hopLength)
            try encodeOrigin(recipe, into: &keys)
            try keys.encode(manifest.elementType.rawValue, forKey: .dtype)
            try keys.encode(manifest.shape, forKey: .shape)
            try keys.encode(manifest.arraySHA256, forKey: .arraySHA256)
            try keys.encode(manifest.framesPerTR, forKey: .framesPerTR)
            try keys.encode(manifest.frameCounts, forKey: .frameCounts)
            try keys.encode(manifest.decibelReference, forKey: .decibelReference)
            try keys.encode(manifest.toolVersion, forKey: .toolVersion)
        }

        private func encodeOrigin(
            _ recipe: FeatureRecipe, into keys: inout KeyedEncodingContainer<ManifestKey>
        ) throws {
            try keys.encode(recipe.codec?.identifier, forKey: .codec)
            try keys.encode(recipe.codec?.weightsSHA256, forKey: .weightsSHA256)
            try keys.encode(recipe.codec?.bandwidthKbps, forKey: .bandwidthKbps)
            try keys.encode(recipe.codec?.codebookCount, forKey: .codebooks)
            try keys.encode(recipe.mel?.binCount, forKey: .melBins)
            try keys.encode(recipe.mel?.fftLength, forKey: .fftLength)
            try keys.encode(recipe.hrf?.kernel.rawValue, forKey: .hrfKernel)
            try keys.encode(recipe.hrf?.crop.rawValue, forKey: .hrfCrop)
            try keys.encode(recipe.hrf?.codes?.rawValue, forKey: .hrfCodes)
            try keys.encode(recipe.source?.sha256, forKey: .sourceSHA256)
            try keys.encode(recipe.source?.decoderBackend, forKey: .decoderBackend)
            try keys.encode(recipe.source?.resampler, forKey: .resampler)
        }
    }
}

/// Every key of the schema.
enum ManifestKey: String, CodingKey, CaseIterable {
    case schema, format, behaviour, grid, tr, codec, codebooks, resampler, dtype, shape
    case maxTRs = "max_trs"
    case sampleRate = "sample_rate"
    case hopLength = "hop_length"
    case weightsSHA256 = "weights_sha256"
    case bandwidthKbps = "bandwidth_kbps"
    case melBins = "mel_bins"
    case fftLength = "fft_length"
    case hrfKernel = "hrf_kernel"
    case hrfCrop = "hrf_crop"
    case hrfCodes = "hrf_codes"
    case sourceSHA256 = "source_sha256"
    case decoderBackend = "decoder_backend"
    case arraySHA256 = "array_sha256"
    case framesPerTR = "frames_per_tr"
    case frameCounts = "n_frames"
    case decibelReference = "db_reference"
    case toolVersion = "tool_version"
}
