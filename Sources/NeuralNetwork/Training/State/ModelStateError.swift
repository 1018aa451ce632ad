/// Why a checkpoint does not fit a model.
public enum ModelStateError: Error, Equatable, Sendable {
    /// The file could not be opened or read.
    case checkpoint(CheckpointError)
    /// Tensors that the model needs are not in the file.
    case missing(path: String, names: [String])
    /// The file has tensors that the model does not know.
    case unexpected(path: String, names: [String])
    /// A tensor has another shape.
    case shape(path: String, name: String, expected: [Int], found: [Int])
    /// A counter is not a whole number of batches.
    case counter(path: String, name: String, found: Float)
}

extension ModelStateError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .checkpoint(let error): error.description
        case .missing(let path, let names):
            "\(path) lacks \(Self.summary(names)), which the model needs; give the checkpoint of this model, or the"
                + " options it was trained with."
        case .unexpected(let path, let names):
            "\(path) holds \(Self.summary(names)), which the model does not know; give the options it was trained with."
        case .shape(let path, let name, let expected, let found):
            "\(path): \(name) has the shape \(found) where the model has \(expected); give the widths it was trained"
                + " with."
        case .counter(let path, let name, let found):
            "\(path): \(name) is \(found), not a number of batches; make or fetch the file again."
        }
    }

    private static func summary(_ names: [String]) -> String {
        let shown = names.prefix(4).joined(separator: ", ")
        return names.count > 4 ? "\(shown) and \(names.count - 4) more tensors" : shown
    }
}
