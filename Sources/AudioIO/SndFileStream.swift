internal import CSndFile
import Glibc

/// An open file as libsndfile sees it: through calls of ours.
///
/// libsndfile's own file handling closes a descriptor that it was told to leave alone when it does not know the
/// contents, looks for resource forks in the working directory, and overlooks failed writes when files are completed.
final class SndFileStream {
    let file: FileDescriptor
    /// The first system error, which libsndfile would report only as a short count or not at all.
    private(set) var failure: LibraryFault?

    init(_ file: consuming FileDescriptor) { self.file = file }

    /// The calls to hand to `sf_open_virtual`, together with a `SndFileStream` as user data.
    static let calls = SF_VIRTUAL_IO(
        get_filelen: { sf_count_t(stream($0).length()) },
        seek: { offset, origin, user in sf_count_t(stream(user).seek(Int(offset), origin)) },
        read: { bytes, count, user in
            guard let bytes else { return 0 }
            return sf_count_t(stream(user).read(bytes, Int(count)))
        },
        write: { bytes, count, user in
            guard let bytes else { return 0 }
            return sf_count_t(stream(user).write(bytes, Int(count)))
        },
        tell: { sf_count_t(stream($0).seek(0, SEEK_CUR)) })

    /// The file's length in bytes, or -1.
    func length() -> Int {
        var status = stat()
        return fstat(file.number, &status) == 0 ? Int(status.st_size) : -1
    }

    private func seek(_ offset: Int, _ origin: Int32) -> Int { Int(lseek(file.number, off_t(offset), origin)) }

    /// Reads up to `count` bytes; fewer at the end of the file or after an error.
    private func read(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
        transfer(count, "read samples") { Glibc.read(file.number, bytes.advanced(by: $0), count - $0) }
    }

    /// Writes all bytes, or remembers why not.
    private func write(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        let written = transfer(count, "write samples") {
            Glibc.write(file.number, bytes.advanced(by: $0), count - $0)
        }
        if written < count, failure == nil { failure = SystemFault.with(code: ENOSPC, "write samples") }
        return written
    }

    /// Repeats a system call until `count` bytes are moved, nothing more comes, or it fails.
    private func transfer(_ count: Int, _ attempted: String, _ call: (Int) -> Int) -> Int {
        var moved = 0
        while moved < count, failure == nil {
            let step = call(moved)
            if step == 0 { break }
            if step > 0 {
                moved += step
            } else if errno != EINTR {
                failure = SystemFault.current(attempted)
            }
        }
        return moved
    }
}

/// The stream that was handed to libsndfile.
private func stream(_ user: UnsafeMutableRawPointer?) -> SndFileStream {
    guard let user else { preconditionFailure("libsndfile lost the pointer it was given") }
    return Unmanaged<SndFileStream>.fromOpaque(user).takeUnretainedValue()
}
