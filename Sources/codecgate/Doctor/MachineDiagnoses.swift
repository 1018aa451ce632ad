import AudioIO
import Foundation
import NumericCore
import Verification

/// What the machine and its libraries are.
enum MachineDiagnoses {
    /// Libraries, processor and build.
    static func all() -> [Diagnosis] { libraries() + [kernels(), blas(), build()] }

    private static func libraries() -> [Diagnosis] {
        let found = [SystemLibrary.fftw, .openBLAS, .zlib] + SystemLibrary.audio + [.libxml]
        return found.map { .ok($0.name, $0.version) }
    }

    private static func kernels() -> Diagnosis {
        let count = ProcessInfo.processInfo.activeProcessorCount
        let text = "\(KernelLevel.best.rawValue) kernels, \(count) processor\(count == 1 ? "" : "s")"
        guard KernelLevel.best == .plain else { return .ok("processor", text) }
        return .note(
            "processor", text,
            "results are exact but several times slower; use a processor with AVX2 for long films")
    }

    private static func blas() -> Diagnosis {
        let threads = BLASRuntime.threadCount
        return .ok("BLAS core", "\(BLASRuntime.coreName), \(threads) thread\(threads == 1 ? "" : "s")")
    }

    private static func build() -> Diagnosis {
        #if DEBUG
            .note(
                "build", "codecgate \(Codecgate.version), debug",
                "times mean nothing; use swift build -c release --product codecgate")
        #else
            .ok("build", "codecgate \(Codecgate.version), release")
        #endif
    }
}
