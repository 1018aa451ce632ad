import Glibc

/// Random access to the bytes of a file, or of a buffer that stands for one.
///
/// The file stays open as long as the object lives and is read with `pread`, so nothing but what was asked for is in
/// memory and several tasks may read at once.
package final class ByteSource: Sendable {
    private enum Storage: Sendable {
        case file(descriptor: Int32)
        case memory([UInt8])
        /// A part of another source, from an offset on.
        case part(ByteSource, offset: Int)
    }

    /// Path of the file, or a label for the buffer; used in errors.
    package let path: String
    /// Number of bytes when it was opened.
    package let count: Int
    private let storage: Storage

    private init(path: String, count: Int, storage: Storage) {
        self.path = path
        self.count = count
        self.storage = storage
    }

    /// Treats a buffer as a file.
    ///
    /// - Parameters:
    ///   - bytes: The contents.
    ///   - label: What errors call it.
    package convenience init(_ bytes: [UInt8], label: String) {
        self.init(path: label, count: bytes.count, storage: .memory(bytes))
    }

    /// Treats a part of a source as a source of its own.
    ///
    /// - Parameters:
    ///   - range: Within the source.
    ///   - label: What errors call it.
    /// - Returns: The part; it keeps the source open.
    /// - Throws: `ArrayFileError.truncated` for a range outside.
    package func part(_ range: Range<Int>, label: String) throws(ArrayFileError) -> ByteSource {
        try check(range.lowerBound, range.count, label)
        return ByteSource(path: label, count: range.count, storage: .part(self, offset: range.lowerBound))
    }

    deinit {
        if case .file(let descriptor) = storage { close(descriptor) }
    }

    /// Opens a regular file for reading.
    ///
    /// - Parameter path: The file.
    /// - Returns: The open file.
    /// - Throws: `ArrayFileError.system` or `.notAFile`.
    package static func open(path: String) throws(ArrayFileError) -> ByteSource {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(operation: "stat", path: path, code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notAFile(path: path)
        }
        return ByteSource(path: path, count: Int(status.st_size), storage: .file(descriptor: descriptor))
    }

    /// Reads a range; nothing is allocated for a range outside the file.
    ///
    /// - Parameters:
    ///   - offset: First byte.
    ///   - count: Number of bytes.
    ///   - part: What the range is, for the error.
    /// - Returns: Exactly `count` bytes.
    /// - Throws: `ArrayFileError.truncated` when the range leaves the file, `.system` when reading fails.
    package func read(at offset: Int, count: Int, part: String) throws(ArrayFileError) -> [UInt8] {
        try check(offset, count, part)
        switch storage {
        case .memory(let bytes): return [UInt8](bytes[offset..<offset + count])
        case .file(let descriptor): return try readFile(descriptor, at: offset, count: count, part: part)
        case .part(let whole, let start): return try whole.read(at: start + offset, count: count, part: part)
        }
    }

    /// Reads a range into memory of the caller's.
    ///
    /// - Parameters:
    ///   - offset: First byte.
    ///   - target: Receives as many bytes as it is long; its contents are undefined after an error.
    ///   - part: What the range is, for the error.
    /// - Throws: As `read(at:count:part:)`.
    package func read(
        at offset: Int, into target: UnsafeMutableRawBufferPointer, part: String
    ) throws(ArrayFileError) {
        try check(offset, target.count, part)
        switch storage {
        case .memory(let bytes): bytes[offset..<offset + target.count].withUnsafeBytes { target.copyMemory(from: $0) }
        case .file(let descriptor):
            let (done, code) = Self.fill(target, from: descriptor, at: offset)
            try checkRead(done, of: target.count, code, part)
        case .part(let whole, let start): try whole.read(at: start + offset, into: target, part: part)
        }
    }

    private func check(_ offset: Int, _ count: Int, _ part: String) throws(ArrayFileError) {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
            let available = offset >= 0 ? max(0, self.count - offset) : 0
            throw .truncated(path: path, part: part, needed: count, available: available)
        }
    }

    private func readFile(
        _ descriptor: Int32, at offset: Int, count: Int, part: String
    ) throws(ArrayFileError) -> [UInt8] {
        var outcome = (done: 0, code: Int32(0))
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            outcome = Self.fill(UnsafeMutableRawBufferPointer(buffer), from: descriptor, at: offset)
            initialized = outcome.done
        }
        try checkRead(outcome.done, of: count, outcome.code, part)
        return bytes
    }

    private func checkRead(_ done: Int, of count: Int, _ code: Int32, _ part: String) throws(ArrayFileError) {
        guard code == 0 else { throw .system(operation: "read", path: path, code: code) }
        guard done == count else { throw .truncated(path: path, part: part, needed: count, available: done) }
    }

    /// Reads until the target is full, the file ends or a call fails; gives the bytes read and `errno`, or 0.
    private static func fill(
        _ target: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int
    ) -> (done: Int, code: Int32) {
        var done = 0
        while done < target.count, let base = target.baseAddress {
            let got = pread(descriptor, base + done, target.count - done, off_t(offset + done))
            if got < 0, errno == EINTR { continue }
            if got < 0 { return (done, errno) }
            if got == 0 { break }
            done += got
        }
        return (done, 0)
    }
}

/// Little-endian integers inside a header's bytes.
extension [UInt8] {
    /// The unsigned integer at `offset`; the caller has checked that it fits.
    ///
    /// - Parameters:
    ///   - offset: First byte.
    ///   - type: Width of the integer.
    /// - Returns: The value in the host's order.
    package func littleEndian<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value {
        let size = MemoryLayout<Value>.size
        precondition(offset >= 0 && offset + size <= count, "\(size) bytes at \(offset) in \(count)")
        return withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    /// Appends an integer in little-endian order.
    ///
    /// - Parameter value: The integer.
    package mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
