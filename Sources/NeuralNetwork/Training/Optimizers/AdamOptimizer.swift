import NumericCore

/// Adam and AdamW as PyTorch computes them, with its memory as a value.
public struct AdamOptimizer: Sendable, Equatable {
    /// How weight decay acts.
    public enum Decay: String, Sendable, CaseIterable {
        /// Adam: added to the gradient.
        case coupled
        /// AdamW: the parameter shrinks by learning rate times decay before the step.
        case decoupled
    }

    /// Constants of the rule; the defaults are PyTorch's.
    public struct Settings: Sendable, Equatable {
        /// Memory of the first moment.
        public var beta1 = 0.9
        /// Memory of the second moment.
        public var beta2 = 0.999
        /// Added to the root of the second moment.
        public var epsilon = 1e-8
        /// Weight decay.
        public var weightDecay = 0.0
        /// How it acts.
        public var decay = Decay.decoupled

        /// PyTorch's AdamW without decay.
        public init() {}
    }

    /// The constants.
    public let settings: Settings
    /// Decaying means of the gradients, in the layout of the parameters.
    public internal(set) var firstMoment: [Float]
    /// Decaying means of the squared gradients.
    public internal(set) var secondMoment: [Float]
    /// Steps taken by each entry of the layout; an entry without gradient is not stepped.
    public internal(set) var stepCounts: [Int64]

    /// An optimiser before its first step.
    ///
    /// - Parameters:
    ///   - layout: The model's.
    ///   - settings: The constants.
    public init(_ layout: ParameterLayout, settings: Settings = Settings()) {
        self.settings = settings
        firstMoment = [Float](repeating: 0, count: layout.parameterCount)
        secondMoment = firstMoment
        stepCounts = [Int64](repeating: 0, count: layout.entries.count)
    }

    /// Moves every parameter that has a gradient.
    ///
    /// - Parameters:
    ///   - state: The model's numbers.
    ///   - gradients: Of the same layout.
    ///   - learningRate: At least 0.
    public mutating func step(_ state: inout ModelState, _ gradients: Gradients, learningRate: Double) {
        precondition(
            state.layout == gradients.layout && firstMoment.count == state.parameters.count, "different layouts")
        for index in gradients.presentIndices {
            stepCounts[index] += 1
            let entry = state.layout.entries[index]
            let rule = TrainingKernels.AdamRule(settings, learningRate: learningRate, step: stepCounts[index])
            state.parameters.withUnsafeMutableBufferPointer { values in
                gradients.values.withUnsafeBufferPointer { gradients in
                    firstMoment.withUnsafeMutableBufferPointer { first in
                        secondMoment.withUnsafeMutableBufferPointer { second in
                            guard let values = values.baseAddress, let gradients = gradients.baseAddress,
                                let first = first.baseAddress, let second = second.baseAddress
                            else { return }
                            let start = entry.offset
                            TrainingKernels.adam(
                                rule, values + start, gradients + start, first: first + start, second: second + start,
                                count: entry.count)
                        }
                    }
                }
            }
        }
    }
}

extension TrainingKernels.AdamRule {
    /// The factors of one step; computed in Double, applied in Float.
    fileprivate init(_ settings: AdamOptimizer.Settings, learningRate: Double, step: Int64) {
        let isDecoupled = settings.decay == .decoupled
        self.init(
            shrink: isDecoupled ? Float(1 - learningRate * settings.weightDecay) : 1,
            coupledDecay: isDecoupled ? 0 : Float(settings.weightDecay), newFirst: Float(1 - settings.beta1),
            beta2: Float(settings.beta2), newSecond: Float(1 - settings.beta2),
            rate: Float(learningRate / (1 - power(settings.beta1, step))),
            rootCorrection: Float((1 - power(settings.beta2, step)).squareRoot()), epsilon: Float(settings.epsilon))
    }
}
