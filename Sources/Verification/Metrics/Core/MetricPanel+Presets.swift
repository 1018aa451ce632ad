extension MetricPanel {
    /// Everything that says something about any sound, of any length.
    public static let general = MetricPanel([
        .lag, .drift, .polarity, .levelDifference, .loudnessDifference, .addedClipping, .offsetDifference,
        .signalToNoise, .scaleInvariantSDR(), .filteredSDR, .logSpectralDistance(), .spectralConvergence,
        .multiResolutionSTFT, .multiScaleSTFT, .melDistanceDAC, .melDistanceAudiotools, .melCepstralDistortion,
        .modulationDistance,
    ])

    /// What is for speech; of a film only the dialogue.
    public static let speech = MetricPanel([
        .stoi, .extendedSTOI, .segmentalSNR(), .frequencyWeightedSegmentalSNR, .logLikelihoodRatio, .cepstralDistance,
        .weightedSpectralSlope, .visqolSpeech, .speechNSIM,
    ])

    /// Both, and STOI for film audio as context.
    public static let all = MetricPanel(general.metrics + speech.metrics)

    /// What runs over a whole film: the general panel and STOI, not the measures of short speech segments.
    public static let film = MetricPanel(general.metrics + [.stoi, .extendedSTOI])

    /// The conventions of other tools, under their own ids, to compare with published numbers.
    public static let compatible = MetricPanel(
        Metric.ScaleInvariantVariant.allCases.dropFirst().map { .scaleInvariantSDR($0) } + [
            .logSpectralDistance(.power1e8), .segmentalSNR(dropsLastFrame: false), .multiResolutionSTFT,
            .multiScaleSTFT,
            .melDistanceDAC, .melDistanceAudiotools,
        ])
}
