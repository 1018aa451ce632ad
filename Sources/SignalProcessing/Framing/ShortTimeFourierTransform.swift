internal import NumericCore

/// The short-time Fourier transform and its inverse, by the conventions of librosa 0.11.
///
/// Forward: X[t, k] = sum over n of w[n] x[t hop + n - pad] exp(-2 pi i k n / fftLength), not scaled. Inverse: windowed
/// overlap-add divided by the sum of squared windows. Both compute in `Double` and round once, to `Float`.
public struct ShortTimeFourierTransform: Sendable {
    /// How signals are cut.
    public let layout: FrameLayout
    private let window: [Double]
    private let transform: RealFourierTransform<Double>

    /// Plans a transform.
    ///
    /// - Parameter layout: How signals are cut.
    public init(_ layout: FrameLayout) {
        self.layout = layout
        window = layout.paddedWindow()
        transform = RealFourierTransform(length: layout.fftLength)
    }

    /// Transforms a whole signal.
    ///
    /// - Parameter signal: Any length; see `FrameLayout.frameCount(sampleCount:)`. Without samples, zero padding gives
    ///   frames of zeros and mirroring is refused.
    /// - Returns: One spectrum a frame.
    /// - Throws: `SignalError.notFinite`, or `.wrongSize` for a signal shorter than a frame that is not padded.
    public func forward(_ signal: [Float]) throws(SignalError) -> Spectrogram {
        try InputCheck.finite(signal, "Samples")
        try requireFrames(sampleCount: signal.count)
        let rowCount = 2 * layout.binCount
        var values: [Float] = []
        values.reserveCapacity(layout.frameCount(sampleCount: signal.count) * rowCount)
        let workspace = SpectrumWorkspace(layout)
        var frames = FrameStream(layout)
        let take: (Span<Float>) -> Void = { frame in
            self.spectrum(of: frame, workspace)
            for index in 0..<rowCount { values.append(Float(workspace.spectrum[index])) }
        }
        frames.append(signal, take)
        frames.finish(take)
        return Spectrogram(checked: values, binCount: layout.binCount)
    }

    /// Rebuilds the signal whose spectra these are; exact but for rounding wherever the windows cover it.
    ///
    /// Samples that no window reaches (the sum of squares is below the least normal `Float`) are left as added up.
    ///
    /// - Parameters:
    ///   - spectrogram: Of this layout.
    ///   - sampleCount: Length wanted, 0 for as much as the frames hold after the padding is removed,
    ///     (frames - 1) hop + fftLength - 2 pad; a longer wish is filled with zeros.
    /// - Returns: The signal; empty without frames.
    /// - Throws: `SignalError.wrongSize` for another bin count, `.notFinite`.
    public func inverse(_ spectrogram: Spectrogram, sampleCount: Int? = nil) throws(SignalError) -> [Float] {
        guard spectrogram.binCount == layout.binCount else {
            throw .wrongSize(
                what: "Bins a frame", found: "\(spectrogram.binCount)",
                requirement: "a frame of \(layout.fftLength) samples has \(layout.binCount)")
        }
        if let sampleCount, sampleCount < 0 {
            throw .invalidSetting(name: "sampleCount", value: "\(sampleCount)", requirement: "0 or more")
        }
        try InputCheck.finite(spectrogram.values, "Spectrum values")
        let frameCount = spectrogram.frameCount
        if frameCount == 0 { return [Float](repeating: 0, count: sampleCount ?? 0) }
        let paddedCount = layout.fftLength + layout.hopLength * (frameCount - 1)
        var sum = [Double](repeating: 0, count: paddedCount)
        var envelope = [Double](repeating: 0, count: paddedCount)
        overlapAdd(spectrogram, &sum, &envelope)
        let count = sampleCount ?? max(0, paddedCount - 2 * layout.padCount)
        return (0..<count).map { index in
            let position = index + layout.padCount
            guard position < paddedCount else { return 0 }
            let weight = envelope[position]
            return Float(weight > Double(Float.leastNormalMagnitude) ? sum[position] / weight : sum[position])
        }
    }

    private func overlapAdd(_ spectrogram: Spectrogram, _ sum: inout [Double], _ envelope: inout [Double]) {
        var row = [Double](repeating: 0, count: 2 * layout.binCount)
        var samples = [Double](repeating: 0, count: layout.fftLength)
        for frame in 0..<spectrogram.frameCount {
            for index in row.indices { row[index] = Double(spectrogram.values[frame * row.count + index]) }
            var span = samples.mutableSpan
            transform.inverse(row.span, into: &span)
            let start = frame * layout.hopLength
            for index in 0..<layout.fftLength {
                sum[start + index] += window[index] * samples[index]
                envelope[start + index] += window[index] * window[index]
            }
        }
    }

    /// Windows a frame and transforms it into the workspace's spectrum.
    func spectrum(of frame: Span<Float>, _ workspace: SpectrumWorkspace) {
        precondition(frame.count == window.count, "a frame of \(frame.count) samples, not \(window.count)")
        let windowed = workspace.windowed
        window.withUnsafeBufferPointer { window in
            frame.withUnsafeBufferPointer { frame in
                for index in 0..<window.count { windowed[index] = window[index] * Double(frame[index]) }
            }
        }
        transform.forwardAligned(windowed, into: workspace.spectrum)
    }

    func requireFrames(sampleCount: Int) throws(SignalError) {
        let least =
            switch layout.padding {
            case .none: layout.fftLength
            case .zeros: 0
            case .reflection: 1
            }
        guard sampleCount >= least else {
            throw .wrongSize(
                what: "Samples", found: "\(sampleCount)",
                requirement: "padding \(layout.padding.rawValue) needs at least \(least)")
        }
    }
}
