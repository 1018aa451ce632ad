public import NumericCore

/// Convolutions of several odd kernels over the same rows, each normalised, rectified and pooled over time.
///
/// A fused form of ``ConvolutionLayer``, ``BatchNormLayer``, `Activation.rectify` and ``AdaptivePooling``.
///
/// The kernels share the product of every tap, so the input is read once a tap instead of once a tap and kernel. The
/// normalisation is an affine map of the sums, so neither its output nor the rectified one is ever stored, and the
/// gradient through it is an affine map of the sums too, but for the few rows that won.
public struct PooledConvolutionBank: Sendable {
    /// One kernel's parameters.
    struct Scale: Sendable {
        let kernelSize: Int
        let weight: ParameterSlot
        let bias: ParameterSlot
        let normalization: BatchNormLayer
    }

    /// What `backward` needs from `forward`.
    public struct Cache: Sendable {
        let rows: PaddedRows
        /// Convolution sums without bias, one row for each row of the span, all kernels side by side.
        let sums: [Float]
        let moments: ChannelMoments
        /// The winning row of each sequence and channel, counted from the sequence's start.
        let winners: [Int32]
        let output: Tensor<Float>
        let mode: ForwardPass.Mode
    }

    /// Columns of the input.
    public let inputCount: Int
    /// Channels of each kernel.
    public let width: Int
    let scales: [Scale]

    /// Zeros that the input needs on either side.
    public var padding: Int { (scales.last?.kernelSize ?? 1) / 2 }
    /// Channels of all kernels.
    public var channelCount: Int { width * scales.count }

    /// Adds a convolution and a normalisation for each kernel to a layout.
    ///
    /// - Parameters:
    ///   - kernels: Odd sizes in rising order with the two modules' names; at least one.
    ///   - inputCount: Columns of the input.
    ///   - width: Channels of each kernel.
    ///   - layout: The model's layout.
    public init(
        _ kernels: [(size: Int, convolution: String, normalization: String)], _ inputCount: Int, width: Int,
        in layout: inout ParameterLayout
    ) {
        let sizes = kernels.map(\.size)
        precondition(
            !sizes.isEmpty && sizes == sizes.sorted() && sizes.allSatisfy { $0 > 0 && $0 % 2 == 1 }, "kernels \(sizes)")
        self.inputCount = inputCount
        self.width = width
        scales = kernels.map { kernel in
            let start = Initializer.torchDefault(fanIn: inputCount * kernel.size)
            return Scale(
                kernelSize: kernel.size,
                weight: layout.add(
                    "\(kernel.convolution).weight", shape: [width, inputCount, kernel.size], initializer: start),
                bias: layout.add("\(kernel.convolution).bias", shape: [width], initializer: start),
                normalization: BatchNormLayer(kernel.normalization, width, in: &layout))
        }
    }

    /// Convolves, normalises, rectifies and pools.
    ///
    /// - Parameters:
    ///   - rows: Sequences with `padding` zeros between; in training at least two rows in all.
    ///   - state: The model's numbers.
    ///   - pass: The pass.
    /// - Returns: Shape (batch, `channelCount`), and what `backward` needs.
    public func forward(
        _ rows: PaddedRows, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: Cache) {
        precondition(
            rows.padding == padding && rows.channelCount == inputCount,
            "rows of \(rows.channelCount) with \(rows.padding) zeros for \(inputCount) with \(padding)")
        let sums = convolve(rows, state)
        let moments = channelMoments(sums, rows, state, &pass)
        let (pooled, winners) = moments.maximum(of: sums, rows)
        let output = Activation.rectify(Tensor(pooled, shape: [rows.batchCount, channelCount]))
        let cache = Cache(
            rows: rows, sums: sums, moments: moments, winners: winners, output: output, mode: pass.mode)
        return (output, cache)
    }

    /// Adds the parameters' gradients and gives that of the input.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    /// - Returns: The gradient with respect to the rows; its zeros between sequences mean nothing.
    public func backward(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) -> PaddedRows {
        let sumGradient = accumulateAll(gradient, cache, into: &gradients)
        return spread(sumGradient, cache.rows, state)
    }

    /// Adds the parameters' gradients only, for a bank whose input needs none.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - cache: From `forward`.
    ///   - gradients: Receives the parameters' share.
    public func accumulate(_ gradient: Tensor<Float>, _ cache: Cache, into gradients: inout Gradients) {
        _ = accumulateAll(gradient, cache, into: &gradients)
    }

    /// Adds the parameters' gradients and gives that of the convolution sums.
    private func accumulateAll(
        _ gradient: Tensor<Float>, _ cache: Cache, into gradients: inout Gradients
    ) -> [Float] {
        precondition(gradient.shape == cache.output.shape, "\(gradient.shape) for \(cache.output.shape)")
        let active = Activation.rectifyBackward(gradient, output: cache.output)
        let back = cache.moments.backward(active, cache)
        for (index, scale) in scales.enumerated() {
            let channels = index * width..<(index + 1) * width
            gradients.add(back.weights[channels], to: scale.normalization.weight)
            gradients.add(back.biases[channels], to: scale.normalization.bias)
            gradients.add(back.sums[channels], to: scale.bias)
        }
        accumulateWeights(back.gradient, cache.rows, into: &gradients)
        return back.gradient
    }

    /// Statistics of the sums, with those of the modules: a bias only moves the mean.
    private func channelMoments(
        _ sums: [Float], _ rows: PaddedRows, _ state: ModelState, _ pass: inout ForwardPass
    ) -> ChannelMoments {
        let biases = scales.flatMap { state.parameters[$0.bias.range] }
        var moments = ChannelMoments(
            weights: scales.flatMap { state.parameters[$0.normalization.weight.range] },
            biases: scales.flatMap { state.parameters[$0.normalization.bias.range] },
            means: scales.flatMap { state.statistics[$0.normalization.runningMean.range] },
            variances: scales.flatMap { state.statistics[$0.normalization.runningVariance.range] })
        for channel in biases.indices { moments.means[channel] -= biases[channel] }
        if pass.mode == .training {
            let unbiased = moments.observe(sums, rows)
            for (index, scale) in scales.enumerated() {
                let channels = index * width..<(index + 1) * width
                pass.moments.append(
                    ForwardPass.Moments(
                        layer: scale.normalization, mean: channels.map { moments.means[$0] + biases[$0] },
                        unbiasedVariance: Array(unbiased[channels])))
            }
        }
        moments.finish(epsilons: scales.flatMap { [Float](repeating: $0.normalization.epsilon, count: width) })
        return moments
    }
}

extension Gradients {
    /// Adds sums to a parameter's gradient.
    mutating func add(_ sums: ArraySlice<Double>, to slot: ParameterSlot) {
        accumulate(slot) { target, beta in
            for (index, sum) in sums.enumerated() { target[index] = (beta == 0 ? 0 : target[index]) + Float(sum) }
        }
    }
}
