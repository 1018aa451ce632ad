extension Metric {
    private static func speech(
        _ id: String, _ title: String, unit: String, _ direction: MetricDescriptor.Direction,
        _ range: ClosedRange<Double>,
        blind: String, source: String, silentTest: SilentTest = .measured,
        minimumCount: @escaping @Sendable (Int) -> Int = { SpeechFrames.minimumCount($0) },
        compute: @escaping @Sendable (AudioPair) -> MetricResult
    ) -> Metric {
        Metric(
            MetricDescriptor(
                id: id, title: title, unit: unit, direction: direction, range: range,
                validInput: "speech at 8 kHz and above, sample-exact alignment", blindSpots: blind, source: source),
            minimumCount: minimumCount, minimumRate: 8000, silentTest: silentTest, compute: compute)
    }

    /// Segmental SNR after Loizou: frames of 30 ms, each limited to -10 to 35 dB.
    ///
    /// - Parameter dropsLastFrame: Loizou's programs leave the last frame out; the ids differ.
    /// - Returns: The metric.
    public static func segmentalSNR(dropsLastFrame: Bool = true) -> Metric {
        speech(
            dropsLastFrame ? "snrseg.loizou.30ms" : "snrseg.all_frames.30ms", "SNRseg", unit: "dB", .higherIsBetter,
            -10...35, blind: "what happens beyond the limits; counts silent frames as -10 dB",
            source: "Loizou 2013; eps rule of pysepm"
        ) { SegmentalSNR.plain($0, dropsLast: dropsLastFrame) }
    }

    /// Frequency-weighted segmental SNR after Loizou: 25 critical bands, weights E^0.2.
    public static let frequencyWeightedSegmentalSNR = speech(
        "fwsnrseg.loizou.25bands", "fwSNRseg", unit: "dB", .higherIsBetter, -10...35,
        blind: "level of each frame, above 4 kHz", source: "Hu and Loizou 2008; silent reference frames left out"
    ) { SegmentalSNR.weighted($0) }

    /// Log-likelihood ratio of linear prediction filters.
    public static let logLikelihoodRatio = speech(
        "llr.loizou.best95", "LLR", unit: "1", .lowerIsBetter, 0...2, blind: "level, pitch, phase",
        source: "Hu and Loizou 2008; frames clipped at 2; frames in which either signal is silent left out",
        silentTest: .notApplicable
    ) { LinearPrediction.measure($0, LinearPrediction.logLikelihoodRatio) }

    /// Cepstral distance of linear prediction filters.
    public static let cepstralDistance = speech(
        "cd.lpc.best95", "cepstral distance", unit: "dB", .lowerIsBetter, 0...10, blind: "level, pitch, phase",
        source: "Kitawaki et al. 1988; frames limited to 0 ... 10; frames in which either signal is silent left out",
        silentTest: .notApplicable
    ) { LinearPrediction.measure($0, LinearPrediction.cepstralDistance) }

    /// Klatt's weighted spectral slope distance.
    public static let weightedSpectralSlope = speech(
        "wss.klatt.best95", "WSS", unit: "1", .lowerIsBetter, .nonNegative, blind: "level, phase, above 4 kHz",
        source: "Klatt 1982 in Loizou's form: Kmax 20, Kloc 1"
    ) { WeightedSpectralSlope.measure($0) }

    /// Mel-cepstral distortion from Slaney bands; not comparable with WORLD-based values.
    public static let melCepstralDistortion = speech(
        "mcd.slaney40.1024.256.d1-13", "MCD (MFCC)", unit: "dB", .lowerIsBetter, .nonNegative,
        blind: "level (c0 left out), pitch, phase", source: "own variant; Kubichek 1993 without WORLD and without DTW",
        minimumCount: { _ in 513 }
    ) { MelCepstralDistortion.measure($0) }
}
