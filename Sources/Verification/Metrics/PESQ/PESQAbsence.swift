/// Why no Python module computes PESQ here.
public enum PESQAbsence: Error, Sendable, Equatable {
    /// Neither `pesqc2` nor `pesq` is installed for the interpreter.
    case missing(python: String)
    /// A module is there and does not load; the last line that Python printed.
    case broken(module: String, python: String, String)
    /// The interpreter does not start.
    case noInterpreter(python: String, String)

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .missing(let python):
            "install the Python module pesq where \(python) finds it, or name a program with metrics --pesq"
        case .broken(let module, _, let message):
            // The wheels of pesq 0.0.4 are built for NumPy 1.
            message.contains("numpy")
                ? "install numpy<2 beside \(module), in an environment of its own, and name its python3 with --pesq"
                : "repair the module \(module), or name another interpreter with --pesq"
        case .noInterpreter: "install python3, or name an interpreter or a program with metrics --pesq"
        }
    }
}

extension PESQAbsence: CustomStringConvertible {
    /// One clause without a full stop.
    public var description: String {
        switch self {
        case .missing(let python): "\(python) has neither pesqc2 nor pesq, so PESQ is not measured"
        case .broken(let module, let python, let message):
            "\(module) of \(python) does not load (\(message)), so PESQ is not measured"
        case .noInterpreter(let python, let message):
            "\(python) does not start (\(message)), so PESQ is not measured"
        }
    }
}
