/// How a signal is cut into overlapping frames: every convention of a short-time transform.
public struct FrameLayout: Sendable, Equatable {
    /// What stands before the first and after the last sample.
    public enum Padding: String, Sendable, CaseIterable {
        /// Nothing: frame t starts at sample t hop, and no frame reaches beyond the signal.
        case none
        /// fftLength / 2 zeros on both sides, so that frame t is centred on sample t hop.
        case zeros
        /// As `zeros`, with the signal mirrored at its first and last sample (which are not repeated).
        case reflection
    }

    /// Samples a frame.
    public let fftLength: Int
    /// Samples of the window; it stands in the middle of the frame, with zeros around it.
    public let windowLength: Int
    /// Samples from one frame to the next.
    public let hopLength: Int
    /// The window's shape.
    public let window: Window
    /// What stands around the signal.
    public let padding: Padding

    /// Checks and keeps a layout.
    ///
    /// - Parameters:
    ///   - fftLength: 1 ... 2^24 samples.
    ///   - windowLength: 1 ... `fftLength`; nil takes `fftLength`.
    ///   - hopLength: At least 1.
    ///   - window: The window's shape.
    ///   - padding: What stands around the signal.
    /// - Throws: `SignalError.invalidSetting`.
    public init(
        fftLength: Int, windowLength: Int? = nil, hopLength: Int, window: Window = .periodicHann,
        padding: Padding = .zeros
    ) throws(SignalError) {
        let windowLength = windowLength ?? fftLength
        guard (1...1 << 24).contains(fftLength) else {
            throw .invalidSetting(name: "fftLength", value: "\(fftLength)", requirement: "1 to \(1 << 24) samples")
        }
        guard (1...fftLength).contains(windowLength) else {
            throw .invalidSetting(
                name: "windowLength", value: "\(windowLength)", requirement: "1 to the frame's \(fftLength) samples")
        }
        guard (1...1 << 24).contains(hopLength) else {
            throw .invalidSetting(name: "hopLength", value: "\(hopLength)", requirement: "1 to \(1 << 24) samples")
        }
        self.init(
            checkedFFTLength: fftLength, windowLength: windowLength, hopLength: hopLength, window: window,
            padding: padding)
    }

    private init(checkedFFTLength: Int, windowLength: Int, hopLength: Int, window: Window, padding: Padding) {
        fftLength = checkedFFTLength
        self.windowLength = windowLength
        self.hopLength = hopLength
        self.window = window
        self.padding = padding
    }

    /// The legacy pipeline's layout: 4096 samples, hop 512, periodic Hann, centred with zeros.
    public static let legacy = FrameLayout(
        checkedFFTLength: 4096, windowLength: 4096, hopLength: 512, window: .periodicHann, padding: .zeros)

    /// Bins of a frame's spectrum: fftLength / 2 + 1, rounded down.
    public var binCount: Int { fftLength / 2 + 1 }

    /// Samples put before the signal, and after it.
    public var padCount: Int { padding == .none ? 0 : fftLength / 2 }

    /// Frames of a signal.
    ///
    /// - Parameter sampleCount: Its length, at least 0.
    /// - Returns: 1 + floor((samples + 2 pad - fftLength) / hop), or 0 when not even one frame fits.
    public func frameCount(sampleCount: Int) -> Int {
        let slack = sampleCount + 2 * padCount - fftLength
        return slack < 0 ? 0 : 1 + slack / hopLength
    }

    /// The window in the middle of `fftLength` numbers; an odd surplus puts the extra zero behind.
    func paddedWindow() -> [Double] {
        let before = (fftLength - windowLength) / 2
        var padded = [Double](repeating: 0, count: fftLength)
        for (index, value) in window.samples(count: windowLength).enumerated() { padded[before + index] = value }
        return padded
    }
}
