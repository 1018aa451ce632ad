import Glibc

/// A file that is written under a temporary name beside its target and takes the target's name when it is complete.
///
/// Until `commit` the target keeps its contents; without `commit` the temporary file is removed.
final class PendingFile {
    private let path: String
    private let target: String
    private let temporary: String
    /// Where libsndfile writes.
    let stream: SndFileStream
    /// Whether the temporary name still stands for our file.
    private var isTemporary = true

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
        stream = SndFileStream(FileDescriptor(owning: number))
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
        guard fsync(stream.file.number) == 0 else {
            throw .unwritable(path: path, fault: SystemFault.current("bring the file to the disk"))
        }
        guard rename(temporary, target) == 0 else {
            throw .unwritable(path: path, fault: SystemFault.current("give the finished file its name"))
        }
        isTemporary = false
    }

    /// Throws the first write error, if there was one.
    func checkWrites() throws(AudioFileError) {
        if let failure = stream.failure { throw .unwritable(path: path, fault: failure) }
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
