import NeuralNetwork

/// The video and text encoders: dense blocks over vectors, named `fc1`, `bn1`, `fc2`, ...
enum VectorEncoder {
    /// Adds the stack to a layout.
    static func make(
        _ configuration: VectorEncoderConfiguration, prefix: String, usesDropout: Bool,
        in layout: inout ParameterLayout
    ) -> DenseStack {
        precondition(
            configuration.widths.count == configuration.dropoutRates.count,
            "\(configuration.widths.count) blocks with \(configuration.dropoutRates.count) dropout rates")
        var blocks: [DenseBlock] = []
        var width = configuration.inputCount
        for (index, next) in configuration.widths.enumerated() {
            let rate = usesDropout ? configuration.dropoutRates[index] : 0
            blocks.append(
                DenseBlock(
                    "\(prefix)fc\(index + 1)", "\(prefix)bn\(index + 1)", width, next, dropoutRate: rate, in: &layout))
            width = next
        }
        return DenseStack(blocks)
    }
}
