public import NumericCore

/// A transposed convolution over the rows of each sequence, as PyTorch's `ConvTranspose1d`.
///
/// Tensors are time-major: shape (batch, time, channels) where PyTorch has (batch, channels, time).
public struct TransposedConvolutionLayer: Sendable {
    let product: TapProduct
    let weight: ParameterSlot
    let bias: ParameterSlot

    /// What `backward` needs from `forward`.
    public struct Cache: Sendable {
        let pitchedInput: [Float]
        let extent: TapProduct.Extent
    }

    /// Adds `NAME.weight` (inputs, outputs, taps) and `NAME.bias` (outputs), with PyTorch's first values, to a layout.
    ///
    /// - Parameters:
    ///   - name: The module's name.
    ///   - inputCount: Input channels.
    ///   - outputCount: Output channels.
    ///   - kernelSize: Taps.
    ///   - stride: Output rows from one input row to the next.
    ///   - padding: Output rows dropped at both ends; less than half the kernel.
    ///   - layout: The model's layout.
    public init(
        _ name: String, _ inputCount: Int, _ outputCount: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0,
        in layout: inout ParameterLayout
    ) {
        precondition(
            kernelSize > 2 * padding && stride > 0 && padding >= 0,
            "a kernel of \(kernelSize), stride \(stride), padding \(padding)")
        product = TapProduct(
            shortChannels: inputCount, longChannels: outputCount, kernelSize: kernelSize, stride: stride,
            padding: padding)
        // PyTorch counts the fan-in of a transposed weight over its outputs.
        let start = Initializer.torchDefault(fanIn: outputCount * kernelSize)
        weight = layout.add("\(name).weight", shape: [inputCount, outputCount, kernelSize], initializer: start)
        bias = layout.add("\(name).bias", shape: [outputCount], initializer: start)
    }

    /// Rows of the output for an input of `length` rows.
    ///
    /// - Parameter length: Rows of a sequence, at least 1.
    /// - Returns: (length - 1) stride - 2 padding + kernel.
    public func outputLength(for length: Int) -> Int {
        (length - 1) * product.stride - 2 * product.padding + product.kernelSize
    }

    /// Spreads every sequence.
    ///
    /// - Parameters:
    ///   - input: Shape (batch, time, inputs), at least one row.
    ///   - state: The model's numbers.
    /// - Returns: Shape (batch, output time, outputs), and what `backward` needs.
    public func forward(_ input: Tensor<Float>, _ state: ModelState) -> (output: Tensor<Float>, cache: Cache) {
        let (batch, length) = sequences(of: input, channels: product.shortChannels)
        let outputLength = outputLength(for: length)
        let extent = product.extent(batch: batch, longLength: outputLength, shortLength: length)
        let short = product.pitchedShort(input.elements, extent)
        let padded = product.scatter(short, taps: state.withParameter(weight) { product.taps($0) }, extent)
        let channels = product.longChannels
        let result = Rows.make(count: batch * outputLength * channels) { output in
            product.unpadLong(padded, extent, into: output)
            state.withParameter(bias) { Rows.add($0, toRowsOf: output, rows: batch * outputLength, columns: channels) }
        }
        return (Tensor(result, shape: [batch, outputLength, channels]), Cache(pitchedInput: short, extent: extent))
    }

    /// Adds the gradients of weight and bias and gives that of the input.
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
        let extent = cache.extent
        let (batch, length) = sequences(of: gradient, channels: product.longChannels)
        precondition(batch == extent.batch && length == extent.longLength, "\(gradient.shape) for \(extent)")
        let long = product.paddedLong(gradient.elements, extent)
        let planes = product.tapGradients(short: cache.pitchedInput, long: long, extent)
        gradients.accumulate(weight) { product.addTaps(planes, into: $0, beta: $1) }
        Rows.lend(gradient) { values in
            gradients.accumulate(bias) { target, beta in
                Rows.addColumnSums(
                    values, rows: batch * length, columns: product.longChannels, into: target, beta: beta)
            }
        }
        let short = product.gather(long, taps: state.withParameter(weight) { product.taps($0) }, extent)
        let result = Rows.make(count: batch * extent.shortLength * product.shortChannels) {
            product.unpitchShort(short, extent, into: $0)
        }
        return Tensor(result, shape: [batch, extent.shortLength, product.shortChannels])
    }
}
