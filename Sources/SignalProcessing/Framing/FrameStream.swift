/// Cuts a signal that arrives in pieces into frames; how it is split into pieces does not matter.
///
/// Holds at most a frame and a pad of samples besides the piece in hand.
struct FrameStream {
    private let layout: FrameLayout
    /// The padded signal from some position on.
    private var buffer: [Float] = []
    /// Where in `buffer` the next frame starts; may lie beyond its end when the hop is longer than the frame.
    private var frameStart = 0
    private var hasHead: Bool
    /// Samples received so far.
    private(set) var sampleCount = 0

    init(_ layout: FrameLayout) {
        self.layout = layout
        hasHead = layout.padding != .reflection
        if layout.padding == .zeros { buffer = [Float](repeating: 0, count: layout.padCount) }
    }

    /// Takes samples and hands over every frame that they complete.
    mutating func append(_ samples: [Float], _ body: (Span<Float>) -> Void) {
        buffer.append(contentsOf: samples)
        sampleCount += samples.count
        // A mirrored head needs `padCount` samples after the first one.
        if !hasHead, sampleCount > layout.padCount {
            buffer.insert(contentsOf: Self.reflection(of: buffer, positions: -layout.padCount..<0), at: 0)
            hasHead = true
        }
        if hasHead { drain(body) }
    }

    /// Pads the end and hands over the last frames.
    ///
    /// A mirrored signal of no samples gives no frame: there is nothing to mirror.
    mutating func finish(_ body: (Span<Float>) -> Void) {
        if layout.padding == .zeros {
            buffer.append(contentsOf: repeatElement(0, count: layout.padCount))
        } else if layout.padding == .reflection, sampleCount > 0 {
            let count = buffer.count
            let head = hasHead ? [] : Self.reflection(of: buffer, positions: -layout.padCount..<0)
            let tail = Self.reflection(of: buffer, positions: count..<count + layout.padCount)
            buffer = head + buffer + tail
        }
        drain(body)
    }

    private mutating func drain(_ body: (Span<Float>) -> Void) {
        while frameStart + layout.fftLength <= buffer.count {
            body(buffer.span.extracting(frameStart..<frameStart + layout.fftLength))
            frameStart += layout.hopLength
        }
        // The mirrored tail will need the last pad + 1 samples.
        let dropCount = max(0, min(frameStart, buffer.count - layout.padCount - 1))
        buffer.removeFirst(dropCount)
        frameStart -= dropCount
    }

    /// Samples of the even periodic extension of `signal`, whose period is twice its length less 2, as in numpy.pad.
    ///
    /// A buffer that lost its start still mirrors its end rightly as long as it holds pad + 1 samples.
    private static func reflection(of signal: [Float], positions: Range<Int>) -> [Float] {
        let period = max(1, 2 * (signal.count - 1))
        return positions.map { position in
            let phase = ((position % period) + period) % period
            return signal[phase < signal.count ? phase : period - phase]
        }
    }
}
