import NumericCore

/// How a parameter's first values are drawn, by PyTorch's formulas.
public enum Initializer: Sendable, Equatable {
    /// Every element the same.
    case constant(Float)
    /// Uniform within plus or minus `bound`.
    case uniform(bound: Double)
    /// Normal around 0.
    case normal(standardDeviation: Double)

    /// The default of PyTorch's Linear and Conv layers, for weight and bias alike.
    ///
    /// Kaiming uniform with a = sqrt(5) has the gain sqrt(2 / 6) and the bound sqrt(3) gain / sqrt(fan in), which is
    /// 1 / sqrt(fan in), the bound PyTorch also gives the bias.
    ///
    /// - Parameter fanIn: Inputs of one output; at least 1.
    /// - Returns: The uniform rule.
    public static func torchDefault(fanIn: Int) -> Initializer { .uniform(bound: 1 / Double(fanIn).squareRoot()) }

    /// Kaiming normal over the fan out for ReLU: standard deviation sqrt(2 / fan out).
    ///
    /// - Parameter fanOut: Outputs of one input; at least 1.
    /// - Returns: The normal rule.
    public static func kaimingNormal(fanOut: Int) -> Initializer {
        .normal(standardDeviation: (2 / Double(fanOut)).squareRoot())
    }

    /// Writes first values in order.
    ///
    /// - Parameters:
    ///   - values: Receives them.
    ///   - generator: Source of randomness; a constant takes nothing from it.
    func fill(_ values: UnsafeMutableBufferPointer<Float>, using generator: inout some RandomNumberGenerator) {
        switch self {
        case .constant(let value): values.update(repeating: value)
        case .uniform(let bound):
            for index in values.indices { values[index] = Float((2 * generator.uniformDouble() - 1) * bound) }
        case .normal(let deviation):
            for index in values.indices { values[index] = Float(generator.normalDouble() * deviation) }
        }
    }
}
