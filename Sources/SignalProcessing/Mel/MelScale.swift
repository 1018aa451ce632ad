import Glibc

/// Slaney's mel scale (Auditory Toolbox, 1998): linear below 1000 Hz, logarithmic above.
public enum MelScale {
    private static let hertzPerMel = 200.0 / 3
    private static let kneeHertz = 1000.0
    private static let kneeMel = kneeHertz / hertzPerMel
    private static let logStep = log(6.4) / 27

    /// Mel of a frequency.
    ///
    /// - Parameter hertz: At least 0.
    /// - Returns: 0 at 0 Hz, 15 at 1000 Hz, 42 at 6400 Hz.
    public static func mel(hertz: Double) -> Double {
        hertz < kneeHertz ? hertz / hertzPerMel : kneeMel + log(hertz / kneeHertz) / logStep
    }

    /// Frequency of a mel.
    ///
    /// - Parameter mel: At least 0.
    /// - Returns: Hertz.
    public static func hertz(mel: Double) -> Double {
        mel < kneeMel ? hertzPerMel * mel : kneeHertz * exp(logStep * (mel - kneeMel))
    }

    /// Frequencies that are equally far apart on the mel scale.
    ///
    /// - Parameters:
    ///   - count: At least 2.
    ///   - minimumFrequency: The first, in hertz.
    ///   - maximumFrequency: The last, in hertz.
    /// - Returns: `count` frequencies in hertz.
    public static func frequencies(count: Int, from minimumFrequency: Double, to maximumFrequency: Double) -> [Double] {
        precondition(count >= 2, "\(count) frequencies do not span a range")
        let (first, last) = (mel(hertz: minimumFrequency), mel(hertz: maximumFrequency))
        let step = (last - first) / Double(count - 1)
        return (0..<count).map { hertz(mel: $0 == count - 1 ? last : Double($0) * step + first) }
    }
}
