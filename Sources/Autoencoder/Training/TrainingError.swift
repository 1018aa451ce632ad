public import FeaturePipeline
public import NeuralNetwork
public import NumericCore

/// Why a model could not be trained or judged.
public enum TrainingError: Error, Equatable, Sendable {
    /// A setting without meaning.
    case setting(name: String, value: String, remedy: String)
    /// Features that this kind of model cannot be trained on.
    case features(problem: String)
    /// A loss became NaN or infinite; `epoch` and `step` count from 1.
    case diverged(modality: String, epoch: Int, step: Int)
    /// The folder holds the checkpoint of another run; `differences` name what is not the same.
    case otherRun(path: String, differences: [String])
    /// The folder holds a run already.
    case alreadyThere(path: String)
    /// A checkpoint whose notes cannot be read.
    case badNotes(path: String, problem: String)
    /// The configuration describes no model.
    case configuration(ModelConfigurationError)
    /// The features do not fit the model.
    case input(ModelInputError)
    /// The checkpoint does not fit the model, or cannot be read.
    case state(ModelStateError)
    /// The data set could not be made.
    case dataset(FeatureError)
    /// A file could not be read or written.
    case file(ArrayFileError)
}

extension TrainingError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .setting(let name, let value, let remedy): "The \(name) is \(value); \(remedy)."
        case .features(let problem): problem
        case .diverged(let modality, let epoch, let step):
            "The \(modality) loss is not finite in epoch \(epoch), step \(step); train with a lower learning rate."
        case .otherRun(let path, let differences):
            "'\(path)' is of a run with other \(differences.joined(separator: " and ")); resume with the same ones, or"
                + " train into another folder."
        case .alreadyThere(let path):
            "'\(path)' holds a run already; resume it or train into another folder."
        case .badNotes(let path, let problem): "'\(path)' is no checkpoint of this program: \(problem); train again."
        case .configuration(let error): error.description
        case .input(let error): error.description
        case .state(let error): error.description
        case .dataset(let error): error.description
        case .file(let error): error.description
        }
    }

    static func wrap<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result, _ kind: (Failure) -> TrainingError
    ) throws(TrainingError) -> Result {
        do { return try body() } catch { throw kind(error) }
    }
}
