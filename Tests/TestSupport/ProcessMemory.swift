import Foundation
import Glibc

/// The memory of this process, limited or measured, for tests that run in one of their own.
public enum ProcessMemory {
    /// The address space could not be measured or limited.
    public struct Failure: Error {}

    /// Makes every allocation fail that would take more than `extraByteCount` beyond the address space in use now.
    ///
    /// Leave room for a few threads: each reserves up to 136 MiB of addresses.
    ///
    /// - Parameter extraByteCount: Bytes.
    /// - Throws: `Failure`.
    public static func limit(extraByteCount: Int) throws {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        guard let pages = text.split(separator: " ").first.flatMap({ Int($0) }) else { throw Failure() }
        let bytes = pages * Int(sysconf(Int32(_SC_PAGESIZE))) + extraByteCount
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { throw Failure() }
        limit.rlim_cur = rlim_t(bytes)
        guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { throw Failure() }
    }

    /// The most memory that has been resident since the process began, in bytes.
    public static var peakByteCount: Int {
        get throws {
            var usage = rusage()
            guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { throw Failure() }
            return usage.ru_maxrss * 1024
        }
    }
}
