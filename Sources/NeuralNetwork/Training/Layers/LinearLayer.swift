public import NumericCore

/// y = x W^T + b over rows, as PyTorch's `Linear`.
public struct LinearLayer: Sendable {
    /// Columns of the input.
    public let inputCount: Int
    /// Columns of the output.
    public let outputCount: Int
    let weight: ParameterSlot
    let bias: ParameterSlot

    /// First values of a linear layer.
    public enum Start: Sendable {
        /// PyTorch's: uniform within 1 / sqrt(inputs), bias too.
        case torchDefault
        /// Kaiming normal over the outputs for ReLU, bias 0.
        case kaimingNormal
    }

    /// Adds `NAME.weight` (outputs, inputs) and `NAME.bias` (outputs) to a layout.
    ///
    /// - Parameters:
    ///   - name: The module's name.
    ///   - inputCount: At least 1.
    ///   - outputCount: At least 1.
    ///   - start: First values.
    ///   - layout: The model's layout.
    public init(
        _ name: String, _ inputCount: Int, _ outputCount: Int, start: Start = .torchDefault,
        in layout: inout ParameterLayout
    ) {
        let (weights, biases): (Initializer, Initializer) =
            switch start {
            case .torchDefault: (.torchDefault(fanIn: inputCount), .torchDefault(fanIn: inputCount))
            case .kaimingNormal: (.kaimingNormal(fanOut: outputCount), .constant(0))
            }
        self.inputCount = inputCount
        self.outputCount = outputCount
        weight = layout.add("\(name).weight", shape: [outputCount, inputCount], initializer: weights)
        bias = layout.add("\(name).bias", shape: [outputCount], initializer: biases)
    }

    /// Applies the layer to every row.
    ///
    /// - Parameters:
    ///   - input: Shape (rows..., `inputCount`).
    ///   - state: The model's numbers.
    /// - Returns: Shape (rows..., `outputCount`).
    public func forward(_ input: Tensor<Float>, _ state: ModelState) -> Tensor<Float> {
        let rows = rowCount(of: input, columns: inputCount)
        let result = Rows.make(count: rows * outputCount) { output in
            Rows.lend(input) { apply($0, rows: rows, state, into: output) }
        }
        return Tensor(result, shape: input.shape.dropLast() + [outputCount])
    }

    /// Adds the gradients of weight and bias and gives that of the input.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - input: What `forward` was given.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    /// - Returns: The gradient with respect to the input.
    public func backward(
        _ gradient: Tensor<Float>, input: Tensor<Float>, _ state: ModelState, into gradients: inout Gradients
    ) -> Tensor<Float> {
        accumulate(gradient, input: input, into: &gradients)
        let rows = rowCount(of: input, columns: inputCount)
        let result = Rows.make(count: rows * inputCount) { output in
            Rows.lend(gradient) { spread($0, rows: rows, state, into: output, beta: 0) }
        }
        return Tensor(result, shape: input.shape)
    }

    /// Adds the gradients of weight and bias only, for a layer whose input needs none.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - input: What `forward` was given.
    ///   - gradients: Receives the parameters' share.
    public func accumulate(_ gradient: Tensor<Float>, input: Tensor<Float>, into gradients: inout Gradients) {
        let rows = rowCount(of: input, columns: inputCount)
        precondition(rowCount(of: gradient, columns: outputCount) == rows, "\(gradient.shape) for \(input.shape)")
        Rows.lend(gradient) { gradient in
            Rows.lend(input) { accumulate(gradient, input: $0, rows: rows, into: &gradients) }
        }
    }

    /// Writes `rows` dense output rows.
    package func apply(
        _ input: UnsafePointer<Float>, rows: Int, _ state: ModelState, into output: UnsafeMutablePointer<Float>
    ) {
        state.withParameter(bias) { Rows.fill(output, rows: rows, columns: outputCount, with: $0) }
        state.withParameter(weight) { weight in
            MutableMatrixView(output, rowCount: rows, columnCount: outputCount).setProduct(
                MatrixView(input, rowCount: rows, columnCount: inputCount),
                MatrixView(weight, rowCount: outputCount, columnCount: inputCount), transposingRight: true, beta: 1)
        }
    }

    /// Writes the gradient of `rows` dense input rows, or adds it when beta is 1.
    package func spread(
        _ gradient: UnsafePointer<Float>, rows: Int, _ state: ModelState, into output: UnsafeMutablePointer<Float>,
        beta: Float
    ) {
        state.withParameter(weight) { weight in
            MutableMatrixView(output, rowCount: rows, columnCount: inputCount).setProduct(
                MatrixView(gradient, rowCount: rows, columnCount: outputCount),
                MatrixView(weight, rowCount: outputCount, columnCount: inputCount), beta: beta)
        }
    }

    /// Adds the parameters' gradients from `rows` dense rows.
    package func accumulate(
        _ gradient: UnsafePointer<Float>, input: UnsafePointer<Float>, rows: Int, into gradients: inout Gradients
    ) {
        gradients.accumulate(weight) { target, beta in
            MutableMatrixView(target, rowCount: outputCount, columnCount: inputCount).setProduct(
                MatrixView(gradient, rowCount: rows, columnCount: outputCount),
                MatrixView(input, rowCount: rows, columnCount: inputCount), transposingLeft: true, beta: beta)
        }
        gradients.accumulate(bias) { target, beta in
            Rows.addColumnSums(gradient, rows: rows, columns: outputCount, into: target, beta: beta)
        }
    }
}
