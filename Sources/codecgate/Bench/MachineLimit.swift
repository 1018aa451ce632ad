import Dispatch
import NumericCore
import Synchronization

/// What the machine can do at most with so many threads, measured.
struct MachineLimit {
    /// Floating point operations per second of fused multiply-adds in registers.
    let operationsPerSecond: Double
    /// Bytes per second of reading 4 MiB a thread again and again.
    let cacheBytesPerSecond: Double

    private static let rounds = 10_000_000
    private static let passes = 2_000

    /// Measures for about half a second.
    ///
    /// - Parameter threads: Threads that work at the same time; those beyond the cores add nothing.
    /// - Returns: Sums over the threads.
    static func measure(threads: Int) -> MachineLimit {
        // Each thread has its own memory, made before the clock starts.
        let probes = (0..<threads).map { _ in ReadProbe() }
        return MachineLimit(
            operationsPerSecond: sum(threads) { _ in
                KernelLevel.best.peakOperationsPerSecond(rounds: rounds, seconds: seconds)
            },
            cacheBytesPerSecond: sum(threads) { probes[$0].bytesPerSecond(passes: passes, seconds: seconds) })
    }

    /// The sum of what threads reach at the same time.
    private static func sum(_ threads: Int, _ measure: @Sendable (Int) -> Double) -> Double {
        let total = Mutex(0.0)
        DispatchQueue.concurrentPerform(iterations: threads) { index in
            let value = measure(index)
            total.withLock { $0 += value }
        }
        return total.withLock { $0 }
    }

    /// Seconds that work takes.
    static func seconds(_ work: () -> Void) -> Double { ContinuousClock().measure(work).inSeconds }
}
