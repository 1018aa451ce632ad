internal import NumericCore

/// One iteration of Griffin-Lim over a moving window of frames.
///
/// Takes the spectra of the iteration before, frame by frame, and gives its own `overlapCount - 1` frames later: a
/// frame of the rebuilt signal needs all frames that overlap it. So all iterations run at once, each a few frames
/// behind the one before, and the result is that of running them one after the other over the whole signal.
final class GriffinLimStage {
    private let plan: SynthesisPlan
    private let synthesis: OverlapAddStage
    /// The last `fftLength` samples of the rebuilt padded signal; hop h is in block h mod `overlapCount`.
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
        rebuilt = FloatBuffer(count: plan.overlapCount * plan.spectrumStride)
    }

    /// Where the rebuilt spectrum of a frame is kept until `overlapCount` more were given.
    func rebuiltSpectrum(_ frame: Int) -> UnsafeMutablePointer<Float> {
        rebuilt.base + frame % plan.overlapCount * plan.spectrumStride
    }

    /// Adds the next spectrum, or nothing after the last.
    ///
    /// - Parameter spectrum: 2 x bins, destroyed; or nil.
    /// - Returns: The index of the frame that is now in `rebuiltSpectrum`, or nil while too few are in.
    func advance(_ spectrum: UnsafeMutablePointer<Float>?) -> Int? {
        let (hopLength, overlapCount) = (plan.layout.hopLength, plan.overlapCount)
        let (recent, windowed) = (recent.base, windowed.base)
        synthesis.advance(spectrum, into: recent + synthesis.hopCount % overlapCount * hopLength)
        guard synthesis.hopCount >= overlapCount else { return nil }
        let frame = frameCount
        plan.window.withUnsafePointer { window in
            for part in 0..<overlapCount {
                let block = recent + (frame + part) % overlapCount * hopLength
                let start = part * hopLength
                SpectralKernels.multiply(window + start, block, into: windowed + start, count: hopLength)
            }
        }
        plan.transform.forwardAligned(windowed, into: rebuiltSpectrum(frame))
        frameCount += 1
        return frame
    }
}
