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
struct PhaseSource {
    /// NumPy's numbers of one bin follow each other, so those of several frames are drawn at a time.
    private static let blockFrameCount = 16

    private enum Generator {
        case none
        case own(Xoshiro256)
        /// One generator a bin, each moved to where NumPy's single one is when that bin's frames begin.
        case numpy([MersenneTwister])
    }

    private let binCount: Int
    private var generator: Generator
    /// Turns of frames to come, in 0 ..< 1: (frames, bins).
    private var turns: [Double]
    private var nextFrame: Int

    init(_ phases: InitialPhases, binCount: Int, frameCount: Int) {
        self.binCount = binCount
        var blockFrameCount = 1
        switch phases {
        case .zero: generator = .none
        case .random(let seed): generator = .own(Xoshiro256(seed: seed))
        case .numpy(let seed):
            var shared = MersenneTwister(seed: seed)
            var starts: [MersenneTwister] = []
            starts.reserveCapacity(binCount)
            for bin in 0..<binCount {
                starts.append(shared)
                // Two words a number.
                if bin < binCount - 1 { shared.skip(2 * frameCount) }
            }
            generator = .numpy(starts)
            blockFrameCount = Self.blockFrameCount
        }
        turns = [Double](repeating: 0, count: blockFrameCount * binCount)
        nextFrame = blockFrameCount
    }

    /// Writes magnitude x exp(i phase), real and imaginary part in turn.
    mutating func fill(_ magnitudes: UnsafePointer<Float>, into spectrum: UnsafeMutablePointer<Float>) {
        if nextFrame * binCount == turns.count { draw() }
        let start = nextFrame * binCount
        turns.withUnsafeBufferPointer { turns in
            guard let base = turns.baseAddress else { return }
            SpectralKernels.turn(base + start, magnitudes: magnitudes, into: spectrum, count: binCount)
        }
        nextFrame += 1
    }

    private mutating func draw() {
        nextFrame = 0
        let (binCount, frameCount) = (binCount, turns.count / binCount)
        // Leaves only one owner, so that drawing does not copy 2500 bytes a bin.
        let taken = generator
        generator = .none
        turns.withUnsafeMutableBufferPointer { turns in
            guard let base = turns.baseAddress else { return }
            switch consume taken {
            case .none: break
            case .own(var own):
                for bin in 0..<binCount { base[bin] = own.uniformDouble() }
                generator = .own(own)
            case .numpy(var generators):
                for bin in 0..<binCount {
                    generators[bin].randomSamples(base + bin, count: frameCount, stride: binCount)
                }
                generator = .numpy(generators)
            }
        }
    }
}
