public import NumericCore

/// What the decoder says about a batch of audio.
public enum AudioPrediction: Sendable {
    /// Continuous codes, shape (batch, codebooks, frames), within 0 ... vocabulary - 1.
    case codes(Tensor<Float>)
    /// Logits, shape (batch, codebooks, frames, vocabulary).
    case logits(Tensor<Float>)
    /// Mel bins in dB, shape (batch, bins, frames).
    case mel(Tensor<Float>)

    /// The numbers, whatever they mean.
    public var values: Tensor<Float> {
        switch self {
        case .codes(let values), .logits(let values), .mel(let values): values
        }
    }

    /// Codes to decode: continuous ones rounded half to even and clamped, or the largest logit (the first of equals).
    ///
    /// - Parameter vocabularySize: Values of a code.
    /// - Returns: Shape (batch, codebooks, frames); nil for mel features. NaN becomes 0.
    public func codes(vocabularySize: Int) -> Tensor<Int32>? {
        switch self {
        case .codes(let values):
            let top = Float(vocabularySize - 1)
            return Tensor(
                values.elements.map { $0.isNaN ? 0 : Int32(min(max($0.rounded(.toNearestOrEven), 0), top)) },
                shape: values.shape)
        case .logits(let logits):
            let width = logits.shape[3]
            let best = stride(from: 0, to: logits.count, by: width).map { start in
                var winner = 0
                for index in 1..<width where logits.elements[start + index] > logits.elements[start + winner] {
                    winner = index
                }
                return Int32(winner)
            }
            return Tensor(best, shape: Array(logits.shape.dropLast()))
        case .mel: return nil
        }
    }
}
