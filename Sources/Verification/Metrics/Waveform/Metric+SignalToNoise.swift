import Glibc

extension Metric {
    /// Signal-to-noise ratio, 10 log10(|x|^2 / |x - y|^2): everything that differs is noise, level and delay included.
    public static let signalToNoise = Metric(
        MetricDescriptor(
            id: "snr", title: "SNR", unit: "dB", direction: .higherIsBetter, range: .anyNumber,
            validInput: "any sound, sample-exact alignment", blindSpots: "none; a delay of one sample ruins it",
            source: "definition"),
        silentTest: .measured
    ) { pair in
        let (signal, noise, _) = PairMoments.accumulate(pair) { x, y in (x * x, (x - y) * (x - y), 0) }
        if noise == 0 { return .value(Measurement(.infinity, limit: .identical)) }
        return .value(10 * log10(signal / noise))
    }

    /// How scale-invariant SNR is computed by whom.
    public enum ScaleInvariantVariant: String, Sendable, CaseIterable {
        /// Means removed, no epsilon: this project's definition.
        case zeroMean = "zm"
        /// Means kept, no epsilon: fast_bss_eval, VERSA.
        case plain = "nozm"
        /// Means removed, 1e-8 in every denominator and inside the logarithm: auraloss 0.4.
        case auraloss = "auraloss0.4"
        /// Means removed, 1e-8 added to both sums and inside the logarithm: audiotools.
        case audiotools
    }

    /// Scale-invariant signal-to-distortion ratio: the test signal's part along x against the rest.
    ///
    /// - Parameter variant: Whose convention; the ids differ.
    /// - Returns: The metric.
    public static func scaleInvariantSDR(_ variant: ScaleInvariantVariant = .zeroMean) -> Metric {
        Metric(
            MetricDescriptor(
                id: "si_sdr." + variant.rawValue, title: "SI-SDR", unit: "dB", direction: .higherIsBetter,
                range: .anyNumber, validInput: "any sound, sample-exact alignment",
                blindSpots: "loudness, polarity" + (variant == .plain ? "" : ", DC"),
                source: "Le Roux et al. 2019; eps rules of " + variant.rawValue),
            minimumCount: { _ in variant == .plain ? 1 : 2 }, silentTest: .measured
        ) { scaleInvariant($0, variant) }
    }

    private static func scaleInvariant(_ pair: AudioPair, _ variant: ScaleInvariantVariant) -> MetricResult {
        let moments = PairMoments(pair, removingMeans: variant != .plain)
        // What is left of a constant after its mean is removed is rounding, some 1e-32 of its energy.
        let n = Double(moments.count)
        let flat = { (energy: Double, mean: Double) in energy <= 1e-26 * (energy + n * mean * mean) }
        if flat(moments.xx, moments.referenceMean) { return .notApplicable(.silentReference) }
        let eps = variant == .auraloss || variant == .audiotools ? 1e-8 : 0
        if eps == 0, flat(moments.yy, moments.testMean) {
            return .value(Measurement(-.infinity, limit: .silentTest))
        }
        let scale =
            variant == .audiotools ? (moments.xy + eps) / (moments.xx + eps) : moments.xy / (moments.xx + eps)
        let (mx, my) = (moments.referenceMean, moments.testMean)
        let (target, rest, _) = PairMoments.accumulate(pair) { x, y in
            let e = scale * (x - mx)
            let r = (y - my) - e
            return (e * e, r * r, 0)
        }
        if eps > 0 { return .value(10 * log10(target / (rest + (variant == .auraloss ? eps : 0)) + eps)) }
        // A rest of some 1e-32 is the rounding of equal signals.
        if rest <= 1e-29 * target { return .value(Measurement(.infinity, limit: .identical)) }
        if target == 0 { return .value(Measurement(-.infinity, limit: .silentTest)) }
        return .value(10 * log10(target / rest))
    }
}
