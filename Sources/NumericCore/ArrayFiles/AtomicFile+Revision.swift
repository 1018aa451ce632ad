import Glibc

/// A second pass over what was written: for contents that depend on the whole, such as a maximum or a count.
extension AtomicFile {
    /// Reads back numbers that were appended.
    ///
    /// - Parameters:
    ///   - offset: First byte.
    ///   - elements: Replaced, as many as there are.
    /// - Throws: `ArrayFileError.system`, or `.truncated` beyond the end.
    package func read<Element: ArrayElement>(
        at offset: Int, into elements: inout [Element]
    ) throws(ArrayFileError) {
        try elements.withUnsafeMutableBufferPointer { (all) throws(ArrayFileError) in
            try read(at: offset, into: UnsafeMutableRawBufferPointer(all))
        }
    }

    /// Replaces numbers that were appended; later appends still go to the end.
    ///
    /// - Parameters:
    ///   - offset: First byte.
    ///   - elements: What to write there.
    /// - Throws: `ArrayFileError.system`.
    package func overwrite<Element: ArrayElement>(
        at offset: Int, with elements: [Element]
    ) throws(ArrayFileError) {
        try elements.withUnsafeBufferPointer { (all) throws(ArrayFileError) in
            try overwrite(at: offset, with: UnsafeRawBufferPointer(all))
        }
    }

    /// Cuts off what was appended last; nothing may be appended afterwards.
    ///
    /// - Parameter byteCount: Bytes kept, at most those appended.
    /// - Throws: `ArrayFileError.system`.
    package func truncate(to byteCount: Int) throws(ArrayFileError) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
            throw .system(operation: "truncate", path: path, code: errno)
        }
    }

    private func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(ArrayFileError) {
        var done = 0
        while done < target.count, let base = target.baseAddress {
            let got = pread(descriptor, base + done, target.count - done, off_t(offset + done))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(operation: "read back", path: path, code: errno) }
            guard got > 0 else {
                throw .truncated(
                    path: path, part: "what was written at byte \(offset)", needed: target.count, available: done)
            }
            done += got
        }
    }

    private func overwrite(at offset: Int, with memory: UnsafeRawBufferPointer) throws(ArrayFileError) {
        var done = 0
        while done < memory.count, let base = memory.baseAddress {
            let written = pwrite(descriptor, base + done, memory.count - done, off_t(offset + done))
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else { throw .system(operation: "write", path: path, code: errno) }
            done += written
        }
    }
}
