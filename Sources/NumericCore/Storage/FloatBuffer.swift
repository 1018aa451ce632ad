/// Uninitialised float storage aligned to a cache line, freed with its owner.
///
/// For workspaces that are written before they are read. Not `Sendable`: one task uses it at a time.
public final class FloatBuffer {
    /// Address of the first float; valid as long as the buffer lives.
    public let base: UnsafeMutablePointer<Float>
    /// Number of floats.
    public let count: Int

    /// Allocates `count` floats without touching them.
    ///
    /// - Parameter count: At least 0.
    public init(count: Int) {
        precondition(count >= 0, "a buffer of \(count) floats")
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: Float.self, capacity: max(count, 1))
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }
}

/// Immutable floats whose first element lies on a cache line: packed weights that many tasks read.
public struct AlignedFloats: Sendable {
    private let storage: [Float]
    private let start: Int
    /// Number of floats.
    public let count: Int

    /// Zero-filled floats that `fill` then writes.
    ///
    /// - Parameters:
    ///   - count: At least 0.
    ///   - fill: Receives the floats, all 0.
    public init(count: Int, fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
        precondition(count >= 0, "\(count) floats")
        var storage = [Float](repeating: 0, count: count + 16)
        start = storage.withUnsafeMutableBufferPointer { all in
            let address = UInt(bitPattern: all.baseAddress)
            let start = Int((64 - address % 64) % 64) / MemoryLayout<Float>.stride
            fill(UnsafeMutableBufferPointer(rebasing: all[start..<start + count]))
            return start
        }
        self.storage = storage
        self.count = count
    }

    /// Calls `body` with the floats.
    ///
    /// - Parameter body: Must not let the pointer escape.
    /// - Returns: What `body` returns.
    public func withUnsafePointer<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
        storage.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { preconditionFailure("storage has at least 16 floats") }
            return body(base + start)
        }
    }
}
