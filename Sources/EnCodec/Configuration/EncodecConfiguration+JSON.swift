internal import FoundationEssentials
internal import NeuralNetwork

extension EncodecConfiguration {
    /// The fields of config.json that matter here; absent ones take Hugging Face's defaults.
    private struct File: Decodable {
        var targetBandwidths: [Double]?
        var samplingRate: Int?
        var audioChannels: Int?
        var normalize: Bool?
        var chunkLengthS: Double?
        var overlap: Double?
        var hiddenSize: Int?
        var numFilters: Int?
        var numResidualLayers: Int?
        var upsamplingRatios: [Int]?
        var normType: String?
        var kernelSize: Int?
        var lastKernelSize: Int?
        var residualKernelSize: Int?
        var dilationGrowthRate: Int?
        var useCausalConv: Bool?
        var padMode: String?
        var compress: Int?
        var numLstmLayers: Int?
        var trimRightRatio: Double?
        var codebookSize: Int?
        var codebookDim: Int?
        var useConvShortcut: Bool?
        var modelType: String?

        enum CodingKeys: String, CodingKey {
            case targetBandwidths = "target_bandwidths"
            case samplingRate = "sampling_rate"
            case audioChannels = "audio_channels"
            case normalize
            case chunkLengthS = "chunk_length_s"
            case overlap
            case hiddenSize = "hidden_size"
            case numFilters = "num_filters"
            case numResidualLayers = "num_residual_layers"
            case upsamplingRatios = "upsampling_ratios"
            case normType = "norm_type"
            case kernelSize = "kernel_size"
            case lastKernelSize = "last_kernel_size"
            case residualKernelSize = "residual_kernel_size"
            case dilationGrowthRate = "dilation_growth_rate"
            case useCausalConv = "use_causal_conv"
            case padMode = "pad_mode"
            case compress
            case numLstmLayers = "num_lstm_layers"
            case trimRightRatio = "trim_right_ratio"
            case codebookSize = "codebook_size"
            case codebookDim = "codebook_dim"
            case useConvShortcut = "use_conv_shortcut"
            case modelType = "model_type"
        }
    }

