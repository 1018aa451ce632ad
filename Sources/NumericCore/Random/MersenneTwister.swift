/// The 32-bit Mersenne Twister (Matsumoto and Nishimura, 1998) with NumPy's legacy rules.
///
/// `MersenneTwister(seed: s).randomSample()` gives the numbers of `numpy.random.RandomState(s).random_sample()`; it is
/// here to repeat what librosa draws, such as the initial phases of Griffin-Lim. New code takes `Xoshiro256`.
public struct MersenneTwister: RandomNumberGenerator, Sendable {
    private static let size = 624
    private static let lag = 397

    private var state: [UInt32]
    private var position = MersenneTwister.size

    /// Starts the sequence of NumPy's integer seed.
    ///
    /// - Parameter seed: 0 ... 2^32 - 1, NumPy's own range.
    public init(seed: UInt32) {
        state = [UInt32](repeating: seed, count: Self.size)
        for index in 1..<Self.size {
            let previous = state[index - 1]
            state[index] = 1_812_433_253 &* (previous ^ (previous &>> 30)) &+ UInt32(index)
        }
    }

    /// The next 32 random bits.
    ///
    /// - Returns: Uniform over all values.
    public mutating func nextWord() -> UInt32 {
        if position == Self.size { regenerate() }
        var word = state[position]
        position += 1
        word ^= word &>> 11
        word ^= (word &<< 7) & 0x9D2C_5680
        word ^= (word &<< 15) & 0xEFC6_0000
        return word ^ (word &>> 18)
    }

    /// Two outputs, the first in the high half.
    ///
    /// - Returns: 64 random bits.
    public mutating func next() -> UInt64 {
        let high = UInt64(nextWord())
        return high &<< 32 | UInt64(nextWord())
    }

    /// NumPy's `random_sample`: 27 bits of one output and 26 of the next, times 2^-53.
    ///
    /// - Returns: A uniform number in 0 ..< 1.
    public mutating func randomSample() -> Double {
        let high = Double(nextWord() &>> 5)
        let low = Double(nextWord() &>> 6)
        return (high * 67_108_864 + low) * 0x1p-53
    }

    /// Goes on as if so many words had been drawn.
    ///
    /// - Parameter count: Words, at least 0; two a `randomSample`.
    public mutating func skip(_ count: Int) {
        precondition(count >= 0, "a generator does not go back \(-count) words")
        var rest = count
        while rest > Self.size - position {
            rest -= Self.size - position
            regenerate()
        }
        position += rest
    }

    /// Draws several numbers as `randomSample` does.
    ///
    /// - Parameters:
    ///   - target: Receives the first number; each further one `stride` places behind.
    ///   - count: At least 0.
    ///   - stride: Distance of two numbers.
    package mutating func randomSamples(_ target: UnsafeMutablePointer<Double>, count: Int, stride: Int) {
        for index in 0..<count { target[index * stride] = randomSample() }
    }

    /// Word i of the next state is made of words i, i + 1 and i + 397 around the circle, the first ones being new already.
    private mutating func regenerate() {
        let (size, lag) = (Self.size, Self.lag)
        state.withUnsafeMutableBufferPointer { state in
            for index in 0..<size - lag {
                state[index] = Self.twisted(state[index], state[index + 1], state[index + lag])
            }
            for index in size - lag..<size - 1 {
                state[index] = Self.twisted(state[index], state[index + 1], state[index + lag - size])
            }
            state[size - 1] = Self.twisted(state[size - 1], state[0], state[lag - 1])
        }
        position = 0
    }

    @inline(__always)
    private static func twisted(_ high: UInt32, _ low: UInt32, _ other: UInt32) -> UInt32 {
        let joined = (high & 0x8000_0000) | (low & 0x7FFF_FFFF)
        return other ^ (joined &>> 1) ^ ((0 &- (joined & 1)) & 0x9908_B0DF)
    }
}
