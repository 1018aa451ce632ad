public import NumericCore

/// A loss and its gradient with respect to the prediction.
public struct LossResult: Sendable {
    /// The mean over all elements, summed in Double.
    public let value: Double
    /// The shape of the prediction.
    public let gradient: Tensor<Float>
}

/// Losses between a prediction and a target of the same shape.
public enum RegressionLoss: String, Sendable, CaseIterable {
    /// The mean of squared differences.
    case meanSquared
    /// The mean of d^2 / 2 for |d| < 1 and |d| - 1/2 otherwise.
    case smoothL1

    /// Measures a prediction.
    ///
    /// - Parameters:
    ///   - prediction: Any shape with at least one element.
    ///   - target: The same shape.
    /// - Returns: Loss and gradient; NaN anywhere makes the loss NaN.
    public func measure(_ prediction: Tensor<Float>, _ target: Tensor<Float>) -> LossResult {
        precondition(prediction.shape == target.shape, "\(prediction.shape) against \(target.shape)")
        precondition(prediction.count > 0, "a loss over no elements")
        var sum = 0.0
        let count = prediction.count
        let share = 1 / Double(count)
        let gradient = Rows.make(count: prediction.count) { output in
            Rows.lend(prediction) { prediction in
                Rows.lend(target) { target in
                    for index in 0..<count {
                        let (loss, slope) = terms(Double(prediction[index]) - Double(target[index]))
                        sum += loss
                        output[index] = Float(slope * share)
                    }
                }
            }
        }
        return LossResult(value: sum * share, gradient: Tensor(gradient, shape: prediction.shape))
    }

    private func terms(_ difference: Double) -> (loss: Double, slope: Double) {
        switch self {
        case .meanSquared: return (difference * difference, 2 * difference)
        case .smoothL1:
            if difference.magnitude < 1 { return (difference * difference / 2, difference) }
            return (difference.magnitude - 0.5, difference > 0 ? 1 : (difference < 0 ? -1 : difference))
        }
    }
}
