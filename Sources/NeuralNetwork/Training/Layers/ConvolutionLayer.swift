public import NumericCore

/// A convolution over the rows of each sequence, as PyTorch's `Conv1d` with zero padding.
///
/// Tensors are time-major: shape (batch, time, channels) where PyTorch has (batch, channels, time).
public struct ConvolutionLayer: Sendable {
    let product: TapProduct
    let weight: ParameterSlot
    let bias: ParameterSlot

    /// What `backward` needs from `forward`.
    public struct Cache: Sendable {
        let paddedInput: [Float]
        let extent: TapProduct.Extent
    }

    /// Adds `NAME.weight` (outputs, inputs, taps) and `NAME.bias` (outputs), with PyTorch's first values, to a layout.
    ///
    /// - Parameters:
    ///   - name: The module's name.
    ///   - inputCount: Input channels.
    ///   - outputCount: Output channels.
    ///   - kernelSize: Taps.
    ///   - stride: Input rows from one output row to the next.
    ///   - padding: Rows of zeros before and after each sequence.
    ///   - layout: The model's layout.
    public init(
        _ name: String, _ inputCount: Int, _ outputCount: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0,
        in layout: inout ParameterLayout
    ) {
        precondition(kernelSize > 0 && stride > 0 && padding >= 0, "a kernel of \(kernelSize), stride \(stride)")
        product = TapProduct(
            shortChannels: outputCount, longChannels: inputCount, kernelSize: kernelSize, stride: stride,
            padding: padding)
        let start = Initializer.torchDefault(fanIn: inputCount * kernelSize)
        weight = layout.add("\(name).weight", shape: [outputCount, inputCount, kernelSize], initializer: start)
        bias = layout.add("\(name).bias", shape: [outputCount], initializer: start)
    }

    /// Rows of the output for an input of `length` rows; 0 when the padded input is shorter than the kernel.
    ///
    /// - Parameter length: Rows of a sequence.
    /// - Returns: (length + 2 padding - kernel) / stride + 1.
    public func outputLength(for length: Int) -> Int {
        let spare = length + 2 * product.padding - product.kernelSize
        return spare < 0 ? 0 : spare / product.stride + 1
    }

    /// Convolves every sequence.
    ///
    /// - Parameters:
    ///   - input: Shape (batch, time, inputs); padded, at least as long as the kernel.
    ///   - state: The model's numbers.
    /// - Returns: Shape (batch, output time, outputs), and what `backward` needs.
    public func forward(_ input: Tensor<Float>, _ state: ModelState) -> (output: Tensor<Float>, cache: Cache) {
        let (batch, length) = sequences(of: input, channels: product.longChannels)
        let outputLength = outputLength(for: length)
        precondition(outputLength > 0, "\(length) rows for a kernel of \(product.kernelSize)")
        let extent = product.extent(batch: batch, longLength: length, shortLength: outputLength)
        let padded = product.paddedLong(input.elements, extent)
        let sums = product.gather(padded, taps: state.withParameter(weight) { product.taps($0) }, extent)
        let channels = product.shortChannels
        let result = Rows.make(count: batch * outputLength * channels) { output in
            product.unpitchShort(sums, extent, into: output)
            state.withParameter(bias) { Rows.add($0, toRowsOf: output, rows: batch * outputLength, columns: channels) }
        }
        let cache = Cache(paddedInput: padded, extent: extent)
        return (Tensor(result, shape: [batch, outputLength, channels]), cache)
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
        let (batch, length) = sequences(of: gradient, channels: product.shortChannels)
        precondition(batch == extent.batch && length == extent.shortLength, "\(gradient.shape) for \(extent)")
        let short = product.pitchedShort(gradient.elements, extent)
        let planes = product.tapGradients(short: short, long: cache.paddedInput, extent)
        gradients.accumulate(weight) { product.addTaps(planes, into: $0, beta: $1) }
        Rows.lend(gradient) { values in
            gradients.accumulate(bias) { target, beta in
                Rows.addColumnSums(
                    values, rows: batch * length, columns: product.shortChannels, into: target, beta: beta)
            }
        }
        let padded = product.scatter(short, taps: state.withParameter(weight) { product.taps($0) }, extent)
        let result = Rows.make(count: batch * extent.longLength * product.longChannels) {
            product.unpadLong(padded, extent, into: $0)
        }
        return Tensor(result, shape: [batch, extent.longLength, product.longChannels])
    }
}

/// Checks the shape (batch, time, channels) and gives the first two extents.
func sequences(of tensor: Tensor<Float>, channels: Int) -> (batch: Int, length: Int) {
    precondition(
        tensor.rank == 3 && tensor.shape[2] == channels && tensor.count > 0,
        "shape \(tensor.shape) where (batch, time, \(channels)) is wanted")
    return (tensor.shape[0], tensor.shape[1])
}
