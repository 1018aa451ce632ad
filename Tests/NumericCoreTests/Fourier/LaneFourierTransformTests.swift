import NumericCore
import TestSupport
import Testing

struct LaneFourierTransformTests {
    private static let lanes = LaneFourierTransform.laneCount

    /// Everything one step of Griffin-Lim needs, filled with numbers that differ from lane to lane.
    private final class Step {
        let transform: LaneFourierTransform
        let (work, rebuilt, magnitudes, weights): (FloatBuffer, FloatBuffer, FloatBuffer, FloatBuffer)
        let (spectrumIn, magnitudesIn, pastIn): (FloatBuffer, FloatBuffer, FloatBuffer)
        let (spectrumOut, magnitudesOut, pastOut): (FloatBuffer, FloatBuffer, FloatBuffer)

        init(length: Int, level: KernelLevel, silentLane: Int?) {
            transform = LaneFourierTransform(length: length, level: level)
            let (lanes, bins) = (LaneFourierTransform.laneCount, transform.binCount)
            work = Self.noise(length * lanes, seed: 1, plus: 0)
            rebuilt = Self.noise(bins * 2 * lanes, seed: 2, plus: 0)
            magnitudes = Self.noise(bins * lanes, seed: 3, plus: 1)
            weights = Self.noise(lanes, seed: 7, plus: 1)
            spectrumIn = Self.noise(2 * bins, seed: 4, plus: 0)
            magnitudesIn = Self.noise(bins, seed: 5, plus: 1)
            pastIn = Self.noise(2 * bins, seed: 6, plus: 0)
            (spectrumOut, magnitudesOut) = (FloatBuffer(count: 2 * bins), FloatBuffer(count: bins))
            pastOut = FloatBuffer(count: 2 * bins)
            guard let silentLane else { return }
            for row in 0..<length { work.base[row * lanes + silentLane] = 0 }
            for row in 0..<2 * bins {
                if silentLane == 0 { pastIn.base[row] = 0 } else { rebuilt.base[row * lanes + silentLane - 1] = 0 }
            }
        }

        private static func noise(_ count: Int, seed: UInt64, plus offset: Float) -> FloatBuffer {
            var generator = SplitMix64(seed: seed)
            let buffer = FloatBuffer(count: count)
            for index in 0..<count { buffer.base[index] = Float(generator.next() >> 40) * 0x1p-23 - 1 + offset }
            return buffer
        }

        func run(tap: Int) {
            transform.forward(work.base)
            transform.project(
                work.base, rebuilt: rebuilt.base, magnitudes: magnitudes.base,
                flow: LaneFourierTransform.Flow(
                    spectrumIn: spectrumIn.base, magnitudesIn: magnitudesIn.base, pastIn: pastIn.base,
                    spectrumOut: spectrumOut.base, magnitudesOut: magnitudesOut.base, pastOut: pastOut.base, tap: tap,
                    weights: weights.base))
            transform.inverse(work.base)
        }
    }

    private func values(_ buffer: FloatBuffer) -> [Float] {
        Array(UnsafeBufferPointer(start: buffer.base, count: buffer.count))
    }

    /// One signal, as rows hold it.
    private func lane(_ lane: Int, of buffer: FloatBuffer) -> [Float] {
        stride(from: lane, to: buffer.count, by: Self.lanes).map { buffer.base[$0] }
    }

    /// Real and imaginary part of d / |d| x magnitude, in Double, for every bin; the outer bins are real.
    private func projected(_ now: [Double], _ past: [Double], _ weight: Double, _ magnitudes: [Float]) -> [Double] {
        magnitudes.indices.flatMap { bin -> [Double] in
            let isReal = bin == 0 || bin == magnitudes.count - 1
            let re = now[2 * bin] - weight * past[2 * bin]
            let im = isReal ? -weight * past[2 * bin + 1] : now[2 * bin + 1] - weight * past[2 * bin + 1]
            let length = (re * re + im * im).squareRoot()
            return length == 0 ? [0, 0] : [re, im].map { Double(magnitudes[bin]) * $0 / length }
        }
    }

    @Test(
        "A step in lanes is the step of sixteen single transforms, and moves on by a lane",
        arguments: KernelLevel.available, [4, 8, 16, 32, 64, 128, 1024, 4096, 8192])
    func step(level: KernelLevel, length: Int) {
        for (silentLane, tap) in [(nil, 15), (5, 3), (0, 0)] as [(Int?, Int)] {
            let step = Step(length: length, level: level, silentLane: silentLane)
            let samples = (0..<Self.lanes).map { lane($0, of: step.work) }
            let pasts = [values(step.pastIn)] + (0..<Self.lanes).map { lane($0, of: step.rebuilt) }
            let magnitudes = [values(step.magnitudesIn)] + (0..<Self.lanes).map { lane($0, of: step.magnitudes) }
            step.run(tap: tap)
            let plain = RealFourierTransform<Double>(length: length)
            var next = values(step.spectrumIn).map { Double($0) }
            for index in 0..<Self.lanes {
                let spectrum = plain.forward(samples[index].map { Double($0) })
                // Of numbers up to 1, a bin is about as large as the root of their count.
                let scale = 1 / Double(length).squareRoot()
                expectClose(
                    lane(index, of: step.rebuilt).map { Double($0) * scale }, spectrum.map { $0 * scale },
                    bound: 1e-6, relativeTo: .absolute, "rebuilt, lane \(index)")
                expectEqual(lane(index, of: step.magnitudes), magnitudes[index], "magnitudes, lane \(index)")
                // The imaginary parts of the outer bins do not count.
                (next[1], next[length + 1]) = (0, 0)
                let signal = plain.inverse(next).map { $0 * Double(length) }
                expectClose(
                    lane(index, of: step.work).map { Double($0) }, signal, bound: 1e-4, relativeTo: .peak,
                    "signal, lane \(index)")
                let past = pasts[index].map { Double($0) }
                next = projected(spectrum, past, Double(step.weights.base[index]), magnitudes[index])
                guard index == tap else { continue }
                // The phase of a bin that nearly vanishes is less exact.
                let out = values(step.spectrumOut).map { Double($0) }
                expectClose(out, next, bound: 1e-3, relativeTo: .peak, "next, lane \(index)")
            }
            expectEqual(values(step.pastOut), pasts[tap + 1])
            expectEqual(values(step.magnitudesOut), magnitudes[tap + 1])
        }
    }

    @Test("Powers of two from 4 to 2^20 have kernels", arguments: [(3, false), (4, true), (6, false), (1 << 20, true)])
    func lengths(length: Int, isSupported: Bool) {
        #expect(LaneFourierTransform.supports(length: length) == isSupported)
        #expect(!LaneFourierTransform.supports(length: 2 << 20) && !LaneFourierTransform.supports(length: 0))
    }
}
