import Glibc

/// Mean over frames of the root mean square difference of log powers, 2048-point frames, hop 512.
enum LogSpectralDistance {
    private static let layout = MultiScaleSpectra.torchLayout(2048, hop: 512, window: 2048)

    /// - Parameters:
    ///   - pair: Equal lengths, above 1024 samples.
    ///   - floor: Smallest power; smaller ones are raised to it.
    /// - Returns: Mean of sqrt(mean (log10 Px - log10 Py)^2) and the share of reference or test cells raised.
    static func measure(_ pair: AudioPair, floor: Double) -> (distance: Double, clampedShare: Double) {
        var sum = CompensatedSum()
        var (frames, clamped) = (0, 0)
        PairSpectra(layout).forEachBatch(pair) { x, y, frameCount in
            for frame in 0..<frameCount {
                let offset = frame * layout.binCount
                var squares = 0.0
                for index in offset..<offset + layout.binCount {
                    if x[index] < floor || y[index] < floor { clamped += 1 }
                    let step = log10(max(x[index], floor) / max(y[index], floor))
                    squares += step * step
                }
                sum.add((squares / Double(layout.binCount)).squareRoot())
            }
            frames += frameCount
        }
        return (sum.value / Double(frames), Double(clamped) / Double(frames * layout.binCount))
    }

    /// The largest power of the reference.
    static func peakPower(_ pair: AudioPair) -> Double {
        var peak = 0.0
        PairSpectra(layout).forEachBatch(pair.reference) { x, frameCount in
            for index in 0..<frameCount * layout.binCount { peak = max(peak, x[index]) }
        }
        return peak
    }
}

extension Metric {
    /// Where the log-spectral distance stops looking down.
    public enum LogSpectralFloor: Sendable {
        /// 80 dB below the largest power of the reference: this project's definition, so that silence cannot decide.
        case belowPeak80
        /// Powers below 1e-8 count as 1e-8, as scripts around auraloss do.
        case power1e8
    }

    /// Log-spectral distance in dB (10 log10 of powers).
    ///
    /// - Parameter floor: Where it stops looking down; the ids differ.
    /// - Returns: The metric.
    public static func logSpectralDistance(_ floor: LogSpectralFloor = .belowPeak80) -> Metric {
        let id =
            switch floor {
            case .belowPeak80: "lsd.2048.512.floor_peak-80dB"
            case .power1e8: "lsd.2048.512.floor_1e-8"
            }
        return Metric(
            MetricDescriptor(
                id: id, title: "LSD", unit: "dB", direction: .lowerIsBetter, range: .nonNegative,
                validInput: "any sound; alignment within half a window", blindSpots: "phase, small shifts",
                source: "Gray and Markel 1976 on power spectra, periodic Hann, mirrored ends"),
            minimumCount: { _ in 1025 }, minimumRate: 1000, silentTest: .measured
        ) { pair in
            let limit =
                switch floor {
                case .belowPeak80: LogSpectralDistance.peakPower(pair) * 1e-8
                case .power1e8: 1e-8
                }
            guard limit > 0 else { return .notApplicable(.silentReference) }
            let result = LogSpectralDistance.measure(pair, floor: limit)
            return .value(Measurement(10 * result.distance, details: [("clamped_share", result.clampedShare)]))
        }
    }
}
