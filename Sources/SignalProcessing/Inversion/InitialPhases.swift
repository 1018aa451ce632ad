internal import Glibc
internal import NumericCore

/// Where Griffin-Lim's phases start.
public enum InitialPhases: Sendable, Equatable {
    /// All 0, librosa's `init=None`.
    case zero
    /// Uniform over the circle by `Xoshiro256(seed:)`, drawn bin after bin and frame after frame.
    case random(seed: UInt64)
    /// The phases librosa draws for `random_state=seed`: NumPy's legacy generator, all frames of a bin in a row.
    case numpy(seed: UInt32)
}

/// Gives the phase factors of one frame after the other.
enum PhaseSource {
    case zero
    case random(Xoshiro256)
    /// One generator a bin, each moved to where NumPy's single one is when that bin's frames begin.
    case numpy([MersenneTwister])

    init(_ phases: InitialPhases, binCount: Int, frameCount: Int) {
        switch phases {
        case .zero: self = .zero
        case .random(let seed): self = .random(Xoshiro256(seed: seed))
        case .numpy(let seed):
            var generator = MersenneTwister(seed: seed)
            var starts: [MersenneTwister] = []
            for bin in 0..<binCount {
                starts.append(generator)
                // Two words a number.
                if bin < binCount - 1 { for _ in 0..<2 * frameCount { _ = generator.nextWord() } }
            }
            self = .numpy(starts)
        }
    }

    /// Writes magnitude x exp(i phase), real and imaginary part in turn.
    mutating func fill(_ magnitudes: UnsafePointer<Float>, binCount: Int, into spectrum: UnsafeMutablePointer<Float>) {
        switch self {
        case .zero:
            for bin in 0..<binCount { (spectrum[2 * bin], spectrum[2 * bin + 1]) = (magnitudes[bin], 0) }
        case .random(var generator):
            for bin in 0..<binCount {
                Self.place(generator.uniformDouble(), magnitudes[bin], spectrum + 2 * bin)
            }
            self = .random(generator)
        case .numpy(var generators):
            // Leaves only one owner, so that drawing does not copy 2500 bytes a bin.
            self = .zero
            for bin in 0..<binCount {
                Self.place(generators[bin].randomSample(), magnitudes[bin], spectrum + 2 * bin)
            }
            self = .numpy(generators)
        }
    }

    private static func place(_ turn: Double, _ magnitude: Float, _ target: UnsafeMutablePointer<Float>) {
        let angle = 2 * Double.pi * turn
        target[0] = Float(cos(angle)) * magnitude
        target[1] = Float(sin(angle)) * magnitude
    }
}
