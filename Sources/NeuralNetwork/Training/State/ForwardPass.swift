import NumericCore

/// The circumstances of one forward pass: its mode, its randomness, and the batch statistics it observes.
public struct ForwardPass: Sendable {
    /// Whether normalisation uses the batch's statistics or the stored ones, and whether dropout acts.
    public enum Mode: Sendable, Equatable {
        /// Batch statistics and dropout.
        case training
        /// Stored statistics, no dropout.
        case evaluation
    }

    /// Mean and variance of one normalisation's batch.
    struct Moments: Sendable {
        let layer: BatchNormLayer
        let mean: [Float]
        let unbiasedVariance: [Float]
    }

    /// The mode.
    public let mode: Mode
    var moments: [Moments] = []
    private var generator: Xoshiro256?

    private init(mode: Mode, generator: Xoshiro256?) {
        self.mode = mode
        self.generator = generator
    }

    /// A pass whose result does not depend on the other samples of the batch.
    public static var evaluation: ForwardPass { ForwardPass(mode: .evaluation, generator: nil) }

    /// A training pass; equal seeds give equal dropout masks.
    ///
    /// - Parameter seed: A number that differs from step to step, such as the run's seed mixed with the step.
    /// - Returns: The pass.
    public static func training(seed: UInt64) -> ForwardPass {
        ForwardPass(mode: .training, generator: Xoshiro256(seed: seed))
    }

    /// A training pass in which dropout keeps everything: for comparisons that must not be random.
    public static var trainingWithoutDropout: ForwardPass { ForwardPass(mode: .training, generator: nil) }

    /// Draws a mask: each element is kept with probability 1 - rate.
    ///
    /// - Returns: The factor of every element, 0 or 1 / (1 - rate); nil where dropout does not act.
    mutating func dropoutMask(rate: Double, count: Int) -> [Float]? {
        guard mode == .training, rate > 0, var drawing = generator else { return nil }
        let kept = Float(1 / (1 - rate))
        // Four decisions of 16 bits from each output; the rate is rounded to 1/65536.
        let limit = UInt64((rate * 65536).rounded())
        let mask = [Float](unsafeUninitializedCapacity: count) { mask, initialized in
            var bits: UInt64 = 0
            for index in 0..<count {
                bits = index & 3 == 0 ? drawing.next() : bits &>> 16
                mask[index] = bits & 0xFFFF < limit ? 0 : kept
            }
            initialized = count
        }
        generator = drawing
        return mask
    }
}
