public import NumericCore

/// Normalises every column over the rows, as PyTorch's `BatchNorm1d`.
///
/// Rows are whatever stands before the last extent: samples, or samples and time. The variance that normalises is the
/// biased one; the running variance takes the unbiased one.
public struct BatchNormLayer: Sendable {
    /// Columns.
    public let channelCount: Int
    /// Added to the variance.
    public let epsilon: Float
    /// Share of a new batch in the running statistics.
    public let momentum: Float
    let weight: ParameterSlot
    let bias: ParameterSlot
    let runningMean: ParameterSlot
    let runningVariance: ParameterSlot
    let counter: ParameterSlot

    /// What `backward` needs from `forward`.
    public struct Cache: Sendable {
        /// (x - mean) / sqrt(variance + epsilon).
        let normalized: [Float]
        let inverseDeviation: [Float]
        let mode: ForwardPass.Mode
    }

    /// Adds `weight` 1, `bias` 0, `running_mean` 0, `running_var` 1 and `num_batches_tracked` under a name.
    ///
    /// - Parameters:
    ///   - name: The module's name.
    ///   - channelCount: Columns.
    ///   - epsilon: Added to the variance.
    ///   - momentum: Share of a new batch in the running statistics.
    ///   - layout: The model's layout.
    public init(
        _ name: String, _ channelCount: Int, epsilon: Float = 1e-5, momentum: Float = 0.1,
        in layout: inout ParameterLayout
    ) {
        self.channelCount = channelCount
        self.epsilon = epsilon
        self.momentum = momentum
        let shape = [channelCount]
        weight = layout.add("\(name).weight", shape: shape, initializer: .constant(1))
        bias = layout.add("\(name).bias", shape: shape, initializer: .constant(0))
        runningMean = layout.add("\(name).running_mean", shape: shape, kind: .statistic, initializer: .constant(0))
        runningVariance = layout.add("\(name).running_var", shape: shape, kind: .statistic, initializer: .constant(1))
        counter = layout.add(
            "\(name).num_batches_tracked", shape: [], kind: .counter, initializer: .constant(0))
    }

    /// Normalises with the batch's statistics in training, which `pass` collects, and the running ones otherwise.
    ///
    /// - Parameters:
    ///   - input: Shape (rows..., `channelCount`); in training at least two rows.
    ///   - state: The model's numbers.
    ///   - pass: The pass.
    /// - Returns: The shape of `input`, and what `backward` needs.
    public func forward(
        _ input: Tensor<Float>, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: Cache) {
        let rows = rowCount(of: input, columns: channelCount)
        let (mean, variance) = statistics(of: input, rows: rows, state, &pass)
        let inverse = variance.map { 1 / ($0 + epsilon).squareRoot() }
        var normalized: [Float] = []
        let output = Rows.make(count: input.count) { output in
            normalized = Rows.make(count: input.count) { normalized in
                normalize(input, rows: rows, mean, inverse, state, into: normalized, output)
            }
        }
        let cache = Cache(normalized: normalized, inverseDeviation: inverse, mode: pass.mode)
        return (Tensor(output, shape: input.shape), cache)
    }

