/// One channel of sound as it was given, read in Double.
///
/// Keeps single-precision samples single, so that a film of an hour costs 4 bytes a sample; every metric loads blocks
/// and computes in Double.
public struct AudioSamples: Sendable {
    private enum Storage: Sendable {
        case single([Float])
        case double([Double])
    }

    private let storage: Storage
    /// Number of samples.
    public let count: Int

    /// Wraps single-precision samples.
    ///
    /// - Parameter samples: Full scale at 1; may be empty.
    public init(_ samples: [Float]) {
        storage = .single(samples)
        count = samples.count
    }

    /// Wraps double-precision samples.
    ///
    /// - Parameter samples: Full scale at 1; may be empty.
    public init(_ samples: [Double]) {
        storage = .double(samples)
        count = samples.count
    }

    /// Writes samples `start ..< start + count` to `target`; zeros where there are none.
    func load(from start: Int, count wanted: Int, into target: UnsafeMutablePointer<Double>) {
        let lower = min(max(start, 0), count)
        let upper = min(max(start + wanted, lower), count)
        // Where the wanted range lies wholly outside, everything is padding.
        let head = min(max(lower - start, 0), wanted)
        let body = upper - lower
        for index in 0..<head { target[index] = 0 }
        switch storage {
        case .single(let samples):
            samples.withUnsafeBufferPointer { samples in
                for index in 0..<body { target[head + index] = Double(samples[lower + index]) }
            }
        case .double(let samples):
            samples.withUnsafeBufferPointer { samples in
                for index in 0..<body { target[head + index] = samples[lower + index] }
            }
        }
        for index in min(head + body, wanted)..<wanted { target[index] = 0 }
    }

    /// Like `load`, but mirrored at both ends without repeating the end sample; needs a count above the overhang.
    func loadReflected(from start: Int, count wanted: Int, into target: UnsafeMutablePointer<Double>) {
        load(from: start, count: wanted, into: target)
        var one = 0.0
        for index in 0..<max(0, min(wanted, -start)) {
            load(from: -(start + index), count: 1, into: &one)
            target[index] = one
        }
        for index in max(0, count - start)..<max(max(0, count - start), wanted) {
            load(from: 2 * (count - 1) - (start + index), count: 1, into: &one)
            target[index] = one
        }
    }

    /// All samples in single precision.
    package var singles: [Float] {
        switch storage {
        case .single(let samples): samples
        case .double(let samples): samples.map(Float.init)
        }
    }

    /// All samples in Double.
    var doubles: [Double] {
        [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            if let base = buffer.baseAddress { load(from: 0, count: count, into: base) }
            filled = count
        }
    }

    /// A part as samples of its own, clamped to what there is.
    func slice(_ range: Range<Int>) -> AudioSamples {
        let range = range.clamped(to: 0..<count)
        return switch storage {
        case .single(let samples): AudioSamples(Array(samples[range]))
        case .double(let samples): AudioSamples(Array(samples[range]))
        }
    }

    /// Position of the first NaN or infinite sample.
    var firstNonFiniteIndex: Int? {
        switch storage {
        case .single(let samples): firstNonFinite(samples)
        case .double(let samples): firstNonFinite(samples)
        }
    }

    /// Whether every sample is 0, or there is none.
    var isSilent: Bool {
        switch storage {
        case .single(let samples): samples.allSatisfy { $0 == 0 }
        case .double(let samples): samples.allSatisfy { $0 == 0 }
        }
    }
}

/// The sum of x - x is 0 only where all are finite; blocks that are clean are passed over quickly.
private func firstNonFinite<Scalar: BinaryFloatingPoint>(_ samples: [Scalar]) -> Int? {
    samples.withUnsafeBufferPointer { samples in samples.indices.first { !samples[$0].isFinite } }
}
