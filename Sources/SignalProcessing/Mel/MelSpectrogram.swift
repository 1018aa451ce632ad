public import NumericCore

/// Mel power spectra of a signal, equal to `librosa.feature.melspectrogram` of librosa 0.11.
///
/// Transforms run in `Double` as librosa's do: in `Float`, quiet bands beside loud ones would be off by 0.001 dB.
public struct MelSpectrogram: Sendable {
    /// Its conventions.
    public let configuration: MelConfiguration
    /// Its filters.
    public let filterBank: MelFilterBank
    private let transform: ShortTimeFourierTransform

    /// Computes the filters and plans the transform.
    ///
    /// - Parameter configuration: Every convention.
    public init(_ configuration: MelConfiguration) {
        self.configuration = configuration
        filterBank = configuration.filterBank
        transform = ShortTimeFourierTransform(configuration.layout)
    }

    /// Mel power of a whole signal.
    ///
    /// - Parameter signal: At `configuration.sampleRate`; see `FrameLayout.frameCount(sampleCount:)` for short ones.
    /// - Returns: Frames x `melBinCount`, each at least 0: the transpose of librosa's array.
    /// - Throws: `SignalError.notFinite`, or `.wrongSize` when the padding needs more samples.
    public func power(of signal: [Float]) throws(SignalError) -> Tensor<Float> {
        let width = configuration.melBinCount
        var values: [Float] = []
        values.reserveCapacity(configuration.layout.frameCount(sampleCount: signal.count) * width)
        var stream = makeStream()
        let take: (Span<Float>) -> Void = { row in
            row.withUnsafeBufferPointer { values.append(contentsOf: $0) }
        }
        try stream.append(signal, take)
        try stream.finish(take)
        return Tensor(values, shape: [values.count / width, width])
    }

    /// A spectrogram of a signal that arrives in pieces, for films whose features do not fit into memory.
    ///
    /// - Returns: A stream at its start.
    public func makeStream() -> Stream { Stream(transform, filterBank) }

    /// The state between two pieces of a signal: about one frame of samples.
    public struct Stream {
        private let transform: ShortTimeFourierTransform
        private let filterBank: MelFilterBank
        private var frames: FrameStream

        init(_ transform: ShortTimeFourierTransform, _ filterBank: MelFilterBank) {
            self.transform = transform
            self.filterBank = filterBank
            frames = FrameStream(transform.layout)
        }

        /// Takes samples and hands over the mel power of every frame they complete.
        ///
        /// - Parameters:
        ///   - samples: The next piece, of any length.
        ///   - body: Receives `melBinCount` numbers a frame, in order; they are overwritten afterwards.
        /// - Throws: `SignalError.notFinite` with the index in the whole signal; the piece is then not taken.
        public mutating func append(_ samples: [Float], _ body: (Span<Float>) -> Void) throws(SignalError) {
            try InputCheck.finite(samples, "Samples", startIndex: frames.sampleCount)
            var rows = RowWorkspace(transform, filterBank)
            frames.append(samples) { frame in rows.fill(frame, body) }
        }

        /// Ends the signal and hands over the last frames; the stream is used up afterwards.
        ///
        /// - Parameter body: As in `append`.
        /// - Throws: `SignalError.wrongSize` when the padding needs more samples than there were.
        public mutating func finish(_ body: (Span<Float>) -> Void) throws(SignalError) {
            try transform.requireFrames(sampleCount: frames.sampleCount)
            var rows = RowWorkspace(transform, filterBank)
            frames.finish { frame in rows.fill(frame, body) }
        }
    }
}

/// Buffers of one frame on its way to mel power.
private struct RowWorkspace {
    private let transform: ShortTimeFourierTransform
    private let filterBank: MelFilterBank
    private let workspace: SpectrumWorkspace
    private var power: [Float]
    private var mel: [Float]

    init(_ transform: ShortTimeFourierTransform, _ filterBank: MelFilterBank) {
        self.transform = transform
        self.filterBank = filterBank
        workspace = SpectrumWorkspace(transform.layout)
        power = [Float](repeating: 0, count: transform.layout.binCount)
        mel = [Float](repeating: 0, count: filterBank.melBinCount)
    }

    mutating func fill(_ frame: Span<Float>, _ body: (Span<Float>) -> Void) {
        transform.spectrum(of: frame, workspace)
        let spectrum = workspace.spectrum
        power.withUnsafeMutableBufferPointer { power in
            for bin in 0..<power.count {
                let (re, im) = (spectrum[2 * bin], spectrum[2 * bin + 1])
                power[bin] = Float(re * re + im * im)
            }
        }
        filterBank.apply(power, into: &mel)
        body(mel.span)
    }
}
