import Foundation
import Glibc

/// A file that grows while it is fetched and stays where work stops.
final class PartialFile {
    private let path: String
    private let descriptor: Int32
    /// Bytes that are there.
    private(set) var count: Int
    /// Bytes of them that an earlier run left.
    private(set) var inheritedCount = 0

    /// Opens what an earlier run left, or nothing.
    ///
    /// - Parameters:
    ///   - path: The file; its folder exists.
    ///   - limit: Bytes of the finished file: a longer one is not its beginning and is emptied.
    /// - Throws: `HubError.system`.
    init(path: String, limit: Int) throws(HubError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
        count = 0
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(operation: "open", path: path, code: errno) }
        if Int(status.st_size) > limit { try empty() } else { count = Int(status.st_size) }
        inheritedCount = count
    }

    deinit { close(descriptor) }

    /// Throws everything away.
    ///
    /// - Throws: `HubError.system`.
    func empty() throws(HubError) {
        guard ftruncate(descriptor, 0) == 0 else { throw .system(operation: "empty", path: path, code: errno) }
        (count, inheritedCount) = (0, 0)
    }

    /// Appends bytes; what fits on the disk stays.
    ///
    /// - Parameters:
    ///   - data: What came.
    ///   - total: Bytes of the finished file, for the error.
    /// - Throws: `HubError.diskFull`, `.system`.
    func append(_ data: Data, of total: Int) throws(HubError) {
        var done = 0
        var code: Int32 = 0
        data.withUnsafeBytes { bytes in
            while done < bytes.count, let base = bytes.baseAddress {
                let written = pwrite(descriptor, base + done, bytes.count - done, off_t(count + done))
                if written < 0, errno == EINTR { continue }
                if written < 0 { code = errno }
                if written <= 0 { break }
                done += written
            }
        }
        count += done
        switch code {
        case 0: return
        case ENOSPC, EDQUOT, EFBIG: throw .diskFull(folder: folder, needed: total - count, free: Self.free(folder) ?? 0)
        default: throw .system(operation: "write", path: path, code: code)
        }
    }

    /// - Throws: `HubError.diskFull` when what is missing does not fit.
    func checkRoom(for total: Int) throws(HubError) {
        guard let free = Self.free(folder), free < total - count else { return }
        throw .diskFull(folder: folder, needed: total - count, free: free)
    }

    /// Puts the finished file in place.
    ///
    /// - Throws: `HubError.system`.
    func finish(as name: String) throws(HubError) {
        guard fsync(descriptor) == 0 else { throw .system(operation: "write", path: path, code: errno) }
        guard rename(path, name) == 0 else { throw .system(operation: "rename", path: path, code: errno) }
    }

    /// Removes the file.
    ///
    /// - Throws: `HubError.system`.
    func remove() throws(HubError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .system(operation: "remove", path: path, code: errno)
        }
    }

    private var folder: String { String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]) }

    /// Bytes that this user may still write on a folder's disk; nil when the system does not say.
    static func free(_ folder: String) -> Int? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return Int(
            clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }
}
