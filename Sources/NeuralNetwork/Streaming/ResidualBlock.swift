internal import NumericCore

/// Weights of SEANet's residual unit: ELU, convolution, ELU, pointwise convolution, plus the input or a pointwise
/// convolution of it.
public struct ResidualBlock: Sendable {
    let wide: Convolution
    let pointwise: Convolution
    let shortcut: Convolution?
    /// Biases of both branches, for the one product that computes them together.
    private let combinedBias: AlignedFloats

    /// A unit of two convolutions and a shortcut.
    ///
    /// - Parameters:
    ///   - wide: The first, with the kernel.
    ///   - pointwise: The second; kernel 1.
    ///   - shortcut: Kernel 1, or nil to add the input itself.
    public init(wide: Convolution, pointwise: Convolution, shortcut: Convolution?) {
        precondition(pointwise.shape.kernelSize == 1, "second kernel \(pointwise.shape.kernelSize) must be 1")
        precondition((shortcut?.shape.kernelSize ?? 1) == 1, "a shortcut has kernel 1")
        self.wide = wide
        self.pointwise = pointwise
        self.shortcut = shortcut
        combinedBias = AlignedFloats(count: pointwise.bias.count) { sum in
            pointwise.bias.withUnsafePointer { sum.baseAddress?.update(from: $0, count: sum.count) }
            shortcut?.bias.withUnsafePointer { bias in
                for index in 0..<sum.count { sum[index] += bias[index] }
            }
        }
    }

    /// Both branches as one accumulated product.
    func run(
        _ hiddenRows: UnsafePointer<Float>, _ inputRows: UnsafePointer<Float>, rowCount: Int, into output: ProductOutput
    ) {
        let terms = (pointwise.terms(hiddenRows) ?? []) + (shortcut?.terms(inputRows) ?? [])
        RowProduct.run(
            terms, bias: combinedBias, addend: shortcut == nil ? inputRows : nil, rowCount: rowCount, into: output)
    }
}

/// A residual unit at work.
public final class ResidualStage: StreamStage {
    /// Where the stage before writes.
    public let input: StageInput
    private let block: ResidualBlock
    private let wide: ConvolutionStage
    private let hidden: StageInput
    private let branch: RowQueue

    /// A stage for one signal.
    ///
    /// - Parameter block: Weights.
    public init(_ block: ResidualBlock) {
        self.block = block
        let channels = block.wide.shape.inputCount
        let activated = RowQueue(channelCount: channels)
        input = StageInput(raw: RowQueue(channelCount: channels), activated: activated)
        wide = ConvolutionStage(block.wide, queue: activated, input: input)
        hidden = StageInput(channelCount: block.wide.shape.outputCount, raw: false, activated: true)
        branch = RowQueue(channelCount: channels)
        reset()
    }

    /// Forgets everything, ready for a new signal.
    public func reset() {
        wide.reset()
        hidden.reset()
        branch.reset()
    }

    /// Processes every row that can be processed.
    ///
    /// - Parameters:
    ///   - output: Receives the rows.
    ///   - isLast: No row will follow.
    public func run(into output: StageInput, isLast: Bool) {
        wide.run(into: hidden, isLast: isLast)
        guard let hiddenRows = hidden.activated, let raw = input.raw else { return }
        let rows = hiddenRows.rowCount
        guard rows > 0 else { return }
        let target = output.room(forRows: rows)
        if block.pointwise.normalization == nil {
            block.run(hiddenRows.first, raw.first, rowCount: rows, into: target)
        } else {
            runNormalized(hiddenRows.first, raw.first, rowCount: rows, into: target)
        }
        output.commit(rows: rows)
        hiddenRows.consume(rows: rows)
        raw.consume(rows: rows)
    }

    /// Normalisation comes between each product and the sum, so the branches are computed one by one.
    private func runNormalized(
        _ hiddenRows: UnsafePointer<Float>, _ inputRows: UnsafePointer<Float>, rowCount: Int, into output: ProductOutput
    ) {
        guard let target = output.raw ?? output.activated else { return }
        let count = rowCount * branch.channelCount
        branch.reset()
        let other = branch.room(forRows: rowCount)
        block.pointwise.run(hiddenRows, rowCount: rowCount, into: ProductOutput(raw: target))
        if let shortcut = block.shortcut {
            shortcut.run(inputRows, rowCount: rowCount, into: ProductOutput(raw: other))
        } else {
            other.update(from: inputRows, count: count)
        }
        for index in 0..<count { target[index] += other[index] }
        if let activated = output.activated { PointwiseKernels.elu(target, into: activated, count: count) }
    }
}
