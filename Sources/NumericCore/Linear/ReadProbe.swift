internal import CKernels

/// Memory of a chosen size that is read again and again, to measure the bandwidth of the cache that holds it.
public struct ReadProbe: Sendable {
    /// Bytes that one pass reads.
    public var byteCount: Int { floats.count * MemoryLayout<Float>.stride }
    private let floats: AlignedFloats

    /// Fills the memory with ones, so that it is really there.
    ///
    /// - Parameter byteCount: At least 256, rounded down to a multiple of that; 4 MiB is one LSTM layer's matrix.
    public init(byteCount: Int = 4 << 20) {
        precondition(byteCount >= 256, "\(byteCount) bytes are less than one round of the loop")
        floats = AlignedFloats(count: byteCount / 256 * 64) { all in
            for index in all.indices { all[index] = 1 }
        }
    }

    /// Bytes per second of one thread that reads the memory in order.
    ///
    /// - Parameters:
    ///   - passes: How often all of it is read, at least 1.
    ///   - level: Instruction set.
    ///   - seconds: Measures the time that its argument takes.
    /// - Returns: Bytes per second.
    public func bytesPerSecond(passes: Int, level: KernelLevel = .best, seconds: (() -> Void) -> Double) -> Double {
        precondition(passes > 0, "\(passes) passes")
        var sum: Float = 0
        let elapsed = seconds {
            floats.withUnsafePointer { sum = ck_read_probe(level.code, $0, floats.count, passes) }
        }
        precondition(sum > 0, "the probe's sum is \(sum)")
        return Double(byteCount * passes) / elapsed
    }
}
