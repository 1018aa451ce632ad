internal import COpenBLAS
import Synchronization

/// OpenBLAS' process-wide state; nothing else in the package touches it.
public enum BLASRuntime {
    /// The kernel set OpenBLAS chose for this processor, such as `Haswell`; results differ in the last bits between sets.
    public static var coreName: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

    /// OpenBLAS' version and build options, for reports.
    public static var configuration: String { openblas_get_config().map { String(cString: $0) } ?? "unknown" }

    /// Threads that a product may use now.
    public static var threadCount: Int { Int(openblas_get_num_threads()) }

    /// The thread counts `setThreadCount` takes: 1 up to the number of processors OpenBLAS sees.
    public static var allowedThreadCounts: ClosedRange<Int> { 1...max(1, Int(openblas_get_num_procs())) }

    private static let chosenCount = Mutex<Int?>(nil)

    /// Sets how many threads products use from now on, once at the start of the program.
    ///
    /// Parallelism is the caller's, and never nests with BLAS threads: a program that runs several tasks chooses 1.
    ///
    /// - Parameter count: Within `allowedThreadCounts`; a second call must repeat the first one's.
    public static func setThreadCount(_ count: Int) {
        precondition(allowedThreadCounts.contains(count), "\(count) BLAS threads are not within \(allowedThreadCounts)")
        chosenCount.withLock { chosen in
            precondition(chosen == nil || chosen == count, "BLAS threads are \(chosen ?? 0) already, not \(count)")
            chosen = count
            openblas_set_num_threads(Int32(count))
        }
    }

    /// Runs `body` with another number of threads: for a program that compares them, one product at a time.
    ///
    /// - Parameters:
    ///   - count: Within `allowedThreadCounts`.
    ///   - body: No other product may run at the same time.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func withThreadCount<Result, Failure: Error>(
        _ count: Int, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(allowedThreadCounts.contains(count), "\(count) BLAS threads are not within \(allowedThreadCounts)")
        let before = threadCount
        openblas_set_num_threads(Int32(count))
        defer { openblas_set_num_threads(Int32(before)) }
        return try body()
    }
}

extension SystemLibrary {
    /// OpenBLAS.
    public static var openBLAS: SystemLibrary {
        // "OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64"
        let words = BLASRuntime.configuration.split(separator: " ")
        return SystemLibrary(name: "OpenBLAS", version: words.count > 1 ? String(words[1]) : BLASRuntime.configuration)
    }
}
