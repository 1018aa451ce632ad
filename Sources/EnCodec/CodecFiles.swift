internal import FoundationEssentials
internal import NeuralNetwork
internal import NumericCore

/// Where a codec's files lie: a folder as Hugging Face's `save_pretrained` writes it, given by path or by hub id.
public struct CodecFiles: Sendable, Equatable {
    /// What the user asked for.
    public let specification: String
    /// Path of config.json.
    public let configurationPath: String
    /// Path of model.safetensors or pytorch_model.bin.
    public let weightsPath: String
    /// SHA-256 of the weights where it was computed when they were found; 6 MB need not be read for it again.
    var knownDigest: String?

    /// Files that the caller has found.
    ///
    /// - Parameters:
    ///   - specification: What the user asked for.
    ///   - configurationPath: Path of a config.json.
    ///   - weightsPath: Path of safetensors or of a PyTorch state dict.
    public init(specification: String, configurationPath: String, weightsPath: String) {
        self.specification = specification
        self.configurationPath = configurationPath
        self.weightsPath = weightsPath
    }

    /// Finds a codec.
    ///
    /// - Parameters:
    ///   - specification: `mini`, the embedded codec (`./mini` is a folder); a folder with config.json and weights; or a
    ///     Hugging Face id such as `facebook/encodec_24khz` that is in the local hub cache.
    ///   - environment: HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME and HOME say where the hub cache is; nil means the
    ///     process's own.
    /// - Returns: The files; they exist.
    /// - Throws: ``EncodecError/noSuchCodec(specification:tried:)`` with every place that was looked at.
    public static func locate(
        _ specification: String, environment: [String: String]? = nil
    ) throws(EncodecError) -> CodecFiles {
        if specification == embeddedName { return try embedded() }
        let environment = environment ?? ProcessInfo.processInfo.environment
        var tried: [String] = []
        let folders = [specification] + hubSnapshots(specification, environment: environment)
        for folder in folders {
            let configuration = folder + "/config.json"
            let weights = ["model.safetensors", "pytorch_model.bin"].map { folder + "/" + $0 }
            if FileManager.default.fileExists(atPath: configuration),
                let found = weights.first(where: { FileManager.default.fileExists(atPath: $0) })
            {
                return CodecFiles(
                    specification: specification, configurationPath: configuration, weightsPath: found)
            }
            tried.append("'\(folder)'")
        }
        throw .noSuchCodec(specification: specification, tried: tried)
    }

    /// The hub cache's folder, by Hugging Face's rules.
    ///
    /// - Parameter environment: Environment variables.
    /// - Returns: A path; the folder need not exist.
    public static func hubCache(environment: [String: String]) -> String {
        if let cache = environment["HF_HUB_CACHE"], !cache.isEmpty { return cache }
        if let home = environment["HF_HOME"], !home.isEmpty { return home + "/hub" }
        let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return (cache ?? (environment["HOME"] ?? "") + "/.cache") + "/huggingface/hub"
    }

    /// Snapshot folders of a hub id, the one that `main` names first.
    private static func hubSnapshots(_ id: String, environment: [String: String]) -> [String] {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else { return [] }
        let model = hubCache(environment: environment) + "/models--\(parts[0])--\(parts[1])"
        let snapshots = model + "/snapshots"
        var names: [String] = []
        if let reference = FileManager.default.contents(atPath: model + "/refs/main") {
            let text = String(decoding: reference, as: UTF8.self)
            names.append(String(text.prefix { $0.isHexDigit }))
        }
        do {
            let others = try FileManager.default.contentsOfDirectory(atPath: snapshots)
            names += others.sorted().filter { !names.contains($0) }
        } catch {
            // No cache, or no snapshot of this model: the caller reports every place it looked at.
            return [snapshots]
        }
        return names.map { snapshots + "/" + $0 }
    }

    /// Reads the configuration.
    ///
    /// - Returns: The architecture.
    /// - Throws: ``EncodecError``.
    public func configuration() throws(EncodecError) -> EncodecConfiguration {
        try EncodecConfiguration(path: configurationPath)
    }

    /// Reads configuration and weights.
    ///
    /// - Returns: The model.
    /// - Throws: ``EncodecError`` that names the file and the field or tensor.
    public func load() throws(EncodecError) -> EncodecModel {
        try EncodecModel(configuration: configuration(), weights: weightSource())
    }

    /// The weights as tensors that are read when asked for.
    ///
    /// - Returns: A source; only names and shapes are read yet.
    /// - Throws: ``EncodecError/checkpoint(_:)``.
    public func weightSource() throws(EncodecError) -> WeightSource {
        let archive = try Self.wrap { () throws(CheckpointError) in try TensorArchive.open(path: weightsPath) }
        var shapes: [String: [Int]] = [:]
        for name in archive.names {
            shapes[name] = try Self.wrap { () throws(CheckpointError) in try archive.shape(of: name) }
        }
        return WeightSource(name: weightsPath, shapes: shapes) { name throws(EncodecError) in
            try Self.wrap { () throws(CheckpointError) in try archive.float32(name).elements }
        }
    }

    /// SHA-256 of the weights file, which identifies the codec in results.
    ///
    /// - Returns: 64 hexadecimal digits.
    /// - Throws: ``EncodecError/unreadable(path:reason:)``.
    public func weightsDigest() throws(EncodecError) -> String {
        if let knownDigest { return knownDigest }
        do { return try SHA256.hexadecimal(ofFile: weightsPath) } catch {
            throw .unreadable(path: weightsPath, reason: error.description)
        }
    }

    private static func wrap<Result>(_ body: () throws(CheckpointError) -> Result) throws(EncodecError) -> Result {
        do { return try body() } catch { throw .checkpoint(error) }
    }
}
