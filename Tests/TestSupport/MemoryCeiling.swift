import Foundation
import Glibc

/// A limit on the address space of this process, for tests that run in one of their own.
public enum MemoryCeiling {
    /// The address space could not be measured or limited.
    public struct Failure: Error {}

    /// Makes every allocation fail that would take more than `extraByteCount` beyond what is in use now; it can be called
    /// again.
    ///
    /// - Parameter extraByteCount: Bytes.
    /// - Throws: `Failure`.
    public static func impose(extraByteCount: Int) throws {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        guard let pages = text.split(separator: " ").first.flatMap({ Int($0) }) else { throw Failure() }
        let bytes = pages * Int(sysconf(Int32(_SC_PAGESIZE))) + extraByteCount
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { throw Failure() }
        limit.rlim_cur = rlim_t(bytes)
        guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { throw Failure() }
    }
}
