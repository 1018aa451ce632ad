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
        let (cosine, sine) = unitVector(turn: turn)
        target[0] = Float(cosine) * magnitude
        target[1] = Float(sine) * magnitude
    }

    /// Cosine and sine of 2 pi x turn, by Taylor's series around the nearest quarter turn.
    ///
    /// The first terms left out are (pi / 4)^16 / 16! = 1e-15 and (pi / 4)^17 / 17! = 5e-17: far below a `Float`.
    ///
    /// - Parameter turn: At least 0.
    /// - Returns: The point on the circle.
    static func unitVector(turn: Double) -> (cosine: Double, sine: Double) {
        // Truncating is rounding here, as a turn is not negative; `rounded()` would be a call.
        let quarter = Int(4 * turn + 0.5)
        let angle = (turn - 0.25 * Double(quarter)) * (2 * Double.pi)
        let square = angle * angle
        var cosine = 1 / 479_001_600.0 - square / 87_178_291_200
        cosine = 1 / 40_320.0 + square * (-1 / 3_628_800.0 + square * cosine)
        cosine = 1 / 24.0 + square * (-1 / 720.0 + square * cosine)
        cosine = 1 + square * (-1 / 2.0 + square * cosine)
        var sine = 1 / 6_227_020_800.0 - square / 1_307_674_368_000
        sine = 1 / 362_880.0 + square * (-1 / 39_916_800.0 + square * sine)
        sine = 1 / 120.0 + square * (-1 / 5040.0 + square * sine)
        sine = angle * (1 + square * (-1 / 6.0 + square * sine))
        return switch quarter & 3 {
        case 0: (cosine, sine)
        case 1: (-sine, cosine)
        case 2: (-cosine, -sine)
        default: (sine, -cosine)
        }
    }
}
