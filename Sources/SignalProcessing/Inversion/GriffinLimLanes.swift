internal import NumericCore

/// Sixteen successive iterations of Griffin-Lim side by side, one a lane: see ``GriffinLimStage`` for a single one.
///
/// Every lane is `overlapCount` frames behind the lane before it (`overlapCount - 1` for the overlapping frames and one
/// for the way from lane to lane), so that all lanes use the same slot of every ring at a time.
final class GriffinLimLanes {
    static let count = LaneFourierTransform.laneCount

    private let plan: SynthesisPlan
    private let transform: LaneFourierTransform
    /// The first iteration of these.
    private let firstStage: Int
    private let tap: Int
    /// Spectra on their way in, then samples, then spectra again.
    private let work: FloatBuffer
    /// Unfinished hops; hop h is in block h mod `overlapCount`.
    private let sums: FloatBuffer
    /// The last `overlapCount` hops of the rebuilt padded signals.
    private let recent: FloatBuffer
    private let factors: FloatBuffer
    /// Which hop's factors each lane has; inner hops share theirs.
    private var factorKinds: [Int?]
    /// Spectra of the rebuilt signals, `overlapCount` slots used in turn.
    private let rebuilt: FloatBuffer
    private let magnitudes: FloatBuffer
    private let weights: FloatBuffer
    /// What leaves the last lane: the next spectrum, and the magnitudes and past that go with it.
    let output: Carry

    /// Numbers of one frame that go from one group of lanes to the next.
    struct Carry {
        let spectrum: FloatBuffer
        let magnitudes: FloatBuffer
        let past: FloatBuffer

        init(binCount: Int) {
            spectrum = FloatBuffer(zeros: 2 * binCount)
            magnitudes = FloatBuffer(zeros: binCount)
            past = FloatBuffer(zeros: 2 * binCount)
        }
    }

    /// - Parameters:
    ///   - plan: Of the run.
    ///   - transform: Of the plan's frames.
    ///   - firstStage: Iterations before these.
    ///   - stageCount: Iterations in use, 1 ... 16; lanes behind them work for nothing.
    ///   - weight: Factor of the past; the very first iteration has none.
    init(
        _ plan: SynthesisPlan, _ transform: LaneFourierTransform, firstStage: Int, stageCount: Int, weight: Float
    ) {
        (self.plan, self.transform, self.firstStage, tap) = (plan, transform, firstStage, stageCount - 1)
        let (lanes, layout) = (Self.count, plan.layout)
        work = FloatBuffer(zeros: layout.fftLength * lanes)
        sums = FloatBuffer(zeros: layout.fftLength * lanes)
        recent = FloatBuffer(zeros: layout.fftLength * lanes)
        factors = FloatBuffer(zeros: layout.hopLength * lanes)
        factorKinds = [Int?](repeating: nil, count: lanes)
        rebuilt = FloatBuffer(zeros: plan.overlapCount * layout.binCount * 2 * lanes)
        magnitudes = FloatBuffer(zeros: plan.overlapCount * layout.binCount * lanes)
        weights = FloatBuffer(zeros: lanes)
        weights.base.update(repeating: weight, count: lanes)
        if firstStage == 0 { weights.base[0] = 0 }
        output = Carry(binCount: layout.binCount)
    }

    /// Goes on by one frame.
    ///
    /// - Parameters:
    ///   - tick: 0, 1, ...; at tick t the first lane of all takes in the spectrum of frame t and rebuilds frame
    ///     t - `overlapCount`.
    ///   - input: The spectrum, magnitudes and past for the first lane, zeros where there is no such frame.
    func advance(tick: Int, _ input: Carry) {
        let overlapCount = plan.overlapCount
        // Nothing has arrived yet, or everything has left two rings ago.
        let idle = firstStage * overlapCount
        guard tick >= idle, tick <= idle + plan.frameCount + (Self.count + 2) * overlapCount else { return }
        transform.inverse(work.base)
        overlapAdd(slot: tick % overlapCount)
        finishHop(tick: tick)
        windowFrame(slot: tick % overlapCount)
        transform.forward(work.base)
        let (slot, bins) = (tick % overlapCount, plan.layout.binCount * Self.count)
        transform.project(
            work.base, rebuilt: rebuilt.base + 2 * slot * bins, magnitudes: magnitudes.base + slot * bins,
            flow: LaneFourierTransform.Flow(
                spectrumIn: input.spectrum.base, magnitudesIn: input.magnitudes.base, pastIn: input.past.base,
                spectrumOut: output.spectrum.base, magnitudesOut: output.magnitudes.base, pastOut: output.past.base,
                tap: tap, weights: weights.base))
    }

    private func overlapAdd(slot: Int) {
        let (hop, overlapCount) = (plan.layout.hopLength, plan.overlapCount)
        plan.synthesisWindow.withUnsafePointer { window in
            for part in 0..<overlapCount {
                let block = sums.base + (slot + part) % overlapCount * hop * Self.count
                // The frame's last hop is the first to touch its block.
                transform.window(
                    window + part * hop, work.base + part * hop * Self.count, into: block, rowCount: hop,
                    adds: part < overlapCount - 1)
            }
        }
    }

    private func finishHop(tick: Int) {
        updateFactors(tick: tick)
        let count = plan.layout.hopLength * Self.count
        let block = tick % plan.overlapCount * count
        SpectralKernels.multiply(factors.base, sums.base + block, into: recent.base + block, count: count)
    }

    private func windowFrame(slot: Int) {
        let (hop, overlapCount) = (plan.layout.hopLength, plan.overlapCount)
        plan.window.withUnsafePointer { window in
            for part in 0..<overlapCount {
                let block = recent.base + (slot + 1 + part) % overlapCount * hop * Self.count
                transform.window(
                    window + part * hop, block, into: work.base + part * hop * Self.count, rowCount: hop, adds: false)
            }
        }
    }

    /// Gives every lane the factors of its hop; in the middle of a film all keep what they have.
    private func updateFactors(tick: Int) {
        for lane in 0..<Self.count {
            // The spectrum of tick t is added up at tick t + 1.
            let hopIndex = tick - 1 - (firstStage + lane) * plan.overlapCount
            let kind = plan.isInner(hopIndex: hopIndex) ? Int.max : hopIndex
            if factorKinds[lane] == kind { continue }
            factorKinds[lane] = kind
            for (row, factor) in plan.factors(hopIndex: hopIndex).enumerated() {
                factors.base[row * Self.count + lane] = factor
            }
        }
    }
}

extension FloatBuffer {
    /// A buffer of zeros.
    convenience init(zeros count: Int) {
        self.init(count: count)
        base.update(repeating: 0, count: count)
    }
}
