import Foundation
import NumericCore

/// Where a benchmark ran.
struct BenchEnvironment: Encodable {
    /// OpenBLAS' kernel set.
    let blasCore: String
    /// Whether the user's environment forces that set, by OPENBLAS_CORETYPE; the processor's own may be faster.
    let blasCoreIsForced: Bool
    let cores: Int
    let cpu: String
    let kernelLevel: String
    let optimizedBuild: Bool
    let system: String
    var versions: [String: String] = [:]

    /// Describes this machine and this program.
    init() {
        let cpuLines = Self.lines("/proc/cpuinfo")
        cpu =
            cpuLines.first { $0.hasPrefix("model name") }?
            .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
        blasCore = BLASRuntime.coreName
        blasCoreIsForced = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"].map { !$0.isEmpty } ?? false
        cores = ProcessInfo.processInfo.activeProcessorCount
        kernelLevel = KernelLevel.best.rawValue
        system = ProcessInfo.processInfo.operatingSystemVersionString
        #if DEBUG
            optimizedBuild = false
        #else
            optimizedBuild = true
        #endif
    }

    /// One or two lines of text.
    var text: String {
        let packages = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let warning = optimizedBuild ? "" : "; DEBUG BUILD, times mean nothing: use swift build -c release"
        let forced = blasCoreIsForced ? " (forced by OPENBLAS_CORETYPE; unset it to measure this machine)" : ""
        return "\(cpu), \(cores) cores, kernels \(kernelLevel), OpenBLAS \(blasCore)\(forced), \(system)\(warning)"
            + (packages.isEmpty ? "" : "\n" + packages)
    }

    /// Largest resident memory of a process since it started, or since `forgetPeakMemory`, in bytes.
    ///
    /// - Parameter process: Its number, or `self`.
    /// - Returns: nil when the system does not say.
    static func peakResidentBytes(of process: String) -> Int? {
        let line = lines("/proc/\(process)/status").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// Starts the count of this process's peak memory again; where that is forbidden, the peak includes the preparation.
    static func forgetPeakMemory() {
        let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, "5", 1)
        close(descriptor)
    }

    private static func lines(_ path: String) -> [Substring] {
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        return text?.split(separator: "\n") ?? []
    }
}
