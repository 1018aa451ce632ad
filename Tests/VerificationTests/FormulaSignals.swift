import Glibc

/// The deterministic signals that the golden values were measured on; any language can make them.
enum FormulaSignals {
    /// Uniform numbers in -1 ..< 1 from a 64-bit linear congruential generator (multiplier 6364136223846793005,
    /// increment 1442695040888963407), the upper 53 bits of each state.
    static func noise(_ count: Int, seed: UInt64 = 42) -> [Double] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return 2 * (Double(state >> 11) * 0x1p-53) - 1
        }
    }

    /// 0.1 times twenty harmonics of 120 Hz, swelling at 3.1 Hz, silent from 1.2 to 1.5 s of every 1.5 s.
    static func clean(rate: Int, seconds: Double) -> [Double] {
        (0..<Int(Double(rate) * seconds)).map { n in
            let t = Double(n) / Double(rate)
            let gate = Double(n % Int(1.5 * Double(rate))) < 1.2 * Double(rate)
            guard gate else { return 0 }
            let envelope = (1 - cos(2 * Double.pi * 3.1 * t)) / 2
            var sum = 0.0
            for h in 1...20 { sum += sin(2 * Double.pi * Double(h) * 120 * t + 0.3 * Double(h)) / Double(h) }
            return 0.1 * envelope * sum
        }
    }

    /// `signal + amplitude * noise`.
    static func noisy(_ signal: [Double], _ amplitude: Double, seed: UInt64 = 42) -> [Double] {
        zip(signal, noise(signal.count, seed: seed)).map { $0 + amplitude * $1 }
    }

    /// `signal` later by `samples` (zeros in front), cut to its length.
    static func delayed(_ signal: [Double], _ samples: Int) -> [Double] {
        Array(([Double](repeating: 0, count: samples) + signal).prefix(signal.count))
    }

    /// The sum of squares.
    static func energy(_ signal: [Double]) -> Double { signal.reduce(0) { $0 + $1 * $1 } }
}

/// The C library's functions under names that test files without Glibc can use.
enum PlainCosine {
    static func of(_ x: Double) -> Double { cos(x) }
    static func sine(_ x: Double) -> Double { sin(x) }
    static func logarithm(_ x: Double) -> Double { log10(x) }
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}
