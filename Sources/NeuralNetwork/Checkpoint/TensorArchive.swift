public import NumericCore

/// Named tensors in a file: `.safetensors`, or what `torch.save(module.state_dict())` wrote.
///
/// The format is told by content, not by the name of the file. Opening reads only names and shapes; a tensor is read
/// when asked for. Nothing in the file is ever executed. The value may be shared between tasks.
public struct TensorArchive: Sendable {
    /// The two formats.
    public enum Format: String, Sendable {
        /// Header in JSON, then raw tensors.
        case safetensors
        /// A zip of a pickle and one member a storage.
        case torch
    }

    /// Path it was opened from.
    public let path: String
    /// Names of the tensors, sorted; nested dictionaries, lists and tuples are joined by dots (`model.0.weight`).
    public let names: [String]
    /// The format found.
    public var format: Format {
        switch backing {
        case .safetensors: .safetensors
        case .torch: .torch
        }
    }
    /// The texts under `__metadata__` of a safetensors file; empty for PyTorch.
    public var metadata: [String: String] {
        switch backing {
        case .safetensors(let file): file.metadata
        case .torch: [:]
        }
    }

    private enum Backing: Sendable {
        case safetensors(SafetensorsFile)
        case torch(TorchArchive)
    }

    private let backing: Backing

    private init(path: String, names: [String], backing: Backing) {
        self.path = path
        self.names = names
        self.backing = backing
    }

    /// Opens a file and checks its directory of tensors.
    ///
    /// - Parameter path: The file.
    /// - Returns: The archive.
    /// - Throws: `CheckpointError`.
    public static func open(path: String) throws(CheckpointError) -> TensorArchive {
        try open(CheckpointError.wrap { () throws(ArrayFileError) in try ByteSource.open(path: path) })
    }

    /// Opens a file or buffer.
    ///
    /// - Parameter source: The bytes.
    /// - Returns: The archive.
    /// - Throws: `CheckpointError`.
    package static func open(_ source: ByteSource) throws(CheckpointError) -> TensorArchive {
        let path = source.path
        let start = try CheckpointError.wrap { () throws(ArrayFileError) in
            try source.read(at: 0, count: min(16, source.count), part: "the start of the file")
        }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            let archive = try TorchArchive(source)
            return TensorArchive(path: path, names: archive.names, backing: .torch(archive))
        }
        if start.starts(with: TorchArchive.legacyMagic) { throw .legacyTorch(path: path) }
        guard start.count > 8, start[8] == UInt8(ascii: "{") else {
            throw .unknownFormat(path: path, start: start.isEmpty ? "nothing" : hexadecimal(start))
        }
        let file = try CheckpointError.wrap { () throws(ArrayFileError) in try SafetensorsFile(source) }
        return TensorArchive(path: path, names: file.names, backing: .safetensors(file))
    }

    /// The extents of a tensor.
    ///
    /// - Parameter name: One of `names`.
    /// - Returns: Extents, outermost first; empty for a scalar.
    /// - Throws: `CheckpointError.unknownTensor`.
    public func shape(of name: String) throws(CheckpointError) -> [Int] {
        try requireKnown(name)
        switch backing {
        case .safetensors(let file):
            return try CheckpointError.wrap { () throws(ArrayFileError) in try file.shape(of: name) }
        case .torch(let archive): return try archive.view(name).shape
        }
    }

    /// The kind of number a tensor is stored as.
    ///
    /// - Parameter name: One of `names`.
    /// - Returns: The kind, before any conversion.
    /// - Throws: `CheckpointError.unknownTensor`.
    public func elementType(of name: String) throws(CheckpointError) -> ArrayElementType {
        try requireKnown(name)
        switch backing {
        case .safetensors(let file):
            return try CheckpointError.wrap { () throws(ArrayFileError) in try file.elementType(of: name) }
        case .torch(let archive): return try archive.view(name).storage.elementType
        }
    }

    /// Reads a tensor as `Float`, row-major.
    ///
    /// - Parameter name: One of `names`.
    /// - Returns: Its values; doubles are rounded to nearest as `.float()` does in PyTorch, all else is exact.
    /// - Throws: `CheckpointError`; `.file(.inexact)` for integers, and finite doubles too large, for `Float`.
    public func float32(_ name: String) throws(CheckpointError) -> Tensor<Float> {
        try requireKnown(name)
        switch backing {
        case .safetensors(let file):
            return try CheckpointError.wrap { () throws(ArrayFileError) in try file.float32(name) }
        case .torch(let archive): return try archive.float32(name)
        }
    }

    private func requireKnown(_ name: String) throws(CheckpointError) {
        let isKnown =
            switch backing {
            case .safetensors(let file): file.contains(name)
            case .torch(let archive): archive.contains(name)
            }
        guard isKnown else { throw .unknownTensor(path: path, name: name, available: names) }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}

extension CheckpointError {
    /// Runs `body` and wraps what the file layer throws.
    ///
    /// - Parameter body: Calls into NumericCore.
    /// - Returns: What `body` returns.
    /// - Throws: `CheckpointError.file`.
    static func wrap<Result>(
        _ body: () throws(ArrayFileError) -> Result
    ) throws(CheckpointError) -> Result {
        do { return try body() } catch { throw .file(error) }
    }
}
