public import NeuralNetwork
public import NumericCore

/// What can go wrong with a codec's files or with what it is given.
public enum EncodecError: Error, Sendable, Equatable {
    /// Nothing usable stands at a codec specification.
    case noSuchCodec(specification: String, tried: [String])
    /// A file of the codec cannot be read.
    case unreadable(path: String, reason: String)
    /// The weights file cannot be opened, or a tensor in it not be read.
    case checkpoint(CheckpointError)
    /// A value of config.json is missing, of the wrong kind, or not supported.
    case badConfiguration(path: String, field: String, problem: String)
    /// A tensor that the architecture needs is not in the weights.
    case missingTensor(name: String, source: String)
    /// Tensors that the architecture does not know.
    case unknownTensors(names: [String], source: String)
    /// A tensor's shape differs from what the configuration says.
    case wrongShape(name: String, expected: [Int], found: [Int], source: String)
    /// A weight is NaN or infinite.
    case nonFiniteWeight(name: String, index: Int, source: String)
    /// The bandwidth is not one of the codec's.
    case unsupportedBandwidth(kbps: Double, supported: [Double])
    /// There is no audio to encode, or no frame to decode.
    case emptyInput(what: String)
    /// An audio sample is NaN or infinite.
    case nonFiniteSample(index: Int)
    /// The channel count does not fit the codec.
    case wrongChannelCount(found: Int, expected: Int)
    /// A code is outside the codebook.
    case codeOutOfRange(code: Int, codebook: Int, frame: Int, size: Int)
    /// More codebooks than the codec has, or none.
    case wrongCodebookCount(found: Int, available: Int)
    /// A chunk's scale is missing, superfluous or not a positive number.
    case badScale(chunk: Int, problem: String)
    /// Latents have the wrong width.
    case wrongLatentSize(found: Int, expected: Int)
    /// A file of codes cannot be read or written.
    case codeFile(ArrayFileError)
    /// A file of codes does not hold what codes of this codec need.
    case badCodeFile(path: String, problem: String)
}

extension EncodecError: CustomStringConvertible {
    /// One sentence: what, which value, what to do.
    public var description: String {
        switch self {
        case .noSuchCodec(let specification, let tried):
            "no codec '\(specification)': looked at \(tried.joined(separator: ", ")); "
                + "give a folder with config.json and model.safetensors, or a Hugging Face id that is in the local hub cache"
        case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
        case .checkpoint(let error): error.description
        case .badConfiguration(let path, let field, let problem):
            "'\(path)': \(field) \(problem); use the config.json of an EnCodec model of Hugging Face transformers"
        case .missingTensor(let name, let source):
            "'\(source)' has no tensor '\(name)', which its config.json asks for; the file is incomplete or of another model"
        case .unknownTensors(let names, let source):
            "'\(source)' has \(names.count) tensors that its config.json does not explain, the first is '\(names.first ?? "")'; "
                + "use weights and configuration of the same model"
        case .wrongShape(let name, let expected, let found, let source):
            "'\(source)': tensor '\(name)' has shape \(found), config.json asks for \(expected)"
        case .nonFiniteWeight(let name, let index, let source):
            "'\(source)': tensor '\(name)' is not finite at element \(index); the weights are damaged"
        case .unsupportedBandwidth(let kbps, let supported):
            "bandwidth \(kbps) kbps is not one of this codec's: \(supported.map { "\($0)" }.joined(separator: ", "))"
        case .emptyInput(let what): "no \(what): the input is empty"
        case .nonFiniteSample(let index):
            "audio sample \(index) is NaN or infinite; repair the file or cut that part out"
        case .wrongChannelCount(let found, let expected):
            "the audio has \(found) channels, the codec takes \(expected)"
        case .codeOutOfRange(let code, let codebook, let frame, let size):
            "code \(code) at codebook \(codebook), frame \(frame) is outside 0...\(size - 1)"
        case .wrongCodebookCount(let found, let available):
            "\(found) codebooks were given, this codec decodes from 1 to \(available)"
        case .badScale(let chunk, let problem): "chunk \(chunk): the scale \(problem)"
        case .codeFile(let error): error.description
        case .badCodeFile(let path, let problem): "'\(path)' \(problem)"
        case .wrongLatentSize(let found, let expected): "latents of \(found) values, this codec's have \(expected)"
        }
    }
}
