import Foundation

/// Other implementations in a Python process that stays alive for the whole run: the programs in Benchmarks.
final class PeerProcess {
    /// A peer could not do what was asked; the reason is one sentence without a full stop.
    struct Failure: Error {
        let reason: String
    }

    /// Which program, and what it needs.
    enum Script: String {
        case encodec = "peer.py"
        case metrics = "metrics_peer.py"
        case convolution = "hrf_peer.py"
        case signal = "signal_peer.py"
        case models = "models_peer.py"

        /// The file in the same folder that says what to install.
        var requirements: String {
            switch self {
            case .encodec, .convolution, .signal, .models: "requirements.txt"
            case .metrics: "requirements-metrics.txt"
            }
        }
    }

    /// What the program is asked; fields that an action does not need are nil.
    struct Request: Encodable {
        var `do`: String
        var engine: String?
        var direction: String?
        var threads: Int?
        var path: String?
        var folder: String?
        var samples: String?
        var codes: String?
        var codebooks: Int?
        var bandwidth: Double?
        var engines: [String]?
        var scratch: String?
        var rows: Int?
        var columns: Int?
        var taps: [Double]?
        var metric: String?
        var reference: String?
        var test: String?
        var rate: Int?
    }

    /// What it answers.
    struct Answer: Decodable {
        var error: String?
        var seconds: Double?
        var value: Double?
        var problems: [String: String]?
        var versions: [String: String]?
    }

    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var received = Data()
    private let remedy: String

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - program: Which one.
    ///   - python: A Python by name or path.
    ///   - environment: Variables that replace the inherited ones of the same name.
    ///   - log: File that receives what the libraries print.
    /// - Throws: `Failure` when the program or Python is not there.
    init(
        _ program: Script = .encodec, python: String, environment: [String: String] = [:], log: URL
    ) throws(Failure) {
        guard let script = Self.path(of: program) else {
            throw Failure(
                reason: "Benchmarks/\(program.rawValue) is not above this program; run it inside the checkout")
        }
        remedy = "\(python) -m pip install -r \(script.deletingLastPathComponent().path)/\(program.requirements)"
        signal(SIGPIPE, SIG_IGN)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, script.path]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = requests
        process.standardOutput = answers
        do {
            try Data().write(to: log)
            process.standardError = try FileHandle(forWritingTo: log)
            try process.run()
        } catch {
            throw Failure(reason: "'\(python)' cannot be started: \(error.localizedDescription)")
        }
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    /// Number of the process.
    var identifier: Int32 { process.processIdentifier }

    /// The sentence's end that says how to install what is missing.
    var installation: String { "install with: \(remedy)" }

    /// Asks for one thing and waits for the answer.
    ///
    /// - Throws: `Failure` with what the program said, or that it ended; `Interruption`.
    func ask(_ request: Request) throws -> Answer {
        do {
            try requests.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(request) + Data("\n".utf8))
        } catch {
            try Interruption.check()
            throw Failure(reason: "the Python program ended early; \(installation)")
        }
        let answer: Answer
        do { answer = try JSONDecoder().decode(Answer.self, from: try line()) } catch let error as DecodingError {
            throw Failure(reason: "the Python program gave an answer that is not understood (\(error))")
        }
        if let error = answer.error { throw Failure(reason: error) }
        return answer
    }

    private func line() throws -> Data {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = received[..<end]
                received = Data(received[(end + 1)...])
                return Data(line)
            }
            let more = answers.fileHandleForReading.availableData
            try Interruption.check()
            guard !more.isEmpty else {
                throw Failure(reason: "the Python program does not start or ended early; \(installation)")
            }
            received += more
        }
    }

    /// The program's file in the nearest folder above this program, or above the working directory.
    private static func path(of program: Script) -> URL? {
        let starts = [
            URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath(),
            URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
        ]
        for start in starts {
            var folder = start
            while folder.path != "/" {
                let script = folder.appendingPathComponent("Benchmarks/\(program.rawValue)")
                if FileManager.default.fileExists(atPath: script.path) { return script }
                folder = folder.deletingLastPathComponent()
            }
        }
        return nil
    }
}
