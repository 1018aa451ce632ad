public import NumericCore

/// Griffin-Lim over magnitudes that arrive in pieces; how they are split does not change the result.
///
/// Holds a few spectra an iteration and hop of a frame; 9 MB with the legacy settings. One task uses it at a time.
public final class GriffinLimStream {
    /// How the iterations run.
    enum Engine: Sendable, CaseIterable {
        /// A stage each.
        case stages
        /// Sixteen at a time.
        case lanes
    }

    private let plan: SynthesisPlan
    private let chain: any GriffinLimChain
    private let synthesis: OverlapAddStage
    private var phases: PhaseSource
    private let magnitudes: FloatBuffer
    private let spectrum: FloatBuffer
    private let hop: FloatBuffer
    /// Frames taken so far.
    public private(set) var frameCount = 0

    init(
        _ settings: GriffinLim, frameCount: Int, sampleCount: Int, phases: InitialPhases, engine: Engine? = nil
    ) {
        let (layout, iterationCount) = (settings.layout, settings.iterationCount)
        let plan = SynthesisPlan(layout, frameCount: frameCount, sampleCount: sampleCount)
        self.plan = plan
        let weight = settings.momentum / (1 + settings.momentum)
        let suits = LaneChain.suits(layout, iterationCount: iterationCount, frameCount: frameCount)
        chain =
            switch engine ?? (suits ? .lanes : .stages) {
            case .stages: StageChain(plan, iterationCount: iterationCount, weight: weight)
            case .lanes: LaneChain(plan, iterationCount: iterationCount, weight: weight)
            }
        synthesis = OverlapAddStage(plan)
        self.phases = PhaseSource(phases, binCount: layout.binCount, frameCount: frameCount)
        magnitudes = FloatBuffer(count: layout.binCount)
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
            rows.elements.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                magnitudes.base.update(from: base + row * binCount, count: binCount)
            }
            phases.fill(magnitudes.base, into: spectrum.base)
            frameCount += 1
            chain.append(spectrum.base, magnitudes: magnitudes.base) { emit($0, body) }
        }
        guard frameCount == plan.frameCount, rows.shape[0] > 0 else { return }
        chain.finish { emit($0, body) }
        for _ in 0..<plan.overlapCount - 1 { emit(nil, body) }
    }

    private func emit(_ spectrum: UnsafeMutablePointer<Float>?, _ body: ([Float]) -> Void) {
        let start = synthesis.hopCount * plan.layout.hopLength
        synthesis.advance(spectrum, into: hop.base)
        let kept = plan.kept.clamped(to: start..<start + plan.layout.hopLength)
        if kept.isEmpty { return }
        body(Array(UnsafeBufferPointer(start: hop.base + kept.lowerBound - start, count: kept.count)))
    }
}
