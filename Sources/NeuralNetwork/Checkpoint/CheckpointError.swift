public import NumericCore

/// Why a checkpoint could not be opened or a tensor not be read.
public enum CheckpointError: Error, Equatable, Sendable {
    /// The file itself: missing, cut off, damaged, or an element that cannot be converted.
    case file(ArrayFileError)
    /// Neither safetensors nor a PyTorch zip; `start` is the first bytes in hexadecimal.
    case unknownFormat(path: String, start: String)
    /// PyTorch's format from before version 1.6.
    case legacyTorch(path: String)
    /// The pickle asks for something outside the list of harmless names.
    case refusedGlobal(path: String, name: String)
    /// The pickle uses an instruction outside the list of harmless ones.
    case refusedOpcode(path: String, code: UInt8, offset: Int)
    /// The pickle contradicts itself, or describes a tensor outside its storage.
    case malformedPickle(path: String, offset: Int, reason: String)
    /// No tensor has this name.
    case unknownTensor(path: String, name: String, available: [String])
}

extension CheckpointError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .unknownFormat(let path, let start):
            "\(path) starts with \(start) and is neither safetensors nor a PyTorch zip; give a file of one of these."
        case .legacyTorch(let path):
            "\(path) has PyTorch's format from before 1.6; load it in PyTorch and save it again with torch.save."
        case .refusedGlobal(let path, let name):
            "\(path) asks to call \(name), which a file of plain tensors does not need; save only the state_dict."
        case .refusedOpcode(let path, let code, let offset):
            "\(path): pickle instruction 0x\(String(code, radix: 16)) at byte \(offset) is refused;"
                + " save only the state_dict."
        case .malformedPickle(let path, let offset, let reason):
            "\(path) is damaged at byte \(offset) of its pickle: \(reason); make or fetch the file again."
        case .unknownTensor(let path, let name, let available):
            "\(path) has no tensor \"\(name)\"; it holds \(available.count), such as"
                + " \(available.prefix(4).joined(separator: ", "))."
        }
    }
}