    private func statistics(
        of input: Tensor<Float>, rows: Int, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (mean: [Float], variance: [Float]) {
        guard pass.mode == .training else {
            return (Array(state.statistics[runningMean.range]), Array(state.statistics[runningVariance.range]))
        }
        precondition(rows > 1, "batch statistics of \(rows) rows; training takes at least 2")
        let (mean, squares) = ColumnMoments.of(input.elements, rows: rows, columns: channelCount)
        let unbiased = squares.map { Float($0 / Double(rows - 1)) }
        let means = mean.map { Float($0) }
        pass.moments.append(ForwardPass.Moments(layer: self, mean: means, unbiasedVariance: unbiased))
        return (means, squares.map { Float($0 / Double(rows)) })
    }

    private func normalize(
        _ input: Tensor<Float>, rows: Int, _ mean: [Float], _ inverse: [Float], _ state: ModelState,
        into normalized: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>
    ) {
        let channels = channelCount
        let (mean, inverse) = (mean.span, inverse.span)
        Rows.lend(input) { input in
            state.withParameter(weight) { weight in
                state.withParameter(bias) { bias in
                    for row in 0..<rows {
                        let start = row * channels
                        for channel in 0..<channels {
                            let value = (input[start + channel] - mean[channel]) * inverse[channel]
                            normalized[start + channel] = value
                            output[start + channel] = value * weight[channel] + bias[channel]
                        }
                    }
                }
            }
        }
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
        precondition(gradient.count == cache.normalized.count, "\(gradient.shape) for \(cache.normalized.count)")
        let rows = rowCount(of: gradient, columns: channelCount)
        let sums = ColumnMoments.dots(gradient.elements, cache.normalized, rows: rows, columns: channelCount)
        add(sums.products, to: weight, &gradients)
        add(sums.plain, to: bias, &gradients)
        // In training the mean and variance depend on the input too, which takes their shares out again.
        let share = cache.mode == .training ? 1 / Double(rows) : 0
        let plain = sums.plain.map { Float($0 * share) }
        let products = sums.products.map { Float($0 * share) }
        var scale = cache.inverseDeviation
        state.withParameter(weight) { weight in for channel in scale.indices { scale[channel] *= weight[channel] } }
        let result = Rows.make(count: gradient.count) { output in
            Self.combine(gradient.elements, cache.normalized, plain, products, scale, rows: rows, into: output)
        }
        return Tensor(result, shape: gradient.shape)
    }

    private static func combine(
        _ gradient: [Float], _ normalized: [Float], _ plain: [Float], _ products: [Float], _ scale: [Float], rows: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        let (gradient, normalized) = (gradient.span, normalized.span)
        let (plain, products, scale) = (plain.span, products.span, scale.span)
        let channels = scale.count
        for row in 0..<rows {
            let start = row * channels
            for channel in 0..<channels {
                let index = start + channel
                let rest = gradient[index] - plain[channel] - normalized[index] * products[channel]
                output[index] = rest * scale[channel]
            }
        }
    }

    private func add(_ sums: [Double], to slot: ParameterSlot, _ gradients: inout Gradients) {
        gradients.accumulate(slot) { target, beta in
            for (index, sum) in sums.enumerated() { target[index] = (beta == 0 ? 0 : target[index]) + Float(sum) }
        }
    }
}

/// Sums over the rows of dense matrices, in Double.
enum ColumnMoments {
    /// Means, and sums of squared distances from them in a second pass.
    static func of(_ values: [Float], rows: Int, columns: Int) -> (mean: [Double], squares: [Double]) {
        var mean = [Double](repeating: 0, count: columns)
        var squares = mean
        values.withUnsafeBufferPointer { values in
            for row in 0..<rows {
                for column in 0..<columns { mean[column] += Double(values[row * columns + column]) }
            }
            for column in 0..<columns { mean[column] /= Double(rows) }
            for row in 0..<rows {
                for column in 0..<columns {
                    let distance = Double(values[row * columns + column]) - mean[column]
                    squares[column] += distance * distance
                }
            }
        }
        return (mean, squares)
    }

    /// Column sums of `left`, and of `left` times `right`.
    static func dots(
        _ left: [Float], _ right: [Float], rows: Int, columns: Int
    ) -> (plain: [Double], products: [Double]) {
        var plain = [Double](repeating: 0, count: columns)
        var products = plain
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for row in 0..<rows {
                    for column in 0..<columns {
                        let index = row * columns + column
                        plain[column] += Double(left[index])
                        products[column] += Double(left[index]) * Double(right[index])
                    }
                }
            }
        }
        return (plain, products)
    }
}
