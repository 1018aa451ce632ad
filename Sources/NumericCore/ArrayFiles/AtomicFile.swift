import Glibc

/// A file that appears under its name only when it is complete.
///
/// Bytes go to a temporary file in the same folder; `commit()` flushes it to the disk and renames it over `path`. If the
/// value goes away before that, the temporary file is removed and whatever was at `path` is untouched. An existing
/// file's permissions are kept; a symbolic link at `path` is replaced by the new file.
package struct AtomicFile: ~Copyable {
    let path: String
    private let temporaryPath: String
    let descriptor: Int32
    private var isCommitted = false

    /// Creates the temporary file.
    ///
    /// - Parameter path: Where the finished file shall be; its folder must exist.
    /// - Throws: `ArrayFileError.system`.
    package init(path: String) throws(ArrayFileError) {
        let (name, descriptor) = try Self.createTemporary(for: path)
        self.path = path
        temporaryPath = name
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporaryPath) }
    }

    /// Appends bytes.
    ///
    /// - Parameter bytes: What to write.
    /// - Throws: `ArrayFileError.system`, for instance on a full disk.
    package func append(_ bytes: [UInt8]) throws(ArrayFileError) {
        let code = bytes.withUnsafeBytes { writeAll($0) }
        guard code == 0 else { throw .system(operation: "write", path: path, code: code) }
    }

    /// Appends the memory of an array of numbers (little-endian hosts only, see `ArrayElement`).
    ///
    /// - Parameter elements: What to write.
    /// - Throws: `ArrayFileError.system`.
    package func append<Element: ArrayElement>(elements: [Element]) throws(ArrayFileError) {
        let code = elements.withUnsafeBytes { writeAll($0) }
        guard code == 0 else { throw .system(operation: "write", path: path, code: code) }
    }

    /// Appends memory as it is.
    ///
    /// - Parameter memory: What to write.
    /// - Throws: `ArrayFileError.system`.
    package func append(memory: UnsafeRawBufferPointer) throws(ArrayFileError) {
        let code = writeAll(memory)
        guard code == 0 else { throw .system(operation: "write", path: path, code: code) }
    }

    /// Puts the finished file in place.
    ///
    /// - Throws: `ArrayFileError.system`; the old file is then still there.
    package consuming func commit() throws(ArrayFileError) {
        guard fsync(descriptor) == 0 else { throw .system(operation: "fsync", path: path, code: errno) }
        guard rename(temporaryPath, path) == 0 else { throw .system(operation: "rename", path: path, code: errno) }
        isCommitted = true
    }

    /// Writes one buffer as a whole file.
    ///
    /// - Parameters:
    ///   - bytes: The contents.
    ///   - path: Where to put it.
    /// - Throws: `ArrayFileError.system`.
    package static func write(_ bytes: [UInt8], to path: String) throws(ArrayFileError) {
        let file = try AtomicFile(path: path)
        try file.append(bytes)
        try file.commit()
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let written = Glibc.write(descriptor, base + done, bytes.count - done)
            if written < 0, errno == EINTR { continue }
            if written < 0 { return errno }
            done += written
        }
        return 0
    }

    private static func createTemporary(for path: String) throws(ArrayFileError) -> (String, Int32) {
        var status = stat()
        let exists = stat(path, &status) == 0
        for attempt in 0..<1000 {
            let name = "\(path).\(getpid()).\(attempt).partial"
            let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { throw .system(operation: "create", path: name, code: errno) }
            if exists, fchmod(descriptor, status.st_mode & 0o7777) != 0 {
                let code = errno
                close(descriptor)
                unlink(name)
                throw .system(operation: "chmod", path: name, code: code)
            }
            return (name, descriptor)
        }
        throw .system(operation: "create a temporary file beside", path: path, code: EEXIST)
    }
}
