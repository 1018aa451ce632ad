public import NumericCore

/// Griffin-Lim over magnitudes that arrive in pieces; how they are split does not change the result.
///
/// Holds `iterationCount x fftLength / hop` spectra; 7 MB with the legacy settings. One task uses it at a time.
public final class GriffinLimStream {
    private let plan: SynthesisPlan
    private let weight: Float
    private let stages: [GriffinLimStage]
    private let synthesis: OverlapAddStage
    private var phases: PhaseSource
    /// Magnitudes that later iterations still need, in slots used in turn.
    private let magnitudes: FloatBuffer
    private let magnitudeSlotCount: Int
    /// The spectrum on its way from one stage to the next.
    private let spectrum: FloatBuffer
    private let hop: FloatBuffer
    /// Frames taken so far.
    public private(set) var frameCount = 0

    init(_ settings: GriffinLim, frameCount: Int, sampleCount: Int, phases: InitialPhases) {
        let layout = settings.layout
        let plan = SynthesisPlan(layout, frameCount: frameCount, sampleCount: sampleCount)
        self.plan = plan
        weight = settings.momentum / (1 + settings.momentum)
        stages = (0..<settings.iterationCount).map { _ in GriffinLimStage(plan) }
        synthesis = OverlapAddStage(plan)
        self.phases = PhaseSource(phases, binCount: layout.binCount, frameCount: frameCount)
        magnitudeSlotCount = settings.iterationCount * (plan.overlapCount - 1) + 1
        magnitudes = FloatBuffer(count: magnitudeSlotCount * layout.binCount)
        spectrum = FloatBuffer(count: 2 * layout.binCount)
        hop = FloatBuffer(count: layout.hopLength)
    }

    /// Takes magnitudes and hands over the samples that they complete; after the last frame, all the rest.
    ///
    /// - Parameters:
    ///   - rows: Frames x bins, finite and at least 0; no more frames in all than the stream was made for.
    ///   - body: Receives samples in order.
    /// - Throws: `SignalError.wrongSize`, `.notFinite` or `.negative`; the piece is then not taken.
    public func append(_ rows: Tensor<Float>, _ body: ([Float]) -> Void) throws(SignalError) {
        let binCount = plan.layout.binCount
        guard rows.rank == 2, rows.shape[1] == binCount, frameCount + rows.shape[0] <= plan.frameCount else {
            throw .wrongSize(
                what: "Magnitudes", found: "shape \(rows.shape) after \(frameCount) frames",
                requirement: "\(binCount) bins and \(plan.frameCount) frames in all are wanted")
        }
        try InputCheck.nonNegative(rows.elements, "Magnitudes")
        for row in 0..<rows.shape[0] {
            let slot = magnitudeSlot(frameCount)
            rows.elements.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                slot.update(from: base + row * binCount, count: binCount)
            }
            phases.fill(slot, binCount: binCount, into: spectrum.base)
            frameCount += 1
            pass(stage: 0, hasSpectrum: true, body)
        }
        if frameCount == plan.frameCount, rows.shape[0] > 0 { flush(body) }
    }

    /// Hands the spectrum in `spectrum` to a stage, and its result to the next one.
    private func pass(stage first: Int, hasSpectrum: Bool, _ body: ([Float]) -> Void) {
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
        emit(hasSpectrum: hasSpectrum, body)
    }

    /// Pushes the last frames through every stage in turn.
    private func flush(_ body: ([Float]) -> Void) {
        for stage in 0...stages.count {
            for _ in 0..<plan.overlapCount - 1 { pass(stage: stage, hasSpectrum: false, body) }
        }
    }

    private func emit(hasSpectrum: Bool, _ body: ([Float]) -> Void) {
        let start = synthesis.hopCount * plan.layout.hopLength
        synthesis.advance(hasSpectrum ? spectrum.base : nil, into: hop.base)
        let kept = plan.kept.clamped(to: start..<start + plan.layout.hopLength)
        if kept.isEmpty { return }
        body(Array(UnsafeBufferPointer(start: hop.base + kept.lowerBound - start, count: kept.count)))
    }

    private func magnitudeSlot(_ frame: Int) -> UnsafeMutablePointer<Float> {
        magnitudes.base + (frame % magnitudeSlotCount) * plan.layout.binCount
    }
}
