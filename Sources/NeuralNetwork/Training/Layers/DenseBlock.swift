public import NumericCore

/// Linear, batch normalisation, ReLU and dropout in a row: the brick of the design's models.
public struct DenseBlock: Sendable {
    let linear: LinearLayer
    let normalization: BatchNormLayer
    let isRectified: Bool
    let dropout: Dropout

    /// What `backward` needs from `forward`.
    public struct Cache: Sendable {
        let input: Tensor<Float>
        let normalization: BatchNormLayer.Cache
        /// The output before dropout; only ReLU needs it.
        let rectified: Tensor<Float>?
        let dropout: Dropout.Cache
    }

    /// Columns of the input.
    public var inputCount: Int { linear.inputCount }
    /// Columns of the output.
    public var outputCount: Int { linear.outputCount }

    /// Adds a linear layer and its normalisation to a layout.
    ///
    /// - Parameters:
    ///   - linearName: The linear module's name.
    ///   - normalizationName: The normalisation's name.
    ///   - inputCount: At least 1.
    ///   - outputCount: At least 1.
    ///   - isRectified: Whether ReLU follows the normalisation.
    ///   - dropoutRate: 0 ..< 1.
    ///   - start: First values of the linear layer.
    ///   - layout: The model's layout.
    public init(
        _ linearName: String, _ normalizationName: String, _ inputCount: Int, _ outputCount: Int,
        isRectified: Bool = true, dropoutRate: Double = 0, start: LinearLayer.Start = .torchDefault,
        in layout: inout ParameterLayout
    ) {
        linear = LinearLayer(linearName, inputCount, outputCount, start: start, in: &layout)
        normalization = BatchNormLayer(normalizationName, outputCount, in: &layout)
        self.isRectified = isRectified
        dropout = Dropout(rate: dropoutRate)
    }

    /// Applies the block to every row.
    ///
    /// - Parameters:
    ///   - input: Shape (rows, `inputCount`); in training at least two rows.
    ///   - state: The model's numbers.
    ///   - pass: The pass.
    /// - Returns: Shape (rows, `outputCount`), and what `backward` needs.
    public func forward(
        _ input: Tensor<Float>, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: Cache) {
        let (normalized, normalization) = normalization.forward(linear.forward(input, state), state, &pass)
        let rectified = isRectified ? Activation.rectify(normalized) : nil
        let (output, dropout) = dropout.forward(rectified ?? normalized, &pass)
        return (output, Cache(input: input, normalization: normalization, rectified: rectified, dropout: dropout))
    }

    /// Adds the parameters' gradients and gives that of the input.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    /// - Returns: The gradient with respect to the input.
    public func backward(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) -> Tensor<Float> {
        let inner = beforeLinear(gradient, cache, state, into: &gradients)
        return linear.backward(inner, input: cache.input, state, into: &gradients)
    }

    /// Adds the parameters' gradients only, for a block whose input needs none.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    public func accumulate(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) {
        let inner = beforeLinear(gradient, cache, state, into: &gradients)
        linear.accumulate(inner, input: cache.input, into: &gradients)
    }

    private func beforeLinear(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) -> Tensor<Float> {
        var inner = dropout.apply(cache.dropout, to: gradient)
        if let rectified = cache.rectified { inner = Activation.rectifyBackward(inner, output: rectified) }
        return normalization.backward(inner, cache.normalization, state, into: &gradients)
    }
}
