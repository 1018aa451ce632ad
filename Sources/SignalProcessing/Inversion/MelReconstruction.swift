public import NumericCore

/// Sound from mel power, as `librosa.feature.inverse.mel_to_audio`: least squares, then Griffin-Lim.
///
/// Works through a film in blocks of frames: besides the mel power and the signal it holds 10 MB, whatever the length.
public struct MelReconstruction: Sendable {
    /// From mel power to magnitudes.
    public let inversion: MelInversion
    /// From magnitudes to sound.
    public let griffinLim: GriffinLim
    private static let blockFrameCount = 64

    /// Joins the two steps.
    ///
    /// - Parameters:
    ///   - inversion: Of the filters that made the mel power.
    ///   - griffinLim: Of the same frame length.
    /// - Throws: `SignalError.wrongSize` when the filters and the frames have different bins.
    public init(_ inversion: MelInversion, _ griffinLim: GriffinLim) throws(SignalError) {
        guard inversion.filterBank.spectrumBinCount == griffinLim.layout.binCount else {
            throw .wrongSize(
                what: "Griffin-Lim's bins", found: "\(griffinLim.layout.binCount)",
                requirement: "the filters were made for \(inversion.filterBank.spectrumBinCount)")
        }
        self.inversion = inversion
        self.griffinLim = griffinLim
    }

    /// librosa's defaults for a configuration: 32 iterations with momentum 0.99.
    ///
    /// - Parameter configuration: Padded with zeros, the hop a divisor of the frame.
    /// - Throws: `SignalError.invalidSetting`.
    public init(_ configuration: MelConfiguration) throws(SignalError) {
        try self.init(MelInversion(configuration.filterBank), GriffinLim(configuration.layout))
    }

    /// Makes a signal.
    ///
    /// - Parameters:
    ///   - melPower: Frames x filters, finite and at least 0; relative to 1, not to a maximum, if the level matters.
    ///   - phases: Where the phases start.
    ///   - sampleCount: Length wanted, within one hop of what the frames hold; see `GriffinLim`.
    /// - Returns: The signal; empty without frames.
    /// - Throws: `SignalError.wrongSize`, `.notFinite`, `.negative` or `.invalidSetting`; checked before the work begins.
    public func signal(
        ofMelPower melPower: Tensor<Float>, phases: InitialPhases, sampleCount: Int? = nil
    ) throws(SignalError) -> [Float] {
        let width = inversion.filterBank.melBinCount
        guard melPower.rank == 2, melPower.shape[1] == width else {
            throw .wrongSize(
                what: "Mel power", found: "shape \(melPower.shape)", requirement: "frames x \(width) are wanted")
        }
        try InputCheck.nonNegative(melPower.elements, "Mel powers")
        let frameCount = melPower.shape[0]
        let stream = try griffinLim.makeStream(frameCount: frameCount, sampleCount: sampleCount, phases: phases)
        var result: [Float] = []
        result.reserveCapacity(frameCount * griffinLim.layout.hopLength)
        for first in stride(from: 0, to: frameCount, by: Self.blockFrameCount) {
            let last = min(frameCount, first + Self.blockFrameCount)
            let rows = Array(melPower.elements[first * width..<last * width])
            let magnitudes = try inversion.magnitudes(of: Tensor(rows, shape: [last - first, width]))
            try stream.append(magnitudes) { result.append(contentsOf: $0) }
        }
        return result
    }
}