    /// Reads config.json.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``EncodecError`` when it cannot be read, is not JSON, or describes a model that cannot be run.
    public init(path: String) throws(EncodecError) {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw .unreadable(path: path, reason: "the file does not exist or is not readable")
        }
        try self.init(json: Array(data), path: path)
    }

    /// Understands the text of a config.json.
    ///
    /// - Parameters:
    ///   - json: UTF-8 text.
    ///   - path: Where it came from, for errors.
    /// - Throws: ``EncodecError`` when it is not JSON, or describes a model that cannot be run.
    public init(json: [UInt8], path: String) throws(EncodecError) {
        let file: File
        do { file = try JSONDecoder().decode(File.self, from: Data(json)) } catch let error as DecodingError {
            throw .badConfiguration(path: path, field: Self.field(of: error), problem: "cannot be understood")
        } catch {
            throw .badConfiguration(path: path, field: "the JSON text", problem: "cannot be understood")
        }
        self.init()
        try apply(file, path: path)
        if let problem = firstProblem(codebookDimension: file.codebookDim) {
            throw .badConfiguration(path: path, field: problem.field, problem: problem.text)
        }
    }

    private static func field(of error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context.codingPath.last.map { "field '\($0.stringValue)'" } ?? "the JSON text"
        @unknown default: "the JSON text"
        }
    }

    private mutating func apply(_ file: File, path: String) throws(EncodecError) {
        if let type = file.modelType, type != "encodec" {
            throw .badConfiguration(path: path, field: "model_type", problem: "is '\(type)', not 'encodec'")
        }
        if let name = file.normType {
            guard let known = Normalization(rawValue: name) else {
                throw .badConfiguration(path: path, field: "norm_type", problem: "'\(name)' is not known")
            }
            normalization = known
        }
        if let name = file.padMode {
            guard let known = PaddingMode(rawValue: name) else {
                throw .badConfiguration(path: path, field: "pad_mode", problem: "'\(name)' is not known")
            }
            paddingMode = known
        }
        applyNumbers(file)
    }

    private mutating func applyNumbers(_ file: File) {
        func take<Value>(_ value: Value?, _ field: WritableKeyPath<Self, Value>) {
            if let value { self[keyPath: field] = value }
        }
        take(file.targetBandwidths, \.targetBandwidths)
        take(file.samplingRate, \.samplingRate)
        take(file.audioChannels, \.audioChannels)
        take(file.normalize, \.normalize)
        chunkSeconds = file.chunkLengthS
        overlap = file.overlap
        take(file.hiddenSize, \.hiddenSize)
        take(file.numFilters, \.filterCount)
        take(file.numResidualLayers, \.residualLayerCount)
        take(file.upsamplingRatios, \.upsamplingRatios)
        take(file.kernelSize, \.kernelSize)
        take(file.lastKernelSize, \.lastKernelSize)
        take(file.residualKernelSize, \.residualKernelSize)
        take(file.dilationGrowthRate, \.dilationGrowthRate)
        take(file.useCausalConv, \.isCausal)
        take(file.compress, \.compress)
        take(file.numLstmLayers, \.lstmLayerCount)
        take(file.trimRightRatio, \.trimRightRatio)
        take(file.codebookSize, \.codebookSize)
        take(file.useConvShortcut, \.usesConvolutionShortcut)
    }

    /// The first value that no model can have or that this program does not run.
    private func firstProblem(codebookDimension: Int?) -> (field: String, text: String)? {
        let sizes: [(String, Int, ClosedRange<Int>)] = [
            ("sampling_rate", samplingRate, 1...1_000_000), ("audio_channels", audioChannels, 1...2),
            ("hidden_size", hiddenSize, 1...4096), ("num_filters", filterCount, 1...1024),
            ("num_residual_layers", residualLayerCount, 1...8), ("kernel_size", kernelSize, 1...63),
            ("last_kernel_size", lastKernelSize, 1...63), ("residual_kernel_size", residualKernelSize, 1...63),
            ("dilation_growth_rate", dilationGrowthRate, 1...8), ("num_lstm_layers", lstmLayerCount, 1...8),
            ("compress", compress, 1...filterCount), ("codebook_size", codebookSize, 2...65536),
            ("upsampling_ratios' count", upsamplingRatios.count, 1...8),
        ]
        for (field, value, range) in sizes where !range.contains(value) {
            return (field, "is \(value), outside \(range.lowerBound)...\(range.upperBound)")
        }
        if let ratio = upsamplingRatios.first(where: { !(1...64).contains($0) }) {
            return ("upsampling_ratios", "contains \(ratio), outside 1...64")
        }
        return firstStructuralProblem(codebookDimension: codebookDimension)
    }

    private func firstStructuralProblem(codebookDimension: Int?) -> (field: String, text: String)? {
        if !codebookSize.isPowerOfTwo { return ("codebook_size", "is \(codebookSize), not a power of two") }
        if let codebookDimension, codebookDimension != hiddenSize {
            return ("codebook_dim", "is \(codebookDimension), but hidden_size is \(hiddenSize)")
        }
        if !innermostChannelCount.isMultiple(of: 16) || innermostChannelCount > 65536 {
            return ("num_filters", "gives an LSTM of \(innermostChannelCount) units, not a multiple of 16 up to 65536")
        }
        if targetBandwidths.isEmpty || targetBandwidths != targetBandwidths.sorted()
            || !targetBandwidths.allSatisfy({ $0 > 0 && $0 < 10_000 })
        {
            return ("target_bandwidths", "is \(targetBandwidths), not an ascending list of positive numbers")
        }
        if !(1...1024).contains(codebookCount) {
            return ("target_bandwidths", "gives \(codebookCount) codebooks, outside 1...1024")
        }
        if let chunkSeconds, !(chunkSeconds > 0 && chunkSeconds < 3600) || overlap == nil {
            return ("chunk_length_s", "is \(chunkSeconds) with overlap \(overlap.map { "\($0)" } ?? "missing")")
        }
        if let overlap, !(overlap >= 0 && overlap < 1) { return ("overlap", "is \(overlap), outside 0..<1") }
        if !(0...1).contains(trimRightRatio) || (!isCausal && trimRightRatio != 1) {
            return ("trim_right_ratio", "is \(trimRightRatio)")
        }
        return nil
    }
}

extension Int {
    fileprivate var isPowerOfTwo: Bool { self > 0 && nonzeroBitCount == 1 }
}
