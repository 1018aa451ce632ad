/// How a convolution extends its input beyond both ends.
public enum PaddingMode: String, Sendable {
    /// Mirror without repeating the edge.
    case reflect
    /// Zeros.
    case constant
    /// The edge value.
    case replicate
}

/// Rows to add before and after a signal so that a convolution keeps ceil(length / stride) rows.
struct ConvolutionPadding: Sendable {
    let left: Int
    let right: Int
    let stride: Int
    let mode: PaddingMode

    /// Left and right shares as EnCodec places them: all left when causal, the larger half left otherwise.
    init(effectiveKernel: Int, stride: Int, isCausal: Bool, mode: PaddingMode) {
        let total = effectiveKernel - stride
        right = isCausal ? 0 : total / 2
        left = total - right
        self.stride = stride
        self.mode = mode
    }

    /// Rows after the end, including those that complete the last stride; `length` is the whole signal's.
    func right(forLength length: Int) -> Int { right + (length + stride - 1) / stride * stride - length }

    /// Fills `left` rows that lie directly before `rows`, which hold at least `min(length, left + 1)` rows.
    ///
    /// A signal shorter than the mirror is extended by zeros on the right first, as EnCodec does.
    func fillLeft(_ rows: UnsafeMutablePointer<Float>, channelCount: Int, length: Int) {
        guard left > 0 else { return }
        for distance in 1...left {
            let target = rows - distance * channelCount
            switch mode {
            case .reflect: Self.copy(rows, distance, length, to: target, channelCount)
            case .constant: target.update(repeating: 0, count: channelCount)
            case .replicate: Self.copy(rows, 0, length, to: target, channelCount)
            }
        }
    }

    /// Fills `count` rows directly after a signal of `length` rows, whose last rows lie directly before `end`.
    func fillRight(_ end: UnsafeMutablePointer<Float>, channelCount: Int, length: Int, count: Int) {
        guard count > 0 else { return }
        let start = end - length * channelCount
        // Short signals: zeros up to `mirrorLength` come first, then the mirror of the extended signal.
        let mirrorLength = max(length, max(left, count) + 1)
        for index in length..<length + count {
            let target = start + index * channelCount
            switch mode {
            case .reflect:
                let source = index < mirrorLength ? index : 2 * (mirrorLength - 1) - index
                Self.copy(start, source, length, to: target, channelCount)
            case .constant: target.update(repeating: 0, count: channelCount)
            case .replicate: Self.copy(start, length - 1, length, to: target, channelCount)
            }
        }
    }

    /// Copies row `index` of a signal, or zeros where the signal does not reach.
    private static func copy(
        _ rows: UnsafeMutablePointer<Float>, _ index: Int, _ length: Int, to target: UnsafeMutablePointer<Float>,
        _ channelCount: Int
    ) {
        if index < length {
            target.update(from: rows + index * channelCount, count: channelCount)
        } else {
            target.update(repeating: 0, count: channelCount)
        }
    }
}
