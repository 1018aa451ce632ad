private let spectralInput = "any sound; constants were chosen near 24 kHz; alignment within half a window"

extension Metric {
    private static func spectral(
        _ id: String, _ title: String, range: ClosedRange<Double> = .nonNegative, blind: String = "phase, small shifts",
        source: String, fftLength: Int, compute: @escaping @Sendable (AudioPair) -> MetricResult
    ) -> Metric {
        Metric(
            MetricDescriptor(
                id: id, title: title, unit: "1", direction: .lowerIsBetter, range: range, validInput: spectralInput,
                blindSpots: blind, source: source),
            minimumCount: { _ in fftLength / 2 + 1 }, minimumRate: 1000, silentTest: .measured, compute: compute)
    }

    /// Spectral convergence ||X| - |Y|| / ||X|| (Frobenius norms), 2048-point frames, hop 512, no floor.
    public static let spectralConvergence = spectral(
        "spectral_convergence.2048.512", "spectral convergence",
        source: "Sturmel and Daudet 2011, against the reference",
        fftLength: 2048
    ) { pair in
        let layout = MultiScaleSpectra.torchLayout(2048, hop: 512, window: 2048)
        return .value(MultiScaleSpectra.convergenceAndLog(pair, layout, floor: 0).convergence)
    }

    /// auraloss 0.4's MultiResolutionSTFTLoss with its defaults, one pair at a time.
    public static let multiResolutionSTFT = spectral(
        "mrstft.auraloss0.4", "multi-resolution STFT",
        source: "auraloss 0.4 defaults: sc + log magnitude, mean of three",
        fftLength: 2048
    ) { pair in
        var (total, details): (Double, [(String, Double)]) = (0, [])
        for (fftLength, hop, window) in [(1024, 120, 600), (2048, 240, 1200), (512, 50, 240)] {
            let layout = MultiScaleSpectra.torchLayout(fftLength, hop: hop, window: window)
            let terms = MultiScaleSpectra.convergenceAndLog(pair, layout, floor: 1e-8)
            total += (terms.convergence + terms.logMagnitude) / 3
            details.append(("convergence_\(fftLength)", terms.convergence))
            details.append(("log_magnitude_\(fftLength)", terms.logMagnitude))
        }
        return .value(Measurement(total, details: details))
    }

    /// audiotools' MultiScaleSTFTLoss with its defaults, as the Descript codec reports it.
    public static let multiScaleSTFT = spectral(
        "msstft.audiotools", "multi-scale STFT", source: "audiotools MultiScaleSTFTLoss: windows 2048 and 512",
        fftLength: 2048
    ) { pair in
        var (total, details): (Double, [(String, Double)]) = (0, [])
        for window in [2048, 512] {
            let layout = MultiScaleSpectra.torchLayout(window, hop: window / 4, window: window)
            let terms = MultiScaleSpectra.audiotoolsTerms(pair, layout, floor: 1e-5)
            total += terms.log + terms.magnitude
            details.append(("log_\(window)", terms.log))
            details.append(("magnitude_\(window)", terms.magnitude))
        }
        return .value(Measurement(total, details: details))
    }

    /// The Descript codec's mel distance: seven scales, logarithmic only.
    public static let melDistanceDAC = spectral(
        "mel.dac.7scales", "mel distance (DAC)",
        source: "DAC training: windows 32 ... 2048, 5 ... 320 Slaney mels of magnitudes, clamp 1e-5, power 1, log only",
        fftLength: 2048
    ) { pair in
        var (total, details): (Double, [(String, Double)]) = (0, [])
        for (window, melCount) in zip([32, 64, 128, 256, 512, 1024, 2048], [5, 10, 20, 40, 80, 160, 320]) {
            let layout = MultiScaleSpectra.torchLayout(window, hop: window / 4, window: window)
            let terms = MultiScaleSpectra.melTerms(pair, layout, melCount: melCount, power: 1, floor: 1e-5)
            total += terms.log
            details.append(("log_\(window)", terms.log))
        }
        return .value(Measurement(total, details: details))
    }

    /// audiotools' MelSpectrogramLoss with its defaults.
    public static let melDistanceAudiotools = spectral(
        "mel.audiotools.150.80", "mel distance (audiotools)",
        source: "audiotools MelSpectrogramLoss: (150 mels, 2048) and (80, 512), power 2, log and linear",
        fftLength: 2048
    ) { pair in
        var (total, details): (Double, [(String, Double)]) = (0, [])
        for (window, melCount) in [(2048, 150), (512, 80)] {
            let layout = MultiScaleSpectra.torchLayout(window, hop: window / 4, window: window)
            let terms = MultiScaleSpectra.melTerms(pair, layout, melCount: melCount, power: 2, floor: 1e-5)
            total += terms.log + terms.magnitude
            details.append(("log_\(window)", terms.log))
            details.append(("magnitude_\(window)", terms.magnitude))
        }
        return .value(Measurement(total, details: details))
    }
}
