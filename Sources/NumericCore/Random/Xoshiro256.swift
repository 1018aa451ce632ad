/// The xoshiro256++ 1.0 generator (Blackman and Vigna, 2019): the default of this package, period 2^256 - 1.
///
/// The sequence of a seed is part of the package's promises: results that depend on it can be repeated anywhere.
public struct Xoshiro256: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Starts a sequence; the four words of state are the first four outputs of `SplitMix64(seed:)`.
    ///
    /// - Parameter seed: Any number.
    public init(seed: UInt64) {
        var spread = SplitMix64(seed: seed)
        self.init(state: (spread.next(), spread.next(), spread.next(), spread.next()))
    }

    /// Starts from a whole state.
    ///
    /// - Parameter state: Four words that are not all 0.
    package init(state: (UInt64, UInt64, UInt64, UInt64)) {
        precondition(state != (0, 0, 0, 0), "a state of four zeros gives zeros for ever")
        self.state = state
    }

    /// The next 64 random bits.
    ///
    /// - Returns: Uniform over all values.
    public mutating func next() -> UInt64 {
        let result = rotate(state.0 &+ state.3, 23) &+ state.0
        let shifted = state.1 &<< 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, 45)
        return result
    }

    private func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { (value &<< count) | (value &>> (64 - count)) }
}
