public import NumericCore

/// Fast Griffin-Lim (Perraudin, Balazs and Sondergaard, 2013) with librosa 0.11's update: a signal for given magnitudes.
///
/// All iterations run side by side over a window of `iterationCount x (fftLength / hop - 1)` frames, so that a film of
/// any length needs the same few megabytes, and the result is the same as iterating over the whole film.
public struct GriffinLim: Sendable {
    /// How the signal is cut; padded with zeros.
    public let layout: FrameLayout
    /// Rounds of synthesis and analysis.
    public let iterationCount: Int
    /// 0 is the original algorithm; librosa takes 0.99.
    public let momentum: Float

    /// Checks and keeps the settings.
    ///
    /// - Parameters:
    ///   - layout: Padded with zeros; an even `fftLength` that is a multiple of `hopLength`.
    ///   - iterationCount: 0 ... 10,000; with 0 the signal has the initial phases.
    ///   - momentum: 0 ... 1.
    /// - Throws: `SignalError.invalidSetting`.
    public init(_ layout: FrameLayout, iterationCount: Int = 32, momentum: Float = 0.99) throws(SignalError) {
        guard layout.padding == .zeros else {
            throw .invalidSetting(name: "padding", value: layout.padding.rawValue, requirement: "zeros")
        }
        guard layout.fftLength.isMultiple(of: 2), layout.fftLength.isMultiple(of: layout.hopLength) else {
            throw .invalidSetting(
                name: "fftLength", value: "\(layout.fftLength)",
                requirement: "even and a multiple of the hop of \(layout.hopLength) samples")
        }
        guard (0...10_000).contains(iterationCount) else {
            throw .invalidSetting(name: "iterationCount", value: "\(iterationCount)", requirement: "0 to 10000")
        }
        guard momentum >= 0, momentum <= 1 else {
            throw .invalidSetting(name: "momentum", value: "\(momentum)", requirement: "0 to 1")
        }
        self.layout = layout
        self.iterationCount = iterationCount
        self.momentum = momentum
    }

    /// Makes a signal whose spectra have these magnitudes as nearly as possible.
    ///
    /// - Parameters:
    ///   - magnitudes: Frames x bins, finite and at least 0.
    ///   - phases: Where the phases start.
    ///   - sampleCount: See `makeStream(frameCount:sampleCount:phases:)`.
    /// - Returns: The signal; empty without frames.
    /// - Throws: `SignalError.wrongSize`, `.notFinite`, `.negative` or `.invalidSetting`.
    public func signal(
        of magnitudes: Tensor<Float>, phases: InitialPhases, sampleCount: Int? = nil
    ) throws(SignalError) -> [Float] {
        guard magnitudes.rank == 2, magnitudes.shape[1] == layout.binCount else {
            throw .wrongSize(
                what: "Magnitudes", found: "shape \(magnitudes.shape)",
                requirement: "frames x \(layout.binCount) are wanted")
        }
        let stream = try makeStream(frameCount: magnitudes.shape[0], sampleCount: sampleCount, phases: phases)
        var result: [Float] = []
        try stream.append(magnitudes) { result.append(contentsOf: $0) }
        return result
    }

    /// Starts a signal whose magnitudes arrive in pieces.
    ///
    /// - Parameters:
    ///   - frameCount: Frames that will come, at least 0.
    ///   - sampleCount: Length of the signal; must have `frameCount` frames, (frames - 1) hop ..< frames hop. Nil takes
    ///     the least, as librosa does; the length of the source restores it.
    ///   - phases: Where the phases start.
    /// - Returns: A stream at its start.
    /// - Throws: `SignalError.invalidSetting`.
    public func makeStream(
        frameCount: Int, sampleCount: Int? = nil, phases: InitialPhases
    ) throws(SignalError) -> GriffinLimStream {
        guard frameCount >= 0 else {
            throw .invalidSetting(name: "frameCount", value: "\(frameCount)", requirement: "0 or more")
        }
        let least = max(0, frameCount - 1) * layout.hopLength
        let sampleCount = sampleCount ?? least
        let most = frameCount == 0 ? 0 : least + layout.hopLength - 1
        guard (least...most).contains(sampleCount) else {
            throw .invalidSetting(
                name: "sampleCount", value: "\(sampleCount)",
                requirement: "\(least) to \(most), which have \(frameCount) frames")
        }
        return GriffinLimStream(self, frameCount: frameCount, sampleCount: sampleCount, phases: phases)
    }
}
