internal import FoundationEssentials
internal import NeuralNetwork
internal import NumericCore

/// What a codec's files hold, beyond its configuration.
public struct CodecInspection: Sendable, Equatable {
    /// Numbers in the tensors of each part.
    public struct ParameterCounts: Sendable, Equatable {
        /// Parameters of the encoder.
        public let encoder: Int
        /// Parameters of the decoder.
        public let decoder: Int
        /// Entries of the codebooks.
        public let quantizer: Int
    }

    /// How weight-normed kernels are named.
    public enum WeightNormSpelling: String, Sendable {
        /// `weight_g` and `weight_v`.
        case legacy = "weight_g/weight_v"
        /// `parametrizations.weight.original0` and `original1`.
        case parametrizations = "parametrizations.weight.original0/1"
        /// The codec has no weight norm.
        case none
    }

    /// Numbers in the tensors of each part; lengths of weight-normed kernels count too.
    public let parameterCounts: ParameterCounts
    /// The weights file's format: `safetensors` or `torch`.
    public let format: String
    /// The kinds of number in the weights file, sorted.
    public let elementTypes: [String]
    /// How weight-normed kernels are named.
    public let weightNormSpelling: WeightNormSpelling
    /// Bytes of the weights file.
    public let weightsByteCount: Int
}

extension CodecFiles {
    /// Looks into the weights file; ``load()`` is what checks it.
    ///
    /// - Returns: What it holds.
    /// - Throws: ``EncodecError`` when a file cannot be read.
    public func inspect() throws(EncodecError) -> CodecInspection {
        let configuration = try configuration()
        let types: Set<String>
        let archive: TensorArchive
        do throws(CheckpointError) {
            archive = try TensorArchive.open(path: weightsPath)
            var found: Set<String> = []
            for name in archive.names { found.insert(try archive.elementType(of: name).rawValue) }
            types = found
        } catch { throw .checkpoint(error) }
        return CodecInspection(
            parameterCounts: configuration.parameterCounts, format: archive.format.rawValue,
            elementTypes: types.sorted(), weightNormSpelling: spelling(configuration, names: archive.names),
            weightsByteCount: try weightsByteCount())
    }

    /// Bytes of the weights file.
    ///
    /// - Returns: Its length.
    /// - Throws: ``EncodecError/unreadable(path:reason:)``.
    public func weightsByteCount() throws(EncodecError) -> Int {
        do throws(ArrayFileError) { return try ByteSource.open(path: weightsPath).count } catch {
            throw .unreadable(path: weightsPath, reason: error.description)
        }
    }

    private func spelling(_ configuration: EncodecConfiguration, names: [String]) -> CodecInspection.WeightNormSpelling
    {
        guard configuration.normalization == .weightNorm else { return .none }
        return names.contains { $0.hasSuffix(".weight_g") } ? .legacy : .parametrizations
    }

    /// Ids of the models in the hub cache that are EnCodec models by their config.json, sorted.
    ///
    /// - Parameter environment: Says where the cache is, as for ``locate(_:environment:)``.
    /// - Returns: Ids such as `facebook/encodec_24khz`; empty when there is no cache.
    public static func idsInHubCache(environment: [String: String]? = nil) -> [String] {
        let environment = environment ?? ProcessInfo.processInfo.environment
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: hubCache(environment: environment)) } catch {
            // No cache is an empty cache.
            return []
        }
        return names.sorted().compactMap { name in
            guard name.hasPrefix("models--") else { return nil }
            let parts = name.dropFirst("models--".count).split(separator: "--", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            let id = parts.joined(separator: "/")
            return isEncodec(id, environment: environment) ? id : nil
        }
    }

    /// Whether a hub id can be listed: other models' configurations are not EnCodec's, damaged ones are shown.
    private static func isEncodec(_ id: String, environment: [String: String]) -> Bool {
        do throws(EncodecError) {
            _ = try locate(id, environment: environment).configuration()
            return true
        } catch {
            switch error {
            case .noSuchCodec, .badConfiguration(_, "model_type", _): return false
            default: return true
            }
        }
    }
}

extension EncodecConfiguration {
    /// Numbers in the tensors of each part, lengths of weight-normed kernels included.
    public var parameterCounts: CodecInspection.ParameterCounts {
        func count(_ part: String) -> Int {
            tensors.filter { $0.name.hasPrefix(part) }.reduce(0) { $0 + $1.shape.reduce(1, *) }
        }
        return .init(encoder: count("encoder."), decoder: count("decoder."), quantizer: count("quantizer."))
    }
}
