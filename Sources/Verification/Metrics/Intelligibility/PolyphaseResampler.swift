import Glibc
import NumericCore

/// Resampling by p / q with the windowed sinc that Octave's `resample` designs and pystoi uses.
///
/// Rejection 60 dB, cutoff 1 / (2 max(p, q)), roll-off a tenth of it; the signal is zero beyond its ends and the filter's
/// delay is taken out, so that output sample m stands at input time m q / p.
struct PolyphaseResampler: Sendable {
    /// Interpolation and decimation, without common factors.
    let up: Int
    let down: Int
    /// The whole filter, times `up`.
    let taps: [Double]

    private var half: Int { taps.count / 2 }

    /// - Parameters:
    ///   - from: Rate of the input, above 0.
    ///   - to: Rate of the output, above 0.
    init(from: Int, to: Int) {
        let divisor = Self.greatestCommonDivisor(from, to)
        (up, down) = (to / divisor, from / divisor)
        taps = up == down ? [1] : Self.design(up: up, down: down)
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }

    private static func design(up: Int, down: Int) -> [Double] {
        let cutoff = 1 / (2 * Double(max(up, down)))
        let rollOff = cutoff / 10
        let rejection = 60.0
        let half = Int(((rejection - 8) / (28.714 * rollOff)).rounded(.up))
        let beta = 0.1102 * (rejection - 8.7)
        let taps = (-half...half).map { t in
            let angle = Double.pi * 2 * cutoff * Double(t)
            let ideal = 2 * Double(up) * cutoff * (t == 0 ? 1 : sin(angle) / angle)
            let place = Double(t) / Double(half)
            return ideal * bessel(beta * (max(0, 1 - place * place)).squareRoot()) / bessel(beta)
        }
        let sum = taps.reduce(0, +)
        return taps.map { $0 / sum * Double(up) }
    }

    /// The modified Bessel function of order 0 by its power series.
    private static func bessel(_ x: Double) -> Double {
        var (sum, term, k) = (1.0, 1.0, 1.0)
        while term > 1e-18 * sum {
            term *= (x / (2 * k)) * (x / (2 * k))
            sum += term
            k += 1
        }
        return sum
    }

    /// Samples that come out of `count`: ceil(count p / q).
    func outputCount(_ count: Int) -> Int { (count * up + down - 1) / down }

    /// The whole signal at the new rate.
    func resample(_ samples: AudioSamples) -> [Double] {
        if up == down { return samples.doubles }
        let kernel = PolyphaseKernel(taps: taps, up: up, down: down)
        let batch = 4096
        var block = [Double](repeating: 0, count: batch * down / up + kernel.width + 2)
        var output = [Double](repeating: 0, count: outputCount(samples.count))
        for first in stride(from: 0, to: output.count, by: batch) {
            let last = min(first + batch, output.count)
            // Input reached by output m: taps k with k = half + m down - n up in 0 ..< count, so n <= (m down + half) / up.
            let tap = first * down + half
            let origin = kernel.firstInput(tap: tap)
            samples.load(from: origin, count: ((last - 1) * down + half) / up + 1 - origin, into: &block)
            block.withUnsafeBufferPointer { block in
                output.withUnsafeMutableBufferPointer { output in
                    kernel.run(tap: tap, block, into: UnsafeMutableBufferPointer(rebasing: output[first..<last]))
                }
            }
        }
        return output
    }
}
