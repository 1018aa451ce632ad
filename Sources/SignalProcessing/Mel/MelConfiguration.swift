/// Every convention of a mel spectrogram.
public struct MelConfiguration: Sendable, Equatable {
    /// Samples a second, in hertz.
    public let sampleRate: Int
    /// How the signal is cut into frames.
    public let layout: FrameLayout
    /// Mel filters.
    public let melBinCount: Int
    /// Where the first filter starts, in hertz.
    public let minimumFrequency: Double
    /// Where the last filter ends, in hertz.
    public let maximumFrequency: Double
    /// How filters are scaled.
    public let normalization: MelFilterBank.Normalization

    /// Checks and keeps a configuration; the scale is Slaney's and the spectra are power spectra.
    ///
    /// - Parameters:
    ///   - sampleRate: In hertz, 1 ... 10 million.
    ///   - layout: How the signal is cut.
    ///   - melBinCount: 1 ... 65,536.
    ///   - minimumFrequency: In hertz, at least 0.
    ///   - maximumFrequency: In hertz, above `minimumFrequency` and at most half the sample rate; nil takes that half.
    ///   - normalization: How filters are scaled.
    /// - Throws: `SignalError.invalidSetting`.
    public init(
        sampleRate: Int, layout: FrameLayout, melBinCount: Int, minimumFrequency: Double = 0,
        maximumFrequency: Double? = nil, normalization: MelFilterBank.Normalization = .slaneyArea
    ) throws(SignalError) {
        let half = Double(sampleRate) / 2
        let maximumFrequency = maximumFrequency ?? half
        guard (1...10_000_000).contains(sampleRate) else {
            throw .invalidSetting(name: "sampleRate", value: "\(sampleRate)", requirement: "1 to 10000000 Hz")
        }
        guard (1...65_536).contains(melBinCount) else {
            throw .invalidSetting(name: "melBinCount", value: "\(melBinCount)", requirement: "1 to 65536")
        }
        guard minimumFrequency >= 0, minimumFrequency < half else {
            throw .invalidSetting(
                name: "minimumFrequency", value: "\(minimumFrequency)", requirement: "0 Hz or more and below \(half) Hz"
            )
        }
        guard maximumFrequency > minimumFrequency, maximumFrequency <= half else {
            throw .invalidSetting(
                name: "maximumFrequency", value: "\(maximumFrequency)",
                requirement: "above \(minimumFrequency) Hz and at most \(half) Hz")
        }
        self.init(
            checkedRate: sampleRate, layout: layout, melBinCount: melBinCount,
            frequencies: minimumFrequency...maximumFrequency, normalization: normalization)
    }

    private init(
        checkedRate: Int, layout: FrameLayout, melBinCount: Int, frequencies: ClosedRange<Double>,
        normalization: MelFilterBank.Normalization
    ) {
        sampleRate = checkedRate
        self.layout = layout
        self.melBinCount = melBinCount
        minimumFrequency = frequencies.lowerBound
        maximumFrequency = frequencies.upperBound
        self.normalization = normalization
    }

    /// The legacy pipeline's: 22,050 Hz, frames of 4096 every 512 samples, 2048 filters from 0 to 11,025 Hz.
    public static let legacy = MelConfiguration(
        checkedRate: 22_050, layout: .legacy, melBinCount: 2048, frequencies: 0...11_025, normalization: .slaneyArea)

    /// The filters of this configuration.
    public var filterBank: MelFilterBank {
        MelFilterBank(
            melBinCount: melBinCount, fftLength: layout.fftLength, sampleRate: Double(sampleRate),
            frequencies: minimumFrequency...maximumFrequency, normalization: normalization)
    }
}
