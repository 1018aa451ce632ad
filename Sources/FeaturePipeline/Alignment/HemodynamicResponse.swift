import Glibc

/// Glover's haemodynamic response, sampled once a TR.
///
/// With g(t; k) the gamma density of shape k / 0.9 and scale 0.9 s, the response is g(t - TR; 6) - 0.48 g(t - TR; 12)
/// over 32 s, divided by its largest magnitude. The delay of one TR stands in both kernels: a row of features describes
/// the interval up to the next row, so its effect is counted from that interval's end.
public struct HemodynamicResponse: Sendable, Hashable {
    /// Where the response is evaluated.
    public enum Kernel: String, Sendable, CaseIterable, Codable {
        /// At multiples of the TR up to and including 32 s: what tap i stands for is what it is.
        case sampled
        /// As nilearn's `glover_hrf(oversampling=1)` does it: rint(32 / TR) points spread over 0...32 s inclusive, so
        /// that tap i is used at i TR but belongs to i x 32 / (count - 1) s (1.6 s for a TR of 1.5 s).
        case nilearn
    }

    /// Where the response is evaluated.
    public let kernel: Kernel
    /// The distance of the taps in use.
    public let repetitionTime: RepetitionTime
    /// One value a TR, the largest magnitude 1; the first belongs to the row itself and is 0.
    public let taps: [Double]

    /// Length of the response.
    public static let durationSeconds = 32
    /// TRs that leave at least four taps and at most 641.
    static let allowedSeconds = "0.05 s to 8 s"

    /// Evaluates the response.
    ///
    /// - Parameters:
    ///   - kernel: Where to evaluate it.
    ///   - repetitionTime: 0.05 s to 8 s.
    /// - Throws: ``AlignmentError/repetitionTimeOutOfRange(_:)``.
    public init(_ kernel: Kernel = .sampled, repetitionTime: RepetitionTime = .standard) throws(AlignmentError) {
        let (numerator, denominator) = (repetitionTime.numerator, repetitionTime.denominator)
        guard 20 * numerator >= denominator, numerator <= 8 * denominator else {
            throw .repetitionTimeOutOfRange(repetitionTime)
        }
        self.kernel = kernel
        self.repetitionTime = repetitionTime
        let times = Self.times(kernel, repetitionTime)
        let values = times.map { Self.value(at: $0 - repetitionTime.seconds) }
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        taps = values.map { $0 / largest }
    }

    /// Sum of the taps: what a constant input is multiplied by far from its ends.
    public var gain: Double { taps.reduce(0, +) }

    /// Tap of the largest value: by how many TRs the response to an event peaks after it.
    public var peakIndex: Int { taps.indices.reduce(0) { taps[$1] > taps[$0] ? $1 : $0 } }

    /// ``peakIndex`` in seconds.
    public var peakLatencySeconds: Double { Double(peakIndex) * repetitionTime.seconds }

    private static func times(_ kernel: Kernel, _ repetitionTime: RepetitionTime) -> [Double] {
        let duration = Double(durationSeconds)
        switch kernel {
        case .sampled:
            let count = durationSeconds * repetitionTime.denominator / repetitionTime.numerator + 1
            return (0..<count).map {
                Double($0 * repetitionTime.numerator) / Double(repetitionTime.denominator)
            }
        case .nilearn:
            let count = Int((duration / repetitionTime.seconds).rounded(.toNearestOrEven))
            return evenlySpaced(to: duration, count: count)
        }
    }

    private static func value(at seconds: Double) -> Double {
        gammaDensity(seconds, shape: 6 / 0.9, scale: 0.9) - 0.48 * gammaDensity(seconds, shape: 12 / 0.9, scale: 0.9)
    }

    /// Density of the gamma distribution, 0 at and below 0.
    private static func gammaDensity(_ x: Double, shape: Double, scale: Double) -> Double {
        guard x > 0 else { return 0 }
        let z = x / scale
        return exp((shape - 1) * log(z) - z - lgamma(shape).0) / scale
    }
}

/// `count` points from 0 to `end` inclusive, as NumPy's linspace computes them; one point is 0.
func evenlySpaced(to end: Double, count: Int) -> [Double] {
    guard count > 1 else { return [Double](repeating: 0, count: max(count, 0)) }
    let step = end / Double(count - 1)
    var points = (0..<count).map { Double($0) * step }
    points[count - 1] = end
    return points
}
