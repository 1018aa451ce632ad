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

    private mutating func regenerate() {
        for index in 0..<Self.size {
            let joined = (state[index] & 0x8000_0000) | (state[(index + 1) % Self.size] & 0x7FFF_FFFF)
            let twist: UInt32 = joined.isMultiple(of: 2) ? 0 : 0x9908_B0DF
            state[index] = state[(index + Self.lag) % Self.size] ^ (joined &>> 1) ^ twist
        }
        position = 0
    }
}
