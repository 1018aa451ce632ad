import ArgumentParser
import AudioIO
import Autoencoder
import EnCodec
import FeaturePipeline
import Glibc
import NeuralNetwork
import NumericCore
import Verification
import VerificationSuite

/// What only the command line can find wrong.
enum CommandError: Error {
    /// The request is impossible.
    case usage(String)
    /// The input's contents do not allow what was asked for.
    case badInput(String)
    /// Nothing stands where an input should.
    case noInput(String)
    /// The output cannot be written.
    case unwritable(String)
}

/// The one place where errors become exit codes.
enum Failure {
    /// Exit codes, after BSD's sysexits.h.
    enum Status: Int32 {
        case usage = 64
        case badData = 65
        case noInput = 66
        case defect = 70
        case inputOutput = 74
    }

    /// Prints one sentence and ends the program.
    static func exit(with error: any Error) -> Never {
        if error is Interruption { Interruption.endProcess() }
        if let status = status(of: error) { exit(saying: sentence(of: error), status) }
        // Usage errors, requests for help and chosen exit codes are ArgumentParser's business; the rest should not happen.
        guard error is ExitCode || Codecgate.exitCode(for: error) != .failure else {
            exit(saying: "unexpected failure (\(error)); this is a defect of codecgate, please report it.", .defect)
        }
        Codecgate.exit(withError: error)
    }

    private static func exit(saying sentence: String, _ status: Status) -> Never {
        StandardStreams.error("Error: \(sentence)\n")
        Glibc.exit(status.rawValue)
    }

    /// The error's own sentence, with one full stop at its end.
    static func sentence(of error: any Error) -> String {
        let text =
            switch error {
            case CommandError.usage(let text), CommandError.badInput(let text), CommandError.noInput(let text),
                CommandError.unwritable(let text):
                text
            // The library knows no command line, whose user is helped most by a command.
            case EncodecError.noSuchCodec(let name, _) where CodecFetch.isIdentifier(name):
                "\(error); codecgate codec fetch \(name) brings it there"
            default: "\(error)"
            }
        return text.hasSuffix(".") ? text : text + "."
    }

    private static func status(of error: any Error) -> Status? {
        switch error {
        case let error as CommandError: status(error)
        case let error as AudioFileError: status(error)
        case let error as EncodecError: status(error)
        case let error as ArrayFileError: status(error)
        case let error as AlignmentError: status(error)
        case let error as CheckpointError: status(error)
        case let error as HubError: error.status
        case let error as FeatureError: status(error)
        case let error as ResultsError: status(error)
        case let error as FilmError: status(error)
        case let error as TrainingError: status(error)
        case is NotMeasurable: .badData
        case is GateFileError: .usage
        case is MergeError: .badData
        case is JUnitError: .inputOutput
        default: nil
        }
    }

    private static func status(_ error: CommandError) -> Status {
        switch error {
        case .usage: .usage
        case .badInput: .badData
        case .noInput: .noInput
        case .unwritable: .inputOutput
        }
    }

    private static func status(_ error: FilmError) -> Status {
        switch error {
        case .tooShort, .badLabels: .badData
        case .system: .inputOutput
        }
    }

    private static func status(_ error: ResultsError) -> Status {
        switch error {
        case .missing: .noInput
        case .otherSchema, .malformed, .otherRun: .badData
        case .unreadable, .busy, .system: .inputOutput
        }
    }

    private static func status(_ error: AudioFileError) -> Status {
        switch error.category {
        case .missingInput: .noInput
        case .badInput: .badData
        case .inputOutput: .inputOutput
        case .usage: .usage
        }
    }

    private static func status(_ error: EncodecError) -> Status {
        switch error {
        case .noSuchCodec: .noInput
        case .unreadable: .inputOutput
        case .unsupportedBandwidth: .usage
        case .checkpoint(let error): status(error)
        case .codeFile(let error): status(error)
        case .badConfiguration, .missingTensor, .unknownTensors, .wrongShape, .nonFiniteWeight, .emptyInput,
            .nonFiniteSample, .wrongChannelCount, .codeOutOfRange, .wrongCodebookCount, .badScale, .wrongLatentSize,
            .badCodeFile:
            .badData
        }
    }

    private static func status(_ error: AlignmentError) -> Status {
        switch error {
        case .repetitionTimeOutOfRange, .impossibleLength: .usage
        case .arrayFile(let error): status(error)
        case .wrongShape, .codeOutOfRange, .wrongKind, .inconsistentModalities: .badData
        }
    }

    private static func status(_ error: FeatureError) -> Status {
        switch error {
        case .badRequest: .usage
        case .file(let error): status(error)
        case .cacheMissing: .noInput
        case .badManifest, .badMetadata, .badArray, .cacheMismatch, .cacheDamaged, .signal: .badData
        }
    }

    private static func status(_ error: TrainingError) -> Status {
        switch error {
        case .setting, .otherRun, .alreadyThere: .usage
        case .features, .diverged, .badNotes, .configuration, .input: .badData
        case .state(.checkpoint(let error)): status(error)
        case .state: .badData
        case .dataset(let error): status(error)
        case .file(let error): status(error)
        }
    }

    private static func status(_ error: CheckpointError) -> Status {
        switch error {
        case .file(let error): status(error)
        case .unknownFormat, .legacyTorch, .refusedGlobal, .refusedOpcode, .malformedPickle, .unknownTensor: .badData
        }
    }

    private static func status(_ error: ArrayFileError) -> Status {
        switch error {
        case .system("open", _, ENOENT), .system("open", _, ENOTDIR): .noInput
        case .system: .inputOutput
        case .notAFile, .truncated, .malformed, .unsupported, .missing, .checksum, .inexact: .badData
        }
    }
}
