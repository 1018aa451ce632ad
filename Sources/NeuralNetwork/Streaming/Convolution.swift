internal import NumericCore

/// Weights of a one-dimensional convolution over rows of channels, with its padding and optional normalisation.
public struct Convolution: Sendable {
    /// Sizes of a convolution.
    public struct Shape: Sendable {
        /// Input channels.
        public let inputCount: Int
        /// Output channels.
        public let outputCount: Int
        /// Taps.
        public let kernelSize: Int
        /// Input rows from one output row to the next.
        public let stride: Int
        /// Input rows from one tap to the next.
        public let dilation: Int

        /// Describes a convolution.
        ///
        /// - Parameters:
        ///   - inputCount: Input channels.
        ///   - outputCount: Output channels.
        ///   - kernelSize: Taps.
        ///   - stride: Input rows from one output row to the next.
        ///   - dilation: Input rows from one tap to the next.
        public init(inputCount: Int, outputCount: Int, kernelSize: Int, stride: Int = 1, dilation: Int = 1) {
            self.inputCount = inputCount
            self.outputCount = outputCount
            self.kernelSize = kernelSize
            self.stride = stride
            self.dilation = dilation
        }

        var effectiveKernel: Int { (kernelSize - 1) * dilation + 1 }
    }

    private enum Storage {
        /// One product over a window that lies in memory as one row.
        case window(PackedMatrix)
        /// One product for each tap, for dilated kernels.
        case taps([PackedMatrix])
        /// Dot products, for one or two outputs of several taps.
        case narrow(NarrowMatrix)
    }

    let shape: Shape
    let padding: ConvolutionPadding
    let normalization: GroupNormalization?
    private let storage: Storage
    let bias: AlignedFloats

    /// Packs a convolution's weights.
    ///
    /// - Parameters:
    ///   - shape: Sizes.
    ///   - weights: PyTorch's layout (output, input, tap), row-major.
    ///   - bias: One value an output.
    ///   - isCausal: All padding on the left; otherwise the larger half is.
    ///   - paddingMode: How the ends are extended.
    ///   - normalization: Applied to the sums, or nil.
    public init(
        _ shape: Shape, weights: [Float], bias: [Float], isCausal: Bool, paddingMode: PaddingMode,
        normalization: GroupNormalization? = nil
    ) {
        let (inputs, taps) = (shape.inputCount, shape.kernelSize)
        precondition(weights.count == shape.outputCount * inputs * taps, "\(weights.count) weights for \(shape)")
        precondition(bias.count == shape.outputCount, "\(bias.count) biases for \(shape)")
        self.shape = shape
        self.normalization = normalization
        padding = ConvolutionPadding(
            effectiveKernel: shape.effectiveKernel, stride: shape.stride, isCausal: isCausal, mode: paddingMode)
        self.bias = RowProduct.paddedBias(bias)
        func weight(_ tap: Int, _ input: Int, _ output: Int) -> Float {
            weights[(output * inputs + input) * taps + tap]
        }
        if shape.dilation > 1 {
            storage = .taps(
                (0..<taps).map { tap in
                    PackedMatrix(depth: inputs, columnCount: shape.outputCount) { weight(tap, $0, $1) }
                })
        } else if shape.outputCount <= 2, taps > 1 {
            storage = .narrow(NarrowMatrix(depth: taps * inputs, bias: bias) { weight($0 / inputs, $0 % inputs, $1) })
        } else {
            storage = .window(
                PackedMatrix(depth: taps * inputs, columnCount: shape.outputCount) {
                    weight($0 / inputs, $0 % inputs, $1)
                })
        }
    }

    /// Terms of the product that computes output rows from the rows at `rows`; nil for dot products.
    func terms(_ rows: UnsafePointer<Float>) -> [ProductInput]? {
        let stride = shape.stride * shape.inputCount
        switch storage {
        case .window(let matrix): return [ProductInput(rows: rows, rowStride: stride, weights: matrix)]
        case .taps(let matrices):
            let reach = shape.dilation * shape.inputCount
            return matrices.enumerated().map { tap, matrix in
                ProductInput(rows: rows + tap * reach, rowStride: stride, weights: matrix)
            }
        case .narrow: return nil
        }
    }

