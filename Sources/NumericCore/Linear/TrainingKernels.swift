internal import CKernels

/// Loops of training, compiled for every instruction set; arrays must not overlap unless said.
package enum TrainingKernels {
    /// Factors of one step of Adam, in the order of its formula.
    package struct AdamRule: Sendable {
        var value = ck_adam()

        /// Puts factors together.
        ///
        /// - Parameters:
        ///   - shrink: 1 - rate x decay when decay is decoupled, 1 otherwise.
        ///   - coupledDecay: Decay that is added to the gradient; 0 when it is decoupled.
        ///   - newFirst: 1 - beta1.
        ///   - beta2: Memory of the second moment.
        ///   - newSecond: 1 - beta2.
        ///   - rate: The learning rate over the first moment's correction.
        ///   - rootCorrection: The root of the second moment's correction.
        ///   - epsilon: Added to the root of the second moment.
        package init(
            shrink: Float, coupledDecay: Float, newFirst: Float, beta2: Float, newSecond: Float, rate: Float,
            rootCorrection: Float, epsilon: Float
        ) {
            value = ck_adam(
                shrink: shrink, coupledDecay: coupledDecay, newFirst: newFirst, beta2: beta2, newSecond: newSecond,
                rate: rate, rootCorrection: rootCorrection, epsilon: epsilon)
        }
    }

    /// Turns a matrix over.
    ///
    /// - Parameters:
    ///   - input: `rows` x `columns` floats.
    ///   - rows: At least 0.
    ///   - columns: At least 0.
    ///   - output: Receives `columns` x `rows` floats.
    package static func transpose(
        _ input: UnsafePointer<Float>, rows: Int, columns: Int, into output: UnsafeMutablePointer<Float>
    ) {
        ck_transpose_run(input, rows, columns, output)
    }

    /// The largest number; NaN only where it is the first.
    ///
    /// - Parameters:
    ///   - input: `count` floats.
    ///   - count: At least 1.
    ///   - level: Instruction set.
    /// - Returns: The largest.
    package static func peak(_ input: UnsafePointer<Float>, count: Int, level: KernelLevel = .best) -> Float {
        ck_peak_run(level.code, input, count)
    }

    /// Writes e^(x - peak), within 1.5e-7 of each.
    ///
    /// - Parameters:
    ///   - input: `count` floats, none above `peak`; NaN stays NaN.
    ///   - peak: Usually their largest.
    ///   - output: Receives `count` floats.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    /// - Returns: Their sum, in Double over 16 lanes.
    package static func exponentials(
        _ input: UnsafePointer<Float>, minus peak: Float, into output: UnsafeMutablePointer<Float>, count: Int,
        level: KernelLevel = .best
    ) -> Double {
        ck_exp_sum_run(level.code, input, peak, output, count)
    }

    /// Multiplies by a number.
    ///
    /// - Parameters:
    ///   - values: `count` floats.
    ///   - factor: The number.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    package static func scale(
        _ values: UnsafeMutablePointer<Float>, by factor: Float, count: Int, level: KernelLevel = .best
    ) {
        ck_scale_run(level.code, values, factor, count)
    }

    /// 1 / (1 + e^-x); NaN stays NaN.
    ///
    /// - Parameters:
    ///   - input: `count` floats.
    ///   - output: Receives `count` floats; may be `input`.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    package static func sigmoid(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int,
        level: KernelLevel = .best
    ) {
        ck_sigmoid_run(level.code, input, output, count)
    }

    /// The sum of squares, in Double over 16 lanes.
    ///
    /// - Parameters:
    ///   - values: `count` floats.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    /// - Returns: The sum; 0 for no values.
    package static func squareSum(_ values: UnsafePointer<Float>, count: Int, level: KernelLevel = .best) -> Double {
        ck_square_sum_run(level.code, values, count)
    }

    /// One step of Adam.
    ///
    /// - Parameters:
    ///   - rule: Its factors.
    ///   - values: `count` parameters, moved.
    ///   - gradients: `count` floats.
    ///   - first: `count` first moments, updated.
    ///   - second: `count` second moments, updated.
    ///   - count: At least 0.
    ///   - level: Instruction set.
    package static func adam(
        _ rule: AdamRule, _ values: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
        first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, count: Int,
        level: KernelLevel = .best
    ) {
        withUnsafePointer(to: rule.value) { ck_adam_run(level.code, $0, values, gradients, first, second, count) }
    }
}
