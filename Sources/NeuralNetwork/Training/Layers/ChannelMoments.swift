import NumericCore

/// Normalisation as an affine map of each channel, over sequences of rows with gaps between them.
struct ChannelMoments: Sendable {
    /// gamma.
    let weights: [Float]
    /// beta.
    let biases: [Float]
    var means: [Float]
    var variances: [Float]
    private(set) var inverseDeviations: [Float] = []
    /// gamma / deviation, by which a value is multiplied, and what is added then.
    private var slopes: [Float] = []
    private var offsets: [Float] = []

    init(weights: [Float], biases: [Float], means: [Float], variances: [Float]) {
        self.weights = weights
        self.biases = biases
        self.means = means
        self.variances = variances
    }

    /// Replaces mean and (biased) variance by those of a batch.
    ///
    /// Sums and sums of squares run in Double in one pass: values are Floats, so the difference loses nothing as long
    /// as the mean is less than a million deviations.
    ///
    /// - Parameters:
    ///   - values: One row for each row of the span.
    ///   - rows: Where sequences lie.
    /// - Returns: The unbiased variance.
    mutating func observe(_ values: [Float], _ rows: PaddedRows) -> [Float] {
        let channels = weights.count
        let count = rows.batchCount * rows.length
        precondition(count > 1, "batch statistics of \(count) rows; training takes at least 2")
        var sums = [Double](repeating: 0, count: channels)
        var squares = sums
        values.withUnsafeBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                squares.withUnsafeMutableBufferPointer { squares in
                    for row in rows.spanRows {
                        let start = row * channels
                        for channel in 0..<channels {
                            let value = Double(values[start + channel])
                            sums[channel] += value
                            squares[channel] += value * value
                        }
                    }
                }
            }
        }
        let share = 1 / Double(count)
        let spreads = (0..<channels).map { max(0, squares[$0] - sums[$0] * sums[$0] * share) }
        means = sums.map { Float($0 * share) }
        variances = spreads.map { Float($0 * share) }
        return spreads.map { Float($0 / Double(count - 1)) }
    }

    /// Prepares the affine map.
    mutating func finish(epsilons: [Float]) {
        inverseDeviations = zip(variances, epsilons).map { 1 / ($0 + $1).squareRoot() }
        slopes = zip(weights, inverseDeviations).map { $0 * $1 }
        offsets = biases.indices.map { biases[$0] - means[$0] * slopes[$0] }
    }

    /// The largest mapped value of each sequence and channel, and its row; the first among equals, NaN over numbers.
    func maximum(of values: [Float], _ rows: PaddedRows) -> (values: [Float], winners: [Int32]) {
        let channels = weights.count
        var best = [Float](repeating: -.infinity, count: rows.batchCount * channels)
        var winners = [Int32](repeating: 0, count: best.count)
        let (slopes, offsets, values) = (slopes.span, offsets.span, values.span)
        best.withUnsafeMutableBufferPointer { best in
            winners.withUnsafeMutableBufferPointer { winners in
                for index in 0..<rows.batchCount * rows.length {
                    let (sequence, row) = index.quotientAndRemainder(dividingBy: rows.length)
                    let (start, target) = ((sequence * rows.pitch + row) * channels, sequence * channels)
                    for channel in 0..<channels {
                        let value = values[start + channel] * slopes[channel] + offsets[channel]
                        let old = best[target + channel]
                        let wins = value > old || value.isNaN
                        best[target + channel] = wins ? value : old
                        winners[target + channel] = wins ? Int32(truncatingIfNeeded: row) : winners[target + channel]
                    }
                }
            }
        }
        return (best, winners)
    }

    /// Gradients of the values and parameters from that of the maxima.
    struct Backward {
        /// With respect to the values, one row for each row of the span; gaps are 0.
        let gradient: [Float]
        /// With respect to gamma.
        let weights: [Double]
        /// With respect to beta.
        let biases: [Double]
        /// Sums of `gradient` over the rows.
        let sums: [Double]
    }

    func backward(_ active: Tensor<Float>, _ cache: PooledConvolutionBank.Cache) -> Backward {
        let (rows, channels) = (cache.rows, weights.count)
        var (plain, products) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
        for (index, gradient) in active.elements.enumerated() where gradient != 0 {
            let channel = index % channels
            let value = cache.sums[winnerOffset(index, cache)]
            plain[channel] += Double(gradient)
            products[channel] += Double(gradient) * Double((value - means[channel]) * inverseDeviations[channel])
        }
        // Through the batch's mean and variance: -slope (plain + normalised products) / n for every row alike.
        let share = cache.mode == .training ? 1 / Double(rows.batchCount * rows.length) : 0
        let slope = (0..<channels).map { channel in
            -Double(slopes[channel]) * products[channel] * share * Double(inverseDeviations[channel])
        }
        let offset = (0..<channels).map { channel in
            -Double(slopes[channel]) * plain[channel] * share - slope[channel] * Double(means[channel])
        }
        var (gradient, sums) = affine(cache.sums, rows, slope.map { Float($0) }, offset.map { Float($0) })
        for (index, value) in active.elements.enumerated() where value != 0 {
            let channel = index % channels
            gradient[winnerOffset(index, cache)] += slopes[channel] * value
            sums[channel] += Double(slopes[channel] * value)
        }
        return Backward(gradient: gradient, weights: products, biases: plain, sums: sums)
    }

    /// Where the winner of an output element stands among the sums.
    private func winnerOffset(_ index: Int, _ cache: PooledConvolutionBank.Cache) -> Int {
        let (sequence, channel) = index.quotientAndRemainder(dividingBy: weights.count)
        return (sequence * cache.rows.pitch + Int(cache.winners[index])) * weights.count + channel
    }

    /// slope value + offset on every row, 0 in the gaps, and the sums over the rows.
    private func affine(
        _ values: [Float], _ rows: PaddedRows, _ slope: [Float], _ offset: [Float]
    ) -> (gradient: [Float], sums: [Double]) {
        let channels = weights.count
        var sums = [Double](repeating: 0, count: channels)
        var gradient = [Float](repeating: 0, count: values.count)
        let (slope, offset, values) = (slope.span, offset.span, values.span)
        gradient.withUnsafeMutableBufferPointer { gradient in
            sums.withUnsafeMutableBufferPointer { sums in
                for row in rows.spanRows {
                    let start = row * channels
                    for channel in 0..<channels {
                        let value = values[start + channel] * slope[channel] + offset[channel]
                        gradient[start + channel] = value
                        sums[channel] += Double(value)
                    }
                }
            }
        }
        return (gradient, sums)
    }
}

extension PaddedRows {
    /// Rows of the span that belong to a sequence.
    var spanRows: [Int] {
        (0..<batchCount * length).map { $0 / length * pitch + $0 % length }
    }
}
