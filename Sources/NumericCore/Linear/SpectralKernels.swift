internal import CKernels

/// Loops of the short-time Fourier transform, compiled for every instruction set; arrays must not overlap.
package enum SpectralKernels {
    /// Multiplies by a window: output = window x input.
    ///
    /// - Parameters:
    ///   - window: `count` floats.
    ///   - input: `count` floats.
    ///   - output: Receives `count` floats.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    package static func multiply(
        _ window: UnsafePointer<Float>, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        count: Int, level: KernelLevel = .best
    ) {
        ck_window_run(level.code, window, input, output, count)
    }

    /// Adds a windowed frame: sum += window x input.
    ///
    /// - Parameters:
    ///   - window: `count` floats.
    ///   - input: `count` floats.
    ///   - sum: `count` floats, updated.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    package static func multiplyAdd(
        _ window: UnsafePointer<Float>, _ input: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>,
        count: Int, level: KernelLevel = .best
    ) {
        ck_window_add_run(level.code, window, input, sum, count)
    }

    /// Keeps the phases of d = now - weight x past and sets magnitudes: output = magnitude x d / |d|.
    ///
    /// - Parameters:
    ///   - now: `count` pairs, real and imaginary part.
    ///   - past: `count` pairs.
    ///   - weight: Factor of the past.
    ///   - magnitudes: `count` floats.
    ///   - output: Receives `count` pairs.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    /// - Returns: Whether every |d|^2 lies between 2^-100 and 2^100; if not, the output is not usable.
    package static func project(
        _ now: UnsafePointer<Float>, past: UnsafePointer<Float>, weight: Float, magnitudes: UnsafePointer<Float>,
        into output: UnsafeMutablePointer<Float>, count: Int, level: KernelLevel = .best
    ) -> Bool {
        ck_project_run(level.code, now, past, weight, magnitudes, output, count) != 0
    }

    /// Gives magnitudes a phase: output = magnitude x exp(2 pi i turn).
    ///
    /// - Parameters:
    ///   - turns: `count` numbers in 0 ..< 1.
    ///   - magnitudes: `count` floats.
    ///   - output: Receives `count` pairs, real and imaginary part.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    package static func turn(
        _ turns: UnsafePointer<Double>, magnitudes: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        count: Int, level: KernelLevel = .best
    ) {
        ck_turns_run(level.code, turns, magnitudes, output, count)
    }
}
