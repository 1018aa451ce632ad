import EnCodec

/// What `codec inspect` says about a codec.
struct CodecDescription: Encodable {
    struct Bandwidth: Encodable {
        let kbps: Double
        let codebooks: Int
    }

    struct Parameters: Encodable {
        let encoder: Int
        let decoder: Int
        let quantizer: Int
        let total: Int
    }

    struct Weights: Encodable {
        let path: String
        let format: String
        let dtypes: [String]
        let bytes: Int
        let sha256: String
        let weightNormSpelling: String
    }

    let bandwidths: [Bandwidth]
    let causal: Bool
    let channels: Int
    let chunkSamples: Int?
    let chunkStrideSamples: Int?
    let codebookSize: Int
    let codec: String
    let configuration: String
    let filters: Int
    let framesPerSecond: Double
    let hopLength: Int
    let latentSize: Int
    let lstmLayers: Int
    let normalization: String
    let normalizesLevel: Bool
    let parameters: Parameters
    let samplingRate: Int
    let shortcutConvolution: Bool
    let strides: [Int]
    let weights: Weights

    /// Reads the files.
    ///
    /// - Throws: `EncodecError`.
    init(_ files: CodecFiles) throws {
        let configuration = try files.configuration()
        bandwidths = try configuration.targetBandwidths.map {
            Bandwidth(kbps: $0, codebooks: try configuration.codebookCount(forBandwidth: $0))
        }
        causal = configuration.isCausal
        channels = configuration.audioChannels
        chunkSamples = configuration.chunkLength
        chunkStrideSamples = configuration.chunkStride
        codebookSize = configuration.codebookSize
        codec = files.specification
        self.configuration = files.configurationPath
        filters = configuration.filterCount
        framesPerSecond = Double(configuration.samplingRate) / Double(configuration.hopLength)
        hopLength = configuration.hopLength
        latentSize = configuration.hiddenSize
        lstmLayers = configuration.lstmLayerCount
        normalization = configuration.normalization.rawValue
        normalizesLevel = configuration.normalize
        samplingRate = configuration.samplingRate
        shortcutConvolution = configuration.usesConvolutionShortcut
        strides = configuration.upsamplingRatios
        let inspection = try files.inspect()
        parameters = Parameters(inspection.parameterCounts)
        weights = try Weights(files, inspection)
    }

    /// The description as lines of text.
    var table: String {
        let chunks = chunkSamples.map { "\($0) samples, every \(chunkStrideSamples ?? $0)" } ?? "none, any length"
        let rows: [(String, String)] = [
            ("codec", codec), ("configuration", configuration),
            ("rate", "\(samplingRate) Hz, \(channels) channel(s), \(causal ? "causal" : "not causal")"),
            ("frames", "\(Text.plain(framesPerSecond)) per second, \(hopLength) samples each"), ("chunks", chunks),
            (
                "bandwidths",
                bandwidths.map { "\(Text.plain($0.kbps)) kbps = \($0.codebooks)" }.joined(separator: ", ")
                    + " codebooks"
            ),
            ("codebook", "\(codebookSize) entries of \(latentSize) values"),
            (
                "network",
                "\(filters) filters, strides \(strides.map(String.init).joined(separator: " ")), \(lstmLayers) LSTM layers"
            ),
            ("normalisation", normalization + (normalizesLevel ? ", level of each chunk" : "")),
            (
                "parameters",
                "\(parameters.total): encoder \(parameters.encoder), decoder \(parameters.decoder), quantiser \(parameters.quantizer)"
            ),
            ("weights", weights.path),
            ("format", "\(weights.format), \(weights.dtypes.joined(separator: ", ")), \(weights.bytes) bytes"),
            ("weight norm", weights.weightNormSpelling), ("SHA-256", weights.sha256),
        ]
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 + "\n" }.joined()
    }
}

extension CodecDescription.Parameters {
    fileprivate init(_ counts: CodecInspection.ParameterCounts) {
        let total = counts.encoder + counts.decoder + counts.quantizer
        self.init(encoder: counts.encoder, decoder: counts.decoder, quantizer: counts.quantizer, total: total)
    }
}

extension CodecDescription.Weights {
    fileprivate init(_ files: CodecFiles, _ inspection: CodecInspection) throws {
        self.init(
            path: files.weightsPath, format: inspection.format, dtypes: inspection.elementTypes,
            bytes: inspection.weightsByteCount, sha256: try files.weightsDigest(),
            weightNormSpelling: inspection.weightNormSpelling.rawValue)
    }
}
