internal import NumericCore

/// Weights of a transposed convolution whose kernel is twice its stride: each output row depends on two input rows.
public struct TransposedConvolution: Sendable {
    let inputCount: Int
    let outputCount: Int
    let stride: Int
    /// Output rows dropped at the start and at the end; they add up to the stride.
    let trimLeft: Int
    let trimRight: Int
    let normalization: GroupNormalization?
    let matrix: PackedMatrix
    let bias: AlignedFloats

    /// Packs the weights as one product over (previous row, row) that gives `stride` output rows at once.
    ///
    /// - Parameters:
    ///   - inputCount: Input channels.
    ///   - outputCount: Output channels.
    ///   - stride: Output rows for one input row; the kernel has twice as many taps.
    ///   - weights: PyTorch's layout (input, output, tap), row-major.
    ///   - bias: One value an output channel.
    ///   - trimRight: Rows cut at the end, 0 ... stride; the rest of `stride` is cut at the start.
    ///   - normalization: Applied before the cut, or nil.
    public init(
        inputCount: Int, outputCount: Int, stride: Int, weights: [Float], bias: [Float], trimRight: Int,
        normalization: GroupNormalization? = nil
    ) {
        precondition(weights.count == inputCount * outputCount * 2 * stride, "\(weights.count) weights")
        precondition(
            bias.count == outputCount && (0...stride).contains(trimRight), "\(bias.count) biases, cut \(trimRight)")
        (self.inputCount, self.outputCount, self.stride) = (inputCount, outputCount, stride)
        (self.trimRight, trimLeft) = (trimRight, stride - trimRight)
        self.normalization = normalization
        matrix = PackedMatrix(depth: 2 * inputCount, columnCount: stride * outputCount) { k, n in
            let (input, isCurrent) = (k % inputCount, k >= inputCount)
            let (phase, output) = (n / outputCount, n % outputCount)
            return weights[(input * outputCount + output) * 2 * stride + phase + (isCurrent ? 0 : stride)]
        }
        self.bias = RowProduct.paddedBias((0..<stride).flatMap { _ in bias })
    }
}

/// A transposed convolution at work: keeps one input row.
public final class TransposedConvolutionStage: StreamStage {
    /// Where the stage before writes.
    public let input: StageInput
    private let layer: TransposedConvolution
    private let queue: RowQueue
    private let sums: RowQueue
    private var hasStarted = false

    /// A stage that reads its input through ELU.
    ///
    /// - Parameter layer: Weights.
    public init(_ layer: TransposedConvolution) {
        self.layer = layer
        input = StageInput(channelCount: layer.inputCount, raw: false, activated: true)
        queue = input.queues[0]
        sums = RowQueue(channelCount: layer.outputCount)
        reset()
    }

    /// Forgets everything, ready for a new signal.
    public func reset() {
        input.reset()
        sums.reset()
        queue.appendZeros(rows: 1)
        hasStarted = false
    }

    /// Processes every row that can be processed.
    ///
    /// - Parameters:
    ///   - output: Receives the rows.
    ///   - isLast: No row will follow.
    public func run(into output: StageInput, isLast: Bool) {
        guard hasStarted || queue.rowCount > 1 else { return }
        // With rows cut at the start, the last of them come from the step after the end; normalisation sees them too.
        let needsAll = layer.trimLeft > 0 || layer.normalization != nil
        if isLast, needsAll { queue.appendZeros(rows: 1) }
        let steps = queue.rowCount - 1
        guard steps > 0 else { return }
        if needsAll {
            runTrimmed(steps: steps, into: output, isLast: isLast)
        } else {
            product(steps: steps, into: output.room(forRows: steps * layer.stride))
            output.commit(rows: steps * layer.stride)
        }
        queue.consume(rows: steps)
        hasStarted = true
    }

    private func product(steps: Int, into output: ProductOutput) {
        RowProduct.run(
            [ProductInput(rows: queue.first, rowStride: layer.inputCount, weights: layer.matrix)],
            bias: layer.bias, rowCount: steps, into: output)
    }

    /// Computes all rows aside, normalises them, and hands on those that are not cut.
    private func runTrimmed(steps: Int, into output: StageInput, isLast: Bool) {
        let rows = steps * layer.stride
        sums.reset()
        let target = sums.room(forRows: rows)
        product(steps: steps, into: ProductOutput(raw: target))
        layer.normalization?.run(target, rowCount: rows, into: ProductOutput(raw: target))
        let skipped = hasStarted ? 0 : layer.trimLeft
        let kept = rows - skipped - (isLast ? layer.trimRight : 0)
        output.append(target + skipped * layer.outputCount, rows: max(kept, 0))
    }
}
