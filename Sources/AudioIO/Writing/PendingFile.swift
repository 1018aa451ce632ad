import Glibc

/// A file that is written under a temporary name beside its target and takes the target's name when it is complete.
///
/// Until `commit` the target keeps its contents; without `commit` the temporary file is removed.
final class PendingFile {
    private let path: String
    private let target: String
    private let temporary: String
    private let file: FileDescriptor
    /// Whether the temporary name still stands for our file.
    private var isTemporary = true
    /// The first system error of a write, which libsndfile would report only as a short count or not at all.
    private var failure: LibraryFault?

    init(target path: String) throws(AudioFileError) {
        self.path = path
        target = try Self.resolved(path)
        let name = target.split(separator: "/").last ?? "audio"
        let folder = target.dropLast(name.count)
        // The process number keeps two programs apart, the random part two writers of one program.
        let temporary = "\(folder).\(name).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
        let number = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard number >= 0 else {
            throw .unwritable(path: path, fault: SystemFault.current("create a file in the folder"))
        }
        self.temporary = temporary
        file = FileDescriptor(owning: number)
    }

    deinit { discard() }

    /// Removes the temporary file, if it still is one.
    func discard() {
        if isTemporary { _ = unlink(temporary) }
        isTemporary = false
    }

    /// Gives the complete file its name, after it has reached the disk.
    func commit() throws(AudioFileError) {
        try checkWrites()
        guard fsync(file.number) == 0 else {
            throw .unwritable(path: path, fault: SystemFault.current("bring the file to the disk"))
        }
        guard rename(temporary, target) == 0 else {
            throw .unwritable(path: path, fault: SystemFault.current("give the finished file its name"))
        }
        isTemporary = false
    }

    /// Throws the first write error, if there was one.
    func checkWrites() throws(AudioFileError) {
        if let failure { throw .unwritable(path: path, fault: failure) }
    }

    /// The file behind a link, so that renaming replaces the file and not the link; anything but a file is refused.
    private static func resolved(_ path: String) throws(AudioFileError) -> String {
        var status = stat()
        guard !path.utf8.contains(0), !path.hasSuffix("/"), !path.isEmpty else {
            throw .invalidRequest(path: path, reason: "is not a file name; name a .wav or .flac file")
        }
        guard stat(path, &status) == 0 else { return path }
        guard status.st_mode & S_IFMT == S_IFREG, let real = realpath(path, nil) else {
            throw .invalidRequest(path: path, reason: "exists and is not a regular file; choose another name")
        }
        defer { free(real) }
        return String(cString: real)
    }
}

extension PendingFile {
    /// The file's length in bytes, or -1.
    func length() -> Int {
        var status = stat()
        return fstat(file.number, &status) == 0 ? Int(status.st_size) : -1
    }

    /// Moves the position; `origin` is one of `SEEK_SET`, `SEEK_CUR`, `SEEK_END`.
    func seek(_ offset: Int, _ origin: Int32) -> Int { Int(lseek(file.number, off_t(offset), origin)) }

    /// Reads at the position; writers of headers look at what they wrote.
    func read(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
        max(0, Glibc.read(file.number, bytes, count))
    }

    /// Writes all bytes at the position, or remembers why not.
    func write(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        var written = 0
        while written < count, failure == nil {
            let step = Glibc.write(file.number, bytes.advanced(by: written), count - written)
            if step > 0 {
                written += step
            } else if step == 0 || errno != EINTR {
                failure = SystemFault.current("write samples")
            }
        }
        return written
    }
}