    /// Computes `rowCount` output rows, normalised over exactly these rows where the layer normalises.
    func run(_ rows: UnsafePointer<Float>, rowCount: Int, into output: ProductOutput) {
        if let normalization, let target = output.raw ?? output.activated {
            sums(rows, rowCount: rowCount, into: ProductOutput(raw: target))
            normalization.run(target, rowCount: rowCount, into: output)
        } else {
            sums(rows, rowCount: rowCount, into: output)
        }
    }

    private func sums(_ rows: UnsafePointer<Float>, rowCount: Int, into output: ProductOutput) {
        guard case .narrow(let matrix) = storage else {
            return RowProduct.run(terms(rows) ?? [], bias: bias, rowCount: rowCount, into: output)
        }
        guard let target = output.raw ?? output.activated else { return }
        matrix.run(
            rows: rows, rowStride: shape.stride * shape.inputCount, rowCount: rowCount, into: target)
        if let activated = output.activated {
            PointwiseKernels.elu(target, into: activated, count: rowCount * shape.outputCount)
        }
    }

}

/// A convolution at work: keeps the rows that later windows overlap.
public final class ConvolutionStage: StreamStage {
    /// Where the stage before writes.
    public let input: StageInput
    private let convolution: Convolution
    private let queue: RowQueue
    private var consumed = 0
    private var hasStarted = false

    /// A stage that reads its input raw or activated.
    ///
    /// - Parameters:
    ///   - convolution: Weights.
    ///   - readsActivated: Whether ELU stands before the convolution.
    public convenience init(_ convolution: Convolution, readsActivated: Bool) {
        let channels = convolution.shape.inputCount
        let queue = RowQueue(channelCount: channels)
        self.init(
            convolution, queue: queue,
            input: StageInput(raw: readsActivated ? nil : queue, activated: readsActivated ? queue : nil))
    }

    /// A stage that reads one of the queues of `input`, which another stage may share.
    init(_ convolution: Convolution, queue: RowQueue, input: StageInput) {
        self.convolution = convolution
        self.queue = queue
        self.input = input
        reset()
    }

    /// Forgets everything, ready for a new signal.
    public func reset() {
        input.reset()
        queue.appendZeros(rows: convolution.padding.left)
        (consumed, hasStarted) = (0, false)
    }

    /// Processes every row that can be processed.
    ///
    /// - Parameters:
    ///   - output: Receives the rows.
    ///   - isLast: No row will follow.
    public func run(into output: StageInput, isLast: Bool) {
        let rows = readyRows(isLast: isLast)
        guard rows > 0 else { return }
        convolution.run(queue.first, rowCount: rows, into: output.room(forRows: rows))
        output.commit(rows: rows)
        consume(rows)
    }

    /// Pads where the signal starts or ends and counts the output rows that the waiting rows give.
    func readyRows(isLast: Bool) -> Int {
        let (padding, channels) = (convolution.padding, queue.channelCount)
        let length = consumed + queue.rowCount - padding.left
        guard length > 0 else { return 0 }
        if !hasStarted {
            guard isLast || length > padding.left else { return 0 }
            padding.fillLeft(queue.first + padding.left * channels, channelCount: channels, length: length)
            hasStarted = true
        }
        if isLast {
            let count = padding.right(forLength: length)
            padding.fillRight(queue.room(forRows: count), channelCount: channels, length: length, count: count)
            queue.commit(rows: count)
        }
        let spare = queue.rowCount - convolution.shape.effectiveKernel
        return spare < 0 ? 0 : spare / convolution.shape.stride + 1
    }

    func consume(_ outputRows: Int) {
        let rows = min(outputRows * convolution.shape.stride, queue.rowCount)
        queue.consume(rows: rows)
        consumed += rows
    }
}
