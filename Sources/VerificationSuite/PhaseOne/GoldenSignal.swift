/// The signal that the goldens of the feature pipeline were made of, integer for integer as their generator makes it:
/// two saws and noise in steps of loudness.
enum GoldenSignal {
    static func samples(_ count: Int) -> [Float] {
        let gates = [8, 5, 3, 0, 7, 2, 6, 1]
        var state = 1
        return (0..<count).map { n in
            state = (state * 1_664_525 + 1_013_904_223) & 0xFFFF_FFFF
            let gate = gates[n >> 12 & 7]
            let low = ((n * 577) & 0xFFFF) - 32768
            let high = ((n * (1201 + 40 * (n >> 13))) & 0xFFFF) - 32768
            let noise = (state >> 16) - 32768
            return Float((low * gate * 2 + high * gate + noise * (gate >> 1)) >> 6) / 32768
        }
    }
}
