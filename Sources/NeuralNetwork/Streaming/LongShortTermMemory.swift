internal import NumericCore

/// Weights of a stack of LSTM layers of equal width, with the residual connection round the whole stack.
public struct LongShortTermMemory: Sendable {
    /// One layer in PyTorch's layout, gates in the order input, forget, cell, output.
    public struct Layer: Sendable {
        let inputWeights: PackedMatrix
        let bias: AlignedFloats
        let recurrent: RecurrentKernel

        /// Packs one layer.
        ///
        /// - Parameters:
        ///   - size: Inputs and hidden units, a multiple of 16.
        ///   - inputWeights: `weight_ih`, (4 x size, size).
        ///   - recurrentWeights: `weight_hh`, (4 x size, size).
        ///   - inputBias: `bias_ih`, 4 x size.
        ///   - recurrentBias: `bias_hh`, 4 x size.
        public init(
            size: Int, inputWeights: [Float], recurrentWeights: [Float], inputBias: [Float], recurrentBias: [Float]
        ) {
            precondition(inputWeights.count == 4 * size * size, "\(inputWeights.count) input weights")
            precondition(inputBias.count == 4 * size && recurrentBias.count == 4 * size, "biases of \(size) units")
            self.inputWeights = PackedMatrix(depth: size, columnCount: 4 * size) { inputWeights[$1 * size + $0] }
            bias = RowProduct.paddedBias(zip(inputBias, recurrentBias).map { $0 + $1 })
            recurrent = RecurrentKernel(hiddenSize: size, weights: recurrentWeights)
        }
    }

    let size: Int
    let layers: [Layer]

    /// A stack of layers.
    ///
    /// - Parameters:
    ///   - size: Inputs and hidden units of every layer.
    ///   - layers: First to last; at least one.
    public init(size: Int, layers: [Layer]) {
        precondition(!layers.isEmpty, "an LSTM without layers")
        self.size = size
        self.layers = layers
    }
}

/// An LSTM stack at work: carries h and c of each layer.
public final class LongShortTermMemoryStage: StreamStage {
    /// Where the stage before writes.
    public let input: StageInput
    private let network: LongShortTermMemory
    private let states: [FloatBuffer]
    private let scratch: FloatBuffer
    private let gates: RowQueue
    private let between: RowQueue

    /// A stage for one signal, starting from zero state.
    ///
    /// - Parameter network: Weights.
    public init(_ network: LongShortTermMemory) {
        self.network = network
        input = StageInput(channelCount: network.size, raw: true, activated: false)
        states = network.layers.map { _ in FloatBuffer(count: 2 * network.size) }
        scratch = FloatBuffer(count: network.size)
        gates = RowQueue(channelCount: 4 * network.size)
        between = RowQueue(channelCount: network.size)
        reset()
    }

    /// Forgets everything, ready for a new signal.
    public func reset() {
        input.reset()
        for state in states { state.base.update(repeating: 0, count: state.count) }
    }

    /// Processes every row that can be processed.
    ///
    /// - Parameters:
    ///   - output: Receives the rows.
    ///   - isLast: No row will follow.
    public func run(into output: StageInput, isLast: Bool) {
        guard let queue = input.raw, queue.rowCount > 0 else { return }
        let rows = queue.rowCount
        gates.reset()
        between.reset()
        let gateRows = gates.room(forRows: rows)
        let hidden = between.room(forRows: rows)
        for (index, layer) in network.layers.enumerated() {
            let isFinal = index == network.layers.count - 1
            let source = index == 0 ? queue.first : hidden
            RowProduct.run(
                [ProductInput(rows: source, rowStride: network.size, weights: layer.inputWeights)],
                bias: layer.bias, rowCount: rows, into: ProductOutput(raw: gateRows))
            layer.recurrent.run(
                stepCount: rows, gates: gateRows, state: states[index].base, scratch: scratch.base, output: hidden,
                skip: isFinal ? queue.first : nil)
        }
        output.append(hidden, rows: rows)
        queue.consume(rows: rows)
    }
}
