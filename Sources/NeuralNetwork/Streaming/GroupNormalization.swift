internal import NumericCore

/// Group normalisation with one group: mean and variance over all rows and channels, then scale and shift per channel.
///
/// Needs the whole signal at once. Statistics are accumulated in Double; variance is the biased one, as PyTorch's.
public struct GroupNormalization: Sendable {
    private let weights: [Float]
    private let biases: [Float]
    /// PyTorch's default.
    private let epsilon = 1e-5

    /// A normalisation over `weights.count` channels.
    ///
    /// - Parameters:
    ///   - weights: Scale of each channel.
    ///   - biases: Shift of each channel.
    public init(weights: [Float], biases: [Float]) {
        precondition(weights.count == biases.count, "\(weights.count) weights, \(biases.count) biases")
        self.weights = weights
        self.biases = biases
    }

    /// Normalises dense rows; `source` may be one of the outputs.
    func run(_ source: UnsafeMutablePointer<Float>, rowCount: Int, into output: ProductOutput) {
        let channels = weights.count
        let (mean, scale) = statistics(source, count: rowCount * channels)
        let target = output.raw ?? output.activated ?? source
        weights.withUnsafeBufferPointer { weights in
            biases.withUnsafeBufferPointer { biases in
                for row in 0..<rowCount {
                    let (from, to) = (source + row * channels, target + row * channels)
                    for channel in 0..<channels {
                        to[channel] = (from[channel] - mean) * scale * weights[channel] + biases[channel]
                    }
                }
            }
        }
        if let activated = output.activated {
            PointwiseKernels.elu(target, into: activated, count: rowCount * channels)
        }
    }

    private func statistics(_ values: UnsafePointer<Float>, count: Int) -> (mean: Float, scale: Float) {
        var sum = 0.0
        for index in 0..<count { sum += Double(values[index]) }
        let mean = sum / Double(max(count, 1))
        var squares = 0.0
        for index in 0..<count {
            let difference = Double(values[index]) - mean
            squares += difference * difference
        }
        let variance = squares / Double(max(count, 1))
        return (Float(mean), Float(1 / (variance + epsilon).squareRoot()))
    }
}
