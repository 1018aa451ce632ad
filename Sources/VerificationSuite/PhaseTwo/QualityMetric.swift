internal import Verification

/// A metric of the round-trip panel under the short name that ids use.
struct QualityMetric: Sendable {
    let name: String
    let metric: Metric

    /// The panel of every version, segment by segment.
    static let panel = [
        QualityMetric(name: "stoi", metric: .stoi), QualityMetric(name: "estoi", metric: .extendedSTOI),
        QualityMetric(name: "snr", metric: .signalToNoise), QualityMetric(name: "si_sdr", metric: .scaleInvariantSDR()),
        QualityMetric(name: "mel", metric: .melDistanceDAC),
        QualityMetric(name: "mrstft", metric: .multiResolutionSTFT),
        QualityMetric(name: "lsd", metric: .logSpectralDistance()),
        QualityMetric(name: "level", metric: .levelDifference),
    ]

    /// What the quality gates ask for.
    static let judged = panel.filter { ["stoi", "snr"].contains($0.name) }
    /// What two codecs are compared by.
    static let compared = panel.filter { ["stoi", "estoi", "si_sdr", "mel", "mrstft", "lsd"].contains($0.name) }

    func plan(_ prefix: String, check: String, title: String, source: String = "", phase: Int = 2) -> FindingPlan {
        let descriptor = metric.descriptor
        return FindingPlan(
            id: "\(prefix).\(name)", check: check, phase: phase, title: "\(descriptor.title), \(title)",
            unit: descriptor.unit, variant: descriptor.id, direction: .init(descriptor.direction),
            source: [descriptor.source, source].filter { !$0.isEmpty }.joined(separator: "; "))
    }
}

/// What the Python system measured for the published 24 kHz codec on its own film (mean of speech, music and mixed
/// excerpts), less a tolerance for another film.
///
/// A codec of that bandwidth must not be worse. The tolerances are one step of the published table's spread between kinds
/// of sound: 0.05 of STOI and 2 dB of SNR.
enum PublishedQuality {
    private static let table: [Double: (snr: Double, stoi: Double)] = [
        1.5: (1.66, 0.649), 3: (3.47, 0.737), 6: (5.94, 0.825), 12: (8.16, 0.895), 24: (9.34, 0.937),
    ]

    /// The least mean that passes, in the metric's unit; nil for a bandwidth that was not published.
    static func bound(_ metric: String, kbps: Double) -> Finding.Bound? {
        guard let row = table[kbps] else { return nil }
        switch metric {
        case "snr": return bound(row.snr, tolerance: 2, unit: " dB", kbps)
        case "stoi": return bound(row.stoi, tolerance: 0.05, unit: "", kbps)
        default: return nil
        }
    }

    private static func bound(_ value: Double, tolerance: Double, unit: String, _ kbps: Double) -> Finding.Bound {
        // Counted in thousandths, so that 0.825 - 0.05 is 0.775.
        let least = ((value - tolerance) * 1000).rounded() / 1000
        return .init(
            least,
            source:
                "the published codec's mean of \(value)\(unit) at \(kbps.bandwidthText) kbps, less \(tolerance)\(unit)")
    }
}
