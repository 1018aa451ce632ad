public import NumericCore

/// Activations without parameters; each `backward` takes what its `forward` gave.
public enum Activation {
    /// max(x, 0); NaN stays NaN.
    ///
    /// - Parameter input: Any shape.
    /// - Returns: The same shape.
    public static func rectify(_ input: Tensor<Float>) -> Tensor<Float> {
        map(input) { $0 > 0 || $0.isNaN ? $0 : 0 }
    }

    /// The gradient through ``rectify(_:)``; 0 where the output is 0.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - output: What `rectify` gave.
    /// - Returns: The gradient with respect to the input.
    public static func rectifyBackward(_ gradient: Tensor<Float>, output: Tensor<Float>) -> Tensor<Float> {
        combine(gradient, output) { gradient, output in output > 0 ? gradient : 0 }
    }

    /// 1 / (1 + e^-x), computed from whichever exponential does not overflow.
    ///
    /// - Parameter input: Any shape.
    /// - Returns: The same shape, within 0 ... 1.
    public static func sigmoid(_ input: Tensor<Float>) -> Tensor<Float> {
        let result = Rows.make(count: input.count) { output in
            Rows.lend(input) { TrainingKernels.sigmoid($0, into: output, count: input.count) }
        }
        return Tensor(result, shape: input.shape)
    }

    /// The gradient through ``sigmoid(_:)``: y (1 - y).
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - output: What `sigmoid` gave.
    /// - Returns: The gradient with respect to the input.
    public static func sigmoidBackward(_ gradient: Tensor<Float>, output: Tensor<Float>) -> Tensor<Float> {
        combine(gradient, output) { gradient, output in gradient * output * (1 - output) }
    }

    /// Applies `body` to every element.
    static func map(_ input: Tensor<Float>, _ body: (Float) -> Float) -> Tensor<Float> {
        let result = Rows.make(count: input.count) { output in
            Rows.lend(input) { values in for index in 0..<input.count { output[index] = body(values[index]) } }
        }
        return Tensor(result, shape: input.shape)
    }

    /// Combines two tensors element by element.
    static func combine(
        _ left: Tensor<Float>, _ right: Tensor<Float>, _ body: (Float, Float) -> Float
    ) -> Tensor<Float> {
        let count = left.count
        precondition(left.shape == right.shape, "shapes \(left.shape) and \(right.shape)")
        let result = Rows.make(count: left.count) { output in
            Rows.lend(left) { left in
                Rows.lend(right) { right in for index in 0..<count { output[index] = body(left[index], right[index]) } }
            }
        }
        return Tensor(result, shape: left.shape)
    }
}
