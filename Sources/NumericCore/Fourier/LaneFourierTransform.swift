internal import CKernels
import Glibc

/// Real Fourier transforms of sixteen signals at once, one a lane, for loops that run many signals side by side.
///
/// Sample i of all signals is a row of 16 floats; a bin is a row of real parts and one of imaginary parts. Conventions are
/// those of ``RealFourierTransform``, but the inverse is not scaled. Buffers are aligned to 64 bytes; one transform may be
/// used by several tasks at once.
package final class LaneFourierTransform: Sendable {
    /// Signals that are transformed together.
    package static let laneCount = Int(CK_LANES)

    /// N: samples of each signal.
    package let length: Int
    /// Bins of each signal: N/2 + 1.
    package var binCount: Int { length / 2 + 1 }

    private let level: KernelLevel
    private let twiddles: [Float]
    private let turns: [Float]
    private let rows: [Int32]

    /// Whether there are kernels for a length: powers of two from 4 to 2^20.
    ///
    /// - Parameter length: N.
    /// - Returns: true when ``init(length:level:)`` may be called.
    package static func supports(length: Int) -> Bool {
        (4...1 << 20).contains(length) && length & (length - 1) == 0
    }

    /// Computes the tables.
    ///
    /// - Parameters:
    ///   - length: N, one that is supported.
    ///   - level: Instruction set.
    package init(length: Int, level: KernelLevel = .best) {
        precondition(Self.supports(length: length), "a transform of \(length) samples in lanes")
        self.length = length
        self.level = level
        let count = length / 2
        twiddles = Self.levels(count).flatMap { size, radix in
            (0..<size / radix).flatMap { p in (1..<radix).flatMap { q in Self.unitVector(p * q, of: size) } }
        }
        turns = (0...length / 4).flatMap { Self.unitVector($0, of: length) }
        rows = (0..<count).map { Int32(Self.row(ofBin: $0, count: count)) }
    }

    /// Transforms N rows in place; see ``project(_:rebuilt:magnitudes:flow:)`` for what comes out.
    ///
    /// - Parameter work: N rows.
    package func forward(_ work: UnsafeMutablePointer<Float>) {
        withPlan { ck_lanes_forward(level.code, &$0, work) }
    }

    /// Transforms back in place, N times too large.
    ///
    /// - Parameter work: What `project` left; becomes N rows of samples.
    package func inverse(_ work: UnsafeMutablePointer<Float>) {
        withPlan { ck_lanes_inverse(level.code, &$0, work) }
    }

    /// What goes into lane 0 and comes out of a lane, in numbers of one signal.
    package struct Flow {
        /// For lane 0: the next spectrum, `binCount` pairs; imaginary parts of the first and last bin count as 0.
        package var spectrumIn: UnsafePointer<Float>
        /// For lane 0: magnitudes of the rebuilt frame, `binCount`.
        package var magnitudesIn: UnsafePointer<Float>
        /// For lane 0: the rebuilt spectrum an iteration ago, `binCount` pairs.
        package var pastIn: UnsafePointer<Float>
        /// From lane `tap`: its next spectrum.
        package var spectrumOut: UnsafeMutablePointer<Float>
        /// From lane `tap`: the magnitudes that were stored.
        package var magnitudesOut: UnsafeMutablePointer<Float>
        /// From lane `tap`: the spectrum that was stored.
        package var pastOut: UnsafeMutablePointer<Float>
        /// 0 ..< 16.
        package var tap: Int
        /// Factor of the past, one a lane, aligned to 64 bytes.
        package var weights: UnsafePointer<Float>

        /// The flow of one step.
        package init(
            spectrumIn: UnsafePointer<Float>, magnitudesIn: UnsafePointer<Float>, pastIn: UnsafePointer<Float>,
            spectrumOut: UnsafeMutablePointer<Float>, magnitudesOut: UnsafeMutablePointer<Float>,
            pastOut: UnsafeMutablePointer<Float>, tap: Int, weights: UnsafePointer<Float>
        ) {
            (self.spectrumIn, self.magnitudesIn, self.pastIn) = (spectrumIn, magnitudesIn, pastIn)
            (self.spectrumOut, self.magnitudesOut, self.pastOut) = (spectrumOut, magnitudesOut, pastOut)
            (self.tap, self.weights) = (tap, weights)
        }
    }

    /// Griffin-Lim's step between the transforms, of all lanes.
    ///
    /// Bins of `work` (as `forward` left it) take the place of those in `rebuilt`; their phases after momentum and the
    /// magnitudes are the next spectra, which go to the next lane, ready for `inverse`. Past and magnitudes go to the next
    /// lane too: lane l works with what lane l - 1 had stored.
    ///
    /// - Parameters:
    ///   - work: N rows, replaced.
    ///   - rebuilt: `binCount` pairs of rows, replaced by the spectra of now.
    ///   - magnitudes: `binCount` rows, at least 0, moved on by a lane.
    ///   - flow: What goes into lane 0 and comes out.
    package func project(
        _ work: UnsafeMutablePointer<Float>, rebuilt: UnsafeMutablePointer<Float>,
        magnitudes: UnsafeMutablePointer<Float>, flow: Flow
    ) {
        var flow = ck_lane_flow(
            spectrumIn: flow.spectrumIn, magnitudesIn: flow.magnitudesIn, pastIn: flow.pastIn,
            spectrumOut: flow.spectrumOut, magnitudesOut: flow.magnitudesOut, pastOut: flow.pastOut, tap: flow.tap,
            weights: flow.weights)
        withPlan { ck_lanes_project(level.code, &$0, work, rebuilt, magnitudes, &flow) }
    }

    /// Multiplies rows of lanes by a window.
    ///
    /// - Parameters:
    ///   - window: One number a row.
    ///   - input: `rowCount` rows.
    ///   - output: Receives as many rows.
    ///   - rowCount: At least 0.
    ///   - adds: Add to what `output` holds.
    package func window(
        _ window: UnsafePointer<Float>, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        rowCount: Int, adds: Bool
    ) {
        ck_lanes_window(level.code, window, input, output, rowCount, adds ? 1 : 0)
    }

    private func withPlan(_ body: (inout ck_lane_plan) -> Void) {
        twiddles.withUnsafeBufferPointer { twiddles in
            turns.withUnsafeBufferPointer { turns in
                rows.withUnsafeBufferPointer { rows in
                    var plan = ck_lane_plan(
                        count: length / 2, twiddles: twiddles.baseAddress, turns: turns.baseAddress,
                        rows: rows.baseAddress)
                    body(&plan)
                }
            }
        }
    }

    /// Sizes and radices of the transform's levels: eights, and a four or two at the end.
    private static func levels(_ count: Int) -> [(size: Int, radix: Int)] {
        var (levels, size) = ([(size: Int, radix: Int)](), count)
        while size > 1 {
            let radix = min(size, 8)
            levels.append((size, radix))
            size /= radix
        }
        return levels
    }

    /// Decimation in frequency leaves bin k of a block in sub-block k mod radix.
    private static func row(ofBin bin: Int, count: Int) -> Int {
        guard count > 1 else { return 0 }
        let radix = min(count, 8)
        return bin % radix * (count / radix) + row(ofBin: bin / radix, count: count / radix)
    }

    /// exp(-2 pi i index / count), rounded once.
    private static func unitVector(_ index: Int, of count: Int) -> [Float] {
        let angle = -2 * Double.pi * Double(index) / Double(count)
        return [Float(cos(angle)), Float(sin(angle))]
    }
}
