public import NumericCore

/// Cross-entropy of code logits, over all codes and for each codebook.
public struct CodeCrossEntropy: Sendable {
    /// The mean over all codes, in nats.
    public let value: Double
    /// The mean of each codebook, in nats.
    public let valuesByCodebook: [Double]
    /// Share of each codebook's codes whose logit is the largest (the first one among equals).
    public let exactMatchByCodebook: [Double]
    /// The gradient of `value`; the shape of the logits.
    public let gradient: Tensor<Float>

    /// Measures logits.
    ///
    /// - Parameters:
    ///   - logits: Shape (batch, codebooks, frames, vocabulary), each extent at least 1.
    ///   - targets: Shape (batch, codebooks, frames), each 0 ..< vocabulary.
    public init(_ logits: Tensor<Float>, targets: Tensor<Int32>) {
        precondition(
            logits.rank == 4 && logits.count > 0 && Array(logits.shape.dropLast()) == targets.shape,
            "logits \(logits.shape) for targets \(targets.shape)")
        let (codebooks, frames, vocabulary) = (logits.shape[1], logits.shape[2], logits.shape[3])
        var sums = [Double](repeating: 0, count: codebooks)
        var matches = [Int](repeating: 0, count: codebooks)
        let share = 1 / Float(targets.count)
        let gradient = Rows.make(count: logits.count) { output in
            Rows.lend(logits) { logits in
                for (index, target) in targets.elements.enumerated() {
                    precondition(target >= 0 && Int(target) < vocabulary, "code \(target) of \(vocabulary)")
                    let row = index * vocabulary
                    let codebook = index / frames % codebooks
                    let (loss, best) = Self.row(
                        logits + row, count: vocabulary, target: Int(target), share: share, into: output + row)
                    sums[codebook] += loss
                    if best == Int(target) { matches[codebook] += 1 }
                }
            }
        }
        let perCodebook = Double(targets.count / codebooks)
        value = sums.reduce(0, +) / Double(targets.count)
        valuesByCodebook = sums.map { $0 / perCodebook }
        exactMatchByCodebook = matches.map { Double($0) / perCodebook }
        self.gradient = Tensor(gradient, shape: logits.shape)
    }

    /// One row: -log softmax at the target, and (softmax - one hot) times the share.
    private static func row(
        _ logits: UnsafePointer<Float>, count: Int, target: Int, share: Float,
        into gradient: UnsafeMutablePointer<Float>
    ) -> (loss: Double, best: Int) {
        let peak = TrainingKernels.peak(logits, count: count)
        var best = 0
        while best < count - 1, logits[best] != peak { best += 1 }
        let sum = TrainingKernels.exponentials(logits, minus: peak, into: gradient, count: count)
        TrainingKernels.scale(gradient, by: Float(Double(share) / sum), count: count)
        gradient[target] -= share
        return (logarithm(sum) - Double(logits[target] - peak), best)
    }
}
