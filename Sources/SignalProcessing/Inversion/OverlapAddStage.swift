internal import NumericCore

/// What all synthesis stages of one run share.
struct SynthesisPlan {
    let layout: FrameLayout
    let frameCount: Int
    /// Padded positions that belong to the signal.
    let kept: Range<Int>
    let transform: RealFourierTransform<Float>
    let window: AlignedFloats
    /// The window divided by `fftLength`, which the unscaled inverse transform leaves to do.
    let synthesisWindow: AlignedFloats
    /// 1 / sum of squared windows over one hop, where all windows overlap.
    private let innerInverse: [Float]
    private let squares: [Double]

    /// Floats from one stored spectrum to the next: whole cache lines, as the transforms want aligned rows.
    var spectrumStride: Int { (2 * layout.binCount + 15) / 16 * 16 }

    /// Frames that cover a sample.
    var overlapCount: Int { layout.fftLength / layout.hopLength }

    init(_ layout: FrameLayout, frameCount: Int, sampleCount: Int) {
        self.layout = layout
        self.frameCount = frameCount
        kept = layout.padCount..<layout.padCount + sampleCount
        transform = RealFourierTransform(length: layout.fftLength)
        let window = layout.paddedWindow()
        self.window = AlignedFloats(count: window.count) { all in
            for index in window.indices { all[index] = Float(window[index]) }
        }
        synthesisWindow = AlignedFloats(count: window.count) { all in
            for index in window.indices { all[index] = Float(window[index] / Double(window.count)) }
        }
        squares = window.map { $0 * $0 }
        let all = 0..<layout.fftLength / layout.hopLength
        innerInverse = Self.inverseSums(squares, layout.hopLength, all)
    }

    /// Reciprocal sums of squared windows at the positions of one hop, which `terms` of the frame's hops cover.
    private static func inverseSums(_ squares: [Double], _ hopLength: Int, _ terms: Range<Int>) -> [Float] {
        (0..<hopLength).map { index in
            let sum = terms.reduce(0.0) { $0 + squares[index + $1 * hopLength] }
            return sum > Double(Float.leastNormalMagnitude) ? Float(1 / sum) : 1
        }
    }

    /// Where a hop's windows all overlap and all samples belong to the signal, so that its factors are those of its kind.
    func isInner(hopIndex: Int) -> Bool {
        let start = hopIndex * layout.hopLength
        return hopIndex >= overlapCount - 1 && hopIndex < frameCount && kept.contains(start)
            && kept.contains(start + layout.hopLength - 1)
    }

    /// What turns hop `hopIndex` of an overlap-add into the signal: 1 / windows' sum, 0 where it is padding or beyond.
    func factors(hopIndex: Int) -> [Float] {
        if isInner(hopIndex: hopIndex) { return innerInverse }
        let hop = layout.hopLength
        guard hopIndex >= 0, hopIndex < frameCount + overlapCount - 1 else {
            return [Float](repeating: 0, count: hop)
        }
        // Term r is frame hopIndex - r.
        let terms = max(0, hopIndex - frameCount + 1)..<min(overlapCount, hopIndex + 1)
        let inverses = Self.inverseSums(squares, hop, terms)
        return (0..<hop).map { kept.contains(hopIndex * hop + $0) ? inverses[$0] : 0 }
    }

    /// Divides hop `hopIndex` of an overlap-add by the windows' sum and silences what is padding.
    func normalize(_ samples: UnsafeMutablePointer<Float>, hopIndex: Int) {
        let factors = factors(hopIndex: hopIndex)
        for index in 0..<layout.hopLength { samples[index] *= factors[index] }
    }
}

/// Inverse transforms of successive frames, added up hop by hop.
///
/// Not shared between tasks; buffers are reused from frame to frame.
final class OverlapAddStage {
    private let plan: SynthesisPlan
    /// Unfinished hops; hop h is in block h mod `overlapCount`.
    private let sums: FloatBuffer
    private let frame: FloatBuffer
    /// Hops finished so far; after frame t this is t + 1.
    private(set) var hopCount = 0

    init(_ plan: SynthesisPlan) {
        self.plan = plan
        sums = FloatBuffer(count: plan.layout.fftLength)
        frame = FloatBuffer(count: plan.layout.fftLength)
        sums.base.update(repeating: 0, count: sums.count)
    }

    /// Adds a frame's spectrum, or nothing after the last frame, and finishes one hop.
    ///
    /// - Parameters:
    ///   - spectrum: 2 x bins, destroyed; or nil.
    ///   - hop: Receives the next `hopLength` samples of the padded signal.
    func advance(_ spectrum: UnsafeMutablePointer<Float>?, into hop: UnsafeMutablePointer<Float>) {
        let (hopLength, overlapCount, hopIndex) = (plan.layout.hopLength, plan.overlapCount, hopCount)
        let (sums, frame) = (sums.base, frame.base)
        // The frame's last hop is the first to touch its block.
        let fresh = sums + (hopIndex + overlapCount - 1) % overlapCount * hopLength
        fresh.update(repeating: 0, count: hopLength)
        if let spectrum {
            plan.transform.unscaledInverseAligned(spectrum, into: frame)
            plan.synthesisWindow.withUnsafePointer { window in
                for part in 0..<overlapCount {
                    let block = sums + (hopIndex + part) % overlapCount * hopLength
                    let start = part * hopLength
                    SpectralKernels.multiplyAdd(window + start, frame + start, to: block, count: hopLength)
                }
            }
        }
        hop.update(from: sums + hopIndex % overlapCount * hopLength, count: hopLength)
        plan.normalize(hop, hopIndex: hopIndex)
        hopCount += 1
    }
}
