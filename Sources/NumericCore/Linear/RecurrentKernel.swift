internal import CKernels

/// The recurrent half of one LSTM layer: weights packed so that a step reads them once, in order.
public struct RecurrentKernel: Sendable {
    /// Hidden units, a multiple of 16.
    public let hiddenSize: Int
    private let packed: AlignedFloats

    /// Packs a recurrent weight matrix.
    ///
    /// - Parameters:
    ///   - hiddenSize: A positive multiple of 16.
    ///   - weights: PyTorch's `weight_hh`: (4 x hidden, hidden) row-major, gates in the order input, forget, cell, output.
    public init(hiddenSize: Int, weights: [Float]) {
        precondition(hiddenSize > 0 && hiddenSize.isMultiple(of: 16), "\(hiddenSize) hidden units")
        precondition(weights.count == 4 * hiddenSize * hiddenSize, "\(weights.count) recurrent weights")
        self.hiddenSize = hiddenSize
        packed = AlignedFloats(count: weights.count) { packed in
            for unit in 0..<hiddenSize {
                let block = (unit / 16) * hiddenSize * 64 + unit % 16
                for gate in 0..<4 {
                    let row = (gate * hiddenSize + unit) * hiddenSize
                    for k in 0..<hiddenSize { packed[block + k * 64 + gate * 16] = weights[row + k] }
                }
            }
        }
    }

    /// Runs `stepCount` steps.
    ///
    /// - Parameters:
    ///   - stepCount: At least 0.
    ///   - gates: Rows of 4 x hidden floats: the input's share of the gates, biases included.
    ///   - state: h then c, 2 x hidden floats, updated; `scratch` has room for hidden floats.
    ///   - scratch: `hiddenSize` floats, overwritten.
    ///   - output: Dense rows of hidden floats: h, plus `skip` where given.
    ///   - skip: Dense rows of hidden floats added to the output (not to the state), or nil.
    ///   - level: Instruction set.
    public func run(
        stepCount: Int, gates: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>, skip: UnsafePointer<Float>?,
        level: KernelLevel = .best
    ) {
        packed.withUnsafePointer { packed in
            var lstm = ck_lstm(
                hidden: hiddenSize, stepCount: stepCount, gates: gates, recurrent: packed, state: state,
                scratch: scratch, out: output, outStride: hiddenSize, skip: skip, skipStride: hiddenSize)
            ck_lstm_run(level.code, &lstm)
        }
    }
}
