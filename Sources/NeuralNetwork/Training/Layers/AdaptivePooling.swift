public import NumericCore

/// Pools each sequence to a fixed number of rows, as PyTorch's adaptive pools in one dimension.
///
/// Output row i covers the input rows floor(i T / n) ..< ceil((i + 1) T / n), which overlap when n does not divide T.
public struct AdaptivePooling: Sendable, Equatable {
    /// n: rows of the output.
    public let outputLength: Int

    /// What `maximumBackward` needs.
    public struct Cache: Sendable {
        /// For every output element the input row that won.
        let winners: [Int32]
        let inputShape: [Int]
    }

    /// Describes a pool.
    ///
    /// - Parameter outputLength: At least 1.
    public init(outputLength: Int = 1) {
        precondition(outputLength > 0, "a pool to \(outputLength) rows")
        self.outputLength = outputLength
    }

    /// The largest value of each window; the first among equals wins, NaN wins over numbers.
    ///
    /// - Parameter input: Shape (batch, time, channels), at least one row.
    /// - Returns: Shape (batch, n, channels), and what the backward pass needs.
    public func maximum(_ input: Tensor<Float>) -> (output: Tensor<Float>, cache: Cache) {
        let (length, channels) = (input.shape[1], input.shape[2])
        let shape = [input.shape[0], outputLength, channels]
        var winners = [Int32](repeating: 0, count: shape.reduce(1, *))
        let result = Rows.make(count: winners.count) { output in
            Rows.lend(input) { values in
                for (place, window) in windows(batch: input.shape[0], length: length) {
                    let start = place.input * channels
                    for channel in 0..<channels {
                        var best = values[start + window.lowerBound * channels + channel]
                        var winner = window.lowerBound
                        for row in window.dropFirst() {
                            let value = values[start + row * channels + channel]
                            if value > best || value.isNaN { (best, winner) = (value, row) }
                        }
                        output[place.output * channels + channel] = best
                        winners[place.output * channels + channel] = Int32(winner)
                    }
                }
            }
        }
        return (Tensor(result, shape: shape), Cache(winners: winners, inputShape: input.shape))
    }

    /// Sends each gradient to the row that won.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - cache: From `maximum`.
    /// - Returns: The gradient with respect to the input.
    public func maximumBackward(_ gradient: Tensor<Float>, _ cache: Cache) -> Tensor<Float> {
        let (length, channels) = (cache.inputShape[1], cache.inputShape[2])
        precondition(gradient.count == cache.winners.count, "\(gradient.shape) for \(cache.winners.count) winners")
        var result = [Float](repeating: 0, count: cache.inputShape.reduce(1, *))
        for index in 0..<gradient.count {
            let sequence = index / (outputLength * channels)
            let row = sequence * length + Int(cache.winners[index])
            result[row * channels + index % channels] += gradient.elements[index]
        }
        return Tensor(result, shape: cache.inputShape)
    }

    /// The mean of each window.
    ///
    /// - Parameter input: Shape (batch, time, channels), at least one row.
    /// - Returns: Shape (batch, n, channels).
    public func average(_ input: Tensor<Float>) -> Tensor<Float> {
        let (length, channels) = (input.shape[1], input.shape[2])
        let shape = [input.shape[0], outputLength, channels]
        var result = [Float](repeating: 0, count: shape.reduce(1, *))
        for (place, window) in windows(batch: input.shape[0], length: length) {
            for channel in 0..<channels {
                var sum: Float = 0
                for row in window { sum += input.elements[(place.input + row) * channels + channel] }
                result[place.output * channels + channel] = sum / Float(window.count)
            }
        }
        return Tensor(result, shape: shape)
    }

    /// Spreads each gradient evenly over its window.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - length: Rows of the input.
    /// - Returns: The gradient with respect to the input.
    public func averageBackward(_ gradient: Tensor<Float>, length: Int) -> Tensor<Float> {
        let (batch, channels) = (gradient.shape[0], gradient.shape[2])
        var result = [Float](repeating: 0, count: batch * length * channels)
        for (place, window) in windows(batch: batch, length: length) {
            for channel in 0..<channels {
                let share = gradient.elements[place.output * channels + channel] / Float(window.count)
                for row in window { result[(place.input + row) * channels + channel] += share }
            }
        }
        return Tensor(result, shape: [batch, length, channels])
    }

    /// For every output row its number, the first row of its sequence, and its window in the sequence.
    private func windows(batch: Int, length: Int) -> [(place: (output: Int, input: Int), window: Range<Int>)] {
        precondition(length > 0, "a pool over no rows")
        return (0..<batch * outputLength).map { index in
            let (sequence, row) = index.quotientAndRemainder(dividingBy: outputLength)
            let end = ((row + 1) * length + outputLength - 1) / outputLength
            return ((index, sequence * length), row * length / outputLength..<end)
        }
    }
}
