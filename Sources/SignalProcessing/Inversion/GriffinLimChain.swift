internal import NumericCore

/// All iterations of Griffin-Lim, frame by frame, between the initial spectra and the last synthesis.
protocol GriffinLimChain: AnyObject {
    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - spectrum: 2 x bins, destroyed.
    ///   - magnitudes: Of the same frame, kept as long as they are needed.
    ///   - body: Receives spectra that went through all iterations, 2 x bins that may be destroyed.
    func append(
        _ spectrum: UnsafeMutablePointer<Float>, magnitudes: UnsafePointer<Float>,
        _ body: (UnsafeMutablePointer<Float>) -> Void)

    /// Pushes the last frames through.
    ///
    /// - Parameter body: As in `append`.
    func finish(_ body: (UnsafeMutablePointer<Float>) -> Void)
}

/// One stage an iteration, of any frame length: the plain twin of ``LaneChain``, and faster for few frames or iterations.
final class StageChain: GriffinLimChain {
    private let plan: SynthesisPlan
    private let weight: Float
    private let stages: [GriffinLimStage]
    /// Magnitudes that later iterations still need, in slots used in turn.
    private let magnitudes: FloatBuffer
    private let magnitudeSlotCount: Int
    /// The spectrum on its way from one stage to the next.
    private let spectrum: FloatBuffer
    private var frameCount = 0

    init(_ plan: SynthesisPlan, iterationCount: Int, weight: Float) {
        (self.plan, self.weight) = (plan, weight)
        stages = (0..<iterationCount).map { _ in GriffinLimStage(plan) }
        magnitudeSlotCount = iterationCount * (plan.overlapCount - 1) + 1
        magnitudes = FloatBuffer(count: magnitudeSlotCount * plan.layout.binCount)
        spectrum = FloatBuffer(count: 2 * plan.layout.binCount)
    }

    func append(
        _ spectrum: UnsafeMutablePointer<Float>, magnitudes: UnsafePointer<Float>,
        _ body: (UnsafeMutablePointer<Float>) -> Void
    ) {
        magnitudeSlot(frameCount).update(from: magnitudes, count: plan.layout.binCount)
        self.spectrum.base.update(from: spectrum, count: 2 * plan.layout.binCount)
        frameCount += 1
        pass(stage: 0, hasSpectrum: true, body)
    }

    func finish(_ body: (UnsafeMutablePointer<Float>) -> Void) {
        for stage in stages.indices {
            for _ in 0..<plan.overlapCount - 1 { pass(stage: stage, hasSpectrum: false, body) }
        }
    }

    /// Hands the spectrum in `spectrum` to a stage, and its result to the next one.
    private func pass(stage first: Int, hasSpectrum: Bool, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        var hasSpectrum = hasSpectrum
        for index in first..<stages.count {
            guard let frame = stages[index].advance(hasSpectrum ? spectrum.base : nil) else { return }
            PhaseProjection.run(
                stages[index].rebuiltSpectrum(frame),
                previous: index == 0 ? nil : UnsafePointer(stages[index - 1].rebuiltSpectrum(frame)),
                weight: index == 0 ? 0 : weight, magnitudes: magnitudeSlot(frame),
                binCount: plan.layout.binCount, into: spectrum.base)
            hasSpectrum = true
        }
        body(spectrum.base)
    }

    private func magnitudeSlot(_ frame: Int) -> UnsafeMutablePointer<Float> {
        magnitudes.base + (frame % magnitudeSlotCount) * plan.layout.binCount
    }
}

/// Iterations in groups of sixteen lanes; one that passes a frame on is `overlapCount` frames behind the one before.
final class LaneChain: GriffinLimChain {
    private let plan: SynthesisPlan
    private let groups: [GriffinLimLanes]
    private let input: GriffinLimLanes.Carry
    /// Magnitudes on their way to the first rebuilt frame, `overlapCount` slots used in turn.
    private let waiting: FloatBuffer
    /// Frames by which the last iteration is behind.
    private let delay: Int
    private var tick = 0

    /// Whether lanes are possible, and faster than stages: a group works for 16 x `overlapCount` frames for nothing.
    static func suits(_ layout: FrameLayout, iterationCount: Int, frameCount: Int) -> Bool {
        LaneFourierTransform.supports(length: layout.fftLength) && iterationCount >= 8
            && frameCount >= 8 * layout.fftLength / layout.hopLength
    }

    init(_ plan: SynthesisPlan, iterationCount: Int, weight: Float) {
        self.plan = plan
        let transform = LaneFourierTransform(length: plan.layout.fftLength)
        groups = stride(from: 0, to: iterationCount, by: GriffinLimLanes.count).map {
            GriffinLimLanes(
                plan, transform, firstStage: $0, stageCount: min(GriffinLimLanes.count, iterationCount - $0),
                weight: weight)
        }
        input = GriffinLimLanes.Carry(binCount: plan.layout.binCount)
        waiting = FloatBuffer(zeros: plan.overlapCount * plan.layout.binCount)
        delay = iterationCount * plan.overlapCount
    }

    func append(
        _ spectrum: UnsafeMutablePointer<Float>, magnitudes: UnsafePointer<Float>,
        _ body: (UnsafeMutablePointer<Float>) -> Void
    ) {
        let bins = plan.layout.binCount
        input.spectrum.base.update(from: spectrum, count: 2 * bins)
        advance(body) { $0.update(from: magnitudes, count: bins) }
    }

    func finish(_ body: (UnsafeMutablePointer<Float>) -> Void) {
        let bins = plan.layout.binCount
        input.spectrum.base.update(repeating: 0, count: 2 * bins)
        for _ in 0..<delay { advance(body) { $0.update(repeating: 0, count: bins) } }
    }

    private func advance(
        _ body: (UnsafeMutablePointer<Float>) -> Void, fillSlot: (UnsafeMutablePointer<Float>) -> Void
    ) {
        let bins = plan.layout.binCount
        let slot = waiting.base + tick % plan.overlapCount * bins
        input.magnitudes.base.update(from: slot, count: bins)
        fillSlot(slot)
        var carry = input
        for group in groups {
            group.advance(tick: tick, carry)
            carry = group.output
        }
        if tick >= delay { body(carry.spectrum.base) }
        tick += 1
    }
}
