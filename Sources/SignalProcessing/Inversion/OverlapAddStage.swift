internal import NumericCore

/// What all synthesis stages of one run share.
struct SynthesisPlan {
    let layout: FrameLayout
    let frameCount: Int
    /// Padded positions that belong to the signal.
    let kept: Range<Int>
    let transform: RealFourierTransform<Float>
    let window: [Float]
    /// 1 / sum of squared windows over one hop, where all windows overlap.
    private let innerInverse: [Float]
    private let squares: [Double]

    /// Frames that cover a sample.
    var overlapCount: Int { layout.fftLength / layout.hopLength }

    init(_ layout: FrameLayout, frameCount: Int, sampleCount: Int) {
        self.layout = layout
        self.frameCount = frameCount
        kept = layout.padCount..<layout.padCount + sampleCount
        transform = RealFourierTransform(length: layout.fftLength)
        let window = layout.paddedWindow()
        self.window = window.map { Float($0) }
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

    /// Divides hop `hopIndex` of an overlap-add by the windows' sum and silences what is padding.
    func normalize(_ samples: UnsafeMutablePointer<Float>, hopIndex: Int) {
        let hop = layout.hopLength
        // Term r is frame hopIndex - r.
        let terms = max(0, hopIndex - frameCount + 1)..<min(overlapCount, hopIndex + 1)
        let factors = terms.count == overlapCount ? innerInverse : Self.inverseSums(squares, hop, terms)
        let start = hopIndex * hop
        if kept.contains(start), kept.contains(start + hop - 1) {
            for index in 0..<hop { samples[index] *= factors[index] }
        } else {
            for index in 0..<hop {
                samples[index] = kept.contains(start + index) ? samples[index] * factors[index] : 0
            }
        }
    }
}

/// Inverse transforms of successive frames, added up hop by hop.
///
/// Not shared between tasks; buffers are reused from frame to frame.
final class OverlapAddStage {
    private let plan: SynthesisPlan
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
    ///   - spectrum: 2 x bins, or nil.
    ///   - hop: Receives the next `hopLength` samples of the padded signal.
    func advance(_ spectrum: UnsafePointer<Float>?, into hop: UnsafeMutablePointer<Float>) {
        let (length, hopLength) = (plan.layout.fftLength, plan.layout.hopLength)
        let (sums, frame) = (sums.base, frame.base)
        if let spectrum {
            let input = UnsafeBufferPointer(start: spectrum, count: 2 * plan.layout.binCount)
            var output = UnsafeMutableBufferPointer(start: frame, count: length).mutableSpan
            plan.transform.inverse(input.span, into: &output)
            plan.window.withUnsafeBufferPointer { window in
                for index in 0..<length { sums[index] += window[index] * frame[index] }
            }
        }
        hop.update(from: sums, count: hopLength)
        plan.normalize(hop, hopIndex: hopCount)
        // Forward overlapping copy: `update` allows it, as memmove does.
        sums.update(from: sums + hopLength, count: length - hopLength)
        (sums + length - hopLength).update(repeating: 0, count: hopLength)
        hopCount += 1
    }
}
