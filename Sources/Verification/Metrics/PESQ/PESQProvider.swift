/// A program that computes PESQ and that the user has installed; this package holds no PESQ code.
///
/// The licence of the ITU's reference program allows testing with it, not passing it on. Without a provider the result is
/// "not measured", never a number.
public struct PESQProvider: Sendable, Equatable {
    /// What is called.
    public enum Program: Sendable, Equatable {
        /// The Python module `pesq` of this interpreter: wide band before Corrigendum 2.
        case pesqModule(python: String)
        /// The Python module `pesqc2` of this interpreter: wide band after Corrigendum 2.
        case pesqc2Module(python: String)
        /// A program that takes rate, reference and test WAV, such as the ITU's: its last number is the score.
        case binary(path: String)
    }

    /// What is called.
    public let program: Program
    /// Seconds a call may take.
    public let timeLimitSeconds: Double

    /// Names a provider without looking whether it works.
    ///
    /// - Parameters:
    ///   - program: What is called.
    ///   - timeLimitSeconds: Above 0; after it the program is stopped and the measurement failed.
    public init(_ program: Program, timeLimitSeconds: Double = 60) {
        precondition(timeLimitSeconds > 0, "a time limit of \(timeLimitSeconds) s")
        self.program = program
        self.timeLimitSeconds = timeLimitSeconds
    }

    /// The first provider that answers: `pesqc2`, then `pesq`.
    ///
    /// - Parameter python: Name or path of the interpreter to ask.
    /// - Returns: A provider, or nil where neither module can be imported.
    public static func find(python: String = "python3") -> PESQProvider? { try? search(python: python).get() }

    /// The first provider that answers, or what each one said.
    ///
    /// - Parameter python: Name or path of the interpreter to ask.
    /// - Returns: A provider, or why there is none: an installed module that does not load, as one built for another
    ///   NumPy does not, is told from a missing one.
    public static func search(python: String = "python3") -> Result<PESQProvider, PESQAbsence> {
        var absence = PESQAbsence.missing(python: python)
        for (module, program) in [
            ("pesqc2", Program.pesqc2Module(python: python)), ("pesq", .pesqModule(python: python)),
        ] {
            switch Subprocess.run([python, "-c", "import numpy, \(module)"], timeLimitSeconds: 30) {
            case .exited(code: 0, _, _): return .success(PESQProvider(program))
            case .exited(let code, _, let errors):
                let line = errors.split(separator: "\n").last.map(String.init) ?? "no message"
                if code == 127 { return .failure(.noInterpreter(python: python, line)) }
                if !line.contains("No module named") { absence = .broken(module: module, python: python, line) }
            case .notStarted(let text): return .failure(.noInterpreter(python: python, text))
            case .timedOut: absence = .broken(module: module, python: python, "no answer within 30 s")
            }
        }
        return .failure(absence)
    }

    /// The metric's id, which names the variant.
    public var metricID: String {
        switch program {
        case .pesqModule: "pesq.wb.p862_2.pre_cor2@16k"
        case .pesqc2Module: "pesq.wb.p862_2.cor2@16k"
        case .binary: "pesq.wb.p862_2.external_binary@16k"
        }
    }

    /// PESQ by a provider, or a metric that always says that there is none.
    ///
    /// - Parameter provider: Such as `find()` gives.
    /// - Returns: A metric for segments of 0.25 to 20 s at 16 kHz; other rates and lengths are refused with a reason.
    public static func metric(_ provider: PESQProvider?) -> Metric {
        let descriptor = MetricDescriptor(
            id: provider?.metricID ?? "pesq.wb@16k", title: "PESQ", unit: "MOS", direction: .higherIsBetter,
            range: -0.5...4.7, validInput: "speech at 16 kHz, segments of 8 to 12 s cut at pauses",
            blindSpots: "above 7 kHz, gain, music", source: "ITU-T P.862.2 by a program of the user's")
        return Metric(descriptor, minimumCount: { $0 / 4 }) { pair in
            guard let provider else {
                return .notApplicable(
                    .noProvider("no PESQ program was found; install the Python module pesq or name a program"))
            }
            guard pair.sampleRate == 16000 else {
                return .notApplicable(.unsupportedRate(pair.sampleRate, needed: "16000 Hz"))
            }
            guard pair.commonCount <= 20 * pair.sampleRate else {
                return .notApplicable(.tooLong(sampleCount: pair.commonCount, most: 20 * pair.sampleRate))
            }
            return provider.score(pair)
        }
    }

    private func score(_ pair: AudioPair) -> MetricResult {
        let scratch: ScratchFiles
        switch ScratchFiles.write(pair, asWAV: isBinary) {
        case .success(let files): scratch = files
        case .failure(let problem): return .failed(.providerFailed(problem.description))
        }
        defer { scratch.remove() }
        let outcome = Subprocess.run(arguments(scratch), timeLimitSeconds: timeLimitSeconds)
        switch outcome {
        case .notStarted(let text): return .failed(.providerFailed("the PESQ program did not start: \(text)"))
        case .timedOut: return .failed(.providerFailed("the PESQ program ran longer than \(timeLimitSeconds) s"))
        case .exited(let code, let output, let errors):
            // The last number printed is the score in every program that is known.
            let words = output.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "=" }
            if code == 0, let number = words.last.flatMap({ Double($0) }) { return .value(number) }
            let hint = errors.split(separator: "\n").last.map(String.init) ?? "no message"
            return .failed(.providerFailed("the PESQ program ended with code \(code): \(hint)"))
        }
    }

    private var isBinary: Bool {
        if case .binary = program { return true }
        return false
    }

    private func arguments(_ files: ScratchFiles) -> [String] {
        let script = { (module: String) in
            "import sys, numpy, \(module); r, t = (numpy.fromfile(p, dtype='<f4') for p in sys.argv[1:3]); "
                + "print(float(\(module).pesq(16000, r, t, 'wb')))"
        }
        return switch program {
        case .pesqModule(let python): [python, "-c", script("pesq"), files.reference, files.test]
        case .pesqc2Module(let python): [python, "-c", script("pesqc2"), files.reference, files.test]
        case .binary(let path): [path, "+16000", "+wb", files.reference, files.test]
        }
    }
}
