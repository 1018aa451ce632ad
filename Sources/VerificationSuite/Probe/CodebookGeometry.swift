internal import EnCodec
internal import NumericCore
internal import Verification

/// Whether the numbers of codebook entries say anything about where the entries lie.
struct CodebookGeometry {
    /// Rank correlation between distance of index and distance of entry, one a codebook: 1 for an ordered one.
    let rankCorrelations: [Double]
    /// Error of taking the next entry over that of taking any entry, one a codebook: 0 for an ordered one, 1 for labels.
    let neighbourRatios: [Double]
    /// 95 % interval of the mean over all codebooks of that ratio.
    let interval: ConfidenceInterval?
    /// Pairs of entries looked at in each codebook.
    let pairCount: Int

    /// Pairs drawn in each codebook: a rank correlation of unrelated numbers then lies within 0.02 of 0.
    static let pairsPerCodebook = 20_000

    /// Looks at a codec's codebooks.
    ///
    /// - Parameters:
    ///   - model: The codec.
    ///   - codebookCount: How many of its codebooks, from the first.
    ///   - seed: Of the pairs that are drawn.
    /// - Throws: `EncodecError`.
    init(_ model: EncodecModel, codebookCount: Int, seed: UInt64) throws {
        let (size, width) = (model.configuration.codebookSize, model.configuration.hiddenSize)
        var random = Xoshiro256(seed: seed)
        var correlations: [Double] = []
        var ratios: [Double] = []
        var shares: [Double] = []
        for index in 0..<codebookCount {
            let book = try CodebookEntries(model, index: index, size: size, width: width)
            correlations.append(book.rankCorrelation(pairCount: Self.pairsPerCodebook, &random))
            let relative = book.neighbourErrors(&random)
            shares += relative
            ratios.append(relative.reduce(0, +) / Double(max(1, relative.count)))
        }
        (rankCorrelations, neighbourRatios) = (correlations, ratios)
        // Neighbours share an entry; blocks of eight keep them together.
        interval = BlockBootstrap(blockLength: 8, resampleCount: 2000, seed: seed, method: .percentile).interval(shares)
        pairCount = Self.pairsPerCodebook
    }
}

/// The entries of one codebook.
private struct CodebookEntries {
    let values: [Float]
    let size: Int
    let width: Int

    /// An entry is what the latents of a code lose when the codebook is taken away.
    init(_ model: EncodecModel, index: Int, size: Int, width: Int) throws {
        let below = [Int32](repeating: 0, count: index * size)
        let with = try model.dequantizedLatents(Tensor(below + (0..<Int32(size)), shape: [index + 1, size])).transposed
        var values = with.elements
        if index > 0 {
            let without = try model.dequantizedLatents(Tensor(below, shape: [index, size])).transposed.elements
            for place in values.indices { values[place] -= without[place] }
        }
        (self.values, self.size, self.width) = (values, size, width)
    }

    func squaredDistance(_ a: Int, _ b: Int) -> Double {
        values.withUnsafeBufferPointer { values in
            var sum: Float = 0
            for k in 0..<width {
                let difference = values[a * width + k] - values[b * width + k]
                sum += difference * difference
            }
            return Double(sum)
        }
    }

    func rankCorrelation(pairCount: Int, _ random: inout Xoshiro256) -> Double {
        var (indices, distances): ([Double], [Double]) = ([], [])
        for _ in 0..<pairCount {
            let (a, b) = pair(&random)
            indices.append(Double(abs(a - b)))
            distances.append(squaredDistance(a, b))
        }
        // A codebook of equal entries has no order.
        return Correlation.spearman(indices, distances) ?? 0
    }

    /// For each entry the squared error of the next one over the mean squared error of a random other one.
    func neighbourErrors(_ random: inout Xoshiro256) -> [Double] {
        let chance = (0..<size).map { entry -> Double in
            let other = (entry + 1 + Int(random.uniformDouble() * Double(size - 1))) % size
            return squaredDistance(entry, other)
        }
        let mean = chance.reduce(0, +) / Double(size)
        guard mean > 0 else { return [] }
        return (0..<size - 1).map { squaredDistance($0, $0 + 1) / mean }
    }

    private func pair(_ random: inout Xoshiro256) -> (Int, Int) {
        let a = Int(random.uniformDouble() * Double(size))
        let b = (a + 1 + Int(random.uniformDouble() * Double(size - 1))) % size
        return (a, b)
    }
}
