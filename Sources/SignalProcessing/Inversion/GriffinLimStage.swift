internal import NumericCore

/// One iteration of Griffin-Lim over a moving window of frames.
///
/// Takes the spectra of the iteration before, frame by frame, and gives its own `overlapCount - 1` frames later: a
/// frame of the rebuilt signal needs all frames that overlap it. So all iterations run at once, each a few frames
/// behind the one before, and the result is that of running them one after the other over the whole signal.
final class GriffinLimStage {
    private let plan: SynthesisPlan
    private let synthesis: OverlapAddStage
    /// The last `fftLength` samples of the rebuilt padded signal.
    private let recent: FloatBuffer
    private let windowed: FloatBuffer
    /// Spectra of the rebuilt signal, `overlapCount` slots used in turn; the next stage looks back into them.
    private let rebuilt: FloatBuffer
    /// Frames given so far.
    private(set) var frameCount = 0

    init(_ plan: SynthesisPlan) {
        self.plan = plan
        synthesis = OverlapAddStage(plan)
        recent = FloatBuffer(count: plan.layout.fftLength)
        windowed = FloatBuffer(count: plan.layout.fftLength)
        rebuilt = FloatBuffer(count: plan.overlapCount * 2 * plan.layout.binCount)
    }

    /// Where the rebuilt spectrum of a frame is kept until `overlapCount` more were given.
    func rebuiltSpectrum(_ frame: Int) -> UnsafeMutablePointer<Float> {
        rebuilt.base + (frame % plan.overlapCount) * 2 * plan.layout.binCount
    }

    /// Adds the next spectrum, or nothing after the last.
    ///
    /// - Parameter spectrum: 2 x bins, or nil.
    /// - Returns: The index of the frame that is now in `rebuiltSpectrum`, or nil while too few are in.
    func advance(_ spectrum: UnsafePointer<Float>?) -> Int? {
        let (length, hop) = (plan.layout.fftLength, plan.layout.hopLength)
        let (recent, windowed) = (recent.base, windowed.base)
        recent.update(from: recent + hop, count: length - hop)
        synthesis.advance(spectrum, into: recent + length - hop)
        guard synthesis.hopCount >= plan.overlapCount else { return nil }
        plan.window.withUnsafeBufferPointer { window in
            for index in 0..<length { windowed[index] = window[index] * recent[index] }
        }
        let frame = frameCount
        var output = UnsafeMutableBufferPointer(start: rebuiltSpectrum(frame), count: 2 * plan.layout.binCount)
            .mutableSpan
        plan.transform.forward(UnsafeBufferPointer(start: windowed, count: length).span, into: &output)
        frameCount += 1
        return frame
    }
}
