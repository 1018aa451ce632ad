import Glibc

/// The text that belongs to `errno` numbers, and faults made of them.
enum SystemFault {
    /// The fault of the last failed system call; call it before anything else can change `errno`.
    static func current(_ attempted: String) -> LibraryFault {
        LibraryFault(library: .system, code: Int(errno), text: text(errno), attempted: attempted)
    }

    /// A fault with a known number.
    static func with(code: Int32, _ attempted: String) -> LibraryFault {
        LibraryFault(library: .system, code: Int(code), text: text(code), attempted: attempted)
    }

    private static func text(_ code: Int32) -> String {
        guard let message = strerror(code) else { return "error \(code)" }
        return String(cString: message)
    }
}

/// An open file descriptor that is closed once, when its owner goes.
struct FileDescriptor: ~Copyable {
    let number: Int32

    init(owning number: Int32) { self.number = number }

    deinit { _ = close(number) }

    /// Opens an existing regular file that has at least one byte.
    static func openRegularFile(_ path: String) throws(AudioFileError) -> FileDescriptor {
        guard !path.utf8.contains(0) else { throw .noSuchFile(path: path) }
        // O_NONBLOCK: opening a pipe that nobody writes must not wait for ever; on regular files it has no effect.
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .noSuchFile(path: path) }
            throw .unreadable(path: path, fault: SystemFault.current("open the file"))
        }
        let file = FileDescriptor(owning: number)
        let status = try file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
        guard status.st_size > 0 else { throw .emptyFile(path: path) }
        return file
    }

    /// Length in bytes.
    func byteCount(path: String) throws(AudioFileError) -> Int { Int(try status(path: path).st_size) }

    /// The bytes from `offset`, at most `count`; fewer at the end of the file.
    func bytes(at offset: Int, count: Int, path: String) throws(AudioFileError) -> [UInt8] {
        try Self.bytes(of: number, at: offset, count: count, path: path)
    }

    /// The bytes from `offset` of an open descriptor, at most `count`; fewer at the end of the file.
    static func bytes(of number: Int32, at offset: Int, count: Int, path: String) throws(AudioFileError) -> [UInt8] {
        var filled = 0
        let content = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            filled = pread(number, buffer.baseAddress, count, off_t(offset))
            initializedCount = max(0, filled)
        }
        guard filled >= 0 else { throw .unreadable(path: path, fault: SystemFault.current("read the file")) }
        return content
    }

    private func status(path: String) throws(AudioFileError) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else {
            throw .unreadable(path: path, fault: SystemFault.current("examine the file"))
        }
        return status
    }
}
