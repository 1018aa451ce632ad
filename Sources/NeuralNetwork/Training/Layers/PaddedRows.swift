public import NumericCore

/// Sequences of rows with zeros before, between and after them, so that a tap of a convolution is one matrix over all.
///
/// The zeros after a sequence are those before the next: (padding + batch (length + padding)) rows in all.
public struct PaddedRows: Sendable {
    /// Sequences.
    public let batchCount: Int
    /// Rows of a sequence.
    public let length: Int
    /// Rows of zeros on either side.
    public let padding: Int
    /// Columns.
    public let channelCount: Int
    /// Row-major.
    var elements: [Float]

    /// Rows from the start of one sequence to the start of the next.
    var pitch: Int { length + padding }

    /// Rows over which taps run: every sequence with the zeros behind it, but for the last one's.
    var spanCount: Int { batchCount * pitch - padding }

    /// Zeros everywhere.
    ///
    /// - Parameters:
    ///   - batchCount: Sequences, at least 1.
    ///   - length: Rows of a sequence, at least 1.
    ///   - padding: Rows of zeros on either side.
    ///   - channelCount: Columns, at least 1.
    public init(batchCount: Int, length: Int, padding: Int, channelCount: Int) {
        precondition(batchCount > 0 && length > 0 && channelCount > 0, "\(batchCount) x \(length) x \(channelCount)")
        self.batchCount = batchCount
        self.length = length
        self.padding = padding
        self.channelCount = channelCount
        elements = [Float](repeating: 0, count: (padding + batchCount * (length + padding)) * channelCount)
    }

    /// Copies sequences.
    ///
    /// - Parameters:
    ///   - tensor: Shape (batch, time, channels), each at least 1.
    ///   - padding: Rows of zeros on either side.
    public init(_ tensor: Tensor<Float>, padding: Int) {
        self.init(
            batchCount: tensor.shape[0], length: tensor.shape[1], padding: padding, channelCount: tensor.shape[2])
        let count = length * channelCount
        for index in 0..<batchCount {
            let start = (padding + index * pitch) * channelCount
            elements.replaceSubrange(
                start..<start + count, with: tensor.elements[index * count..<(index + 1) * count])
        }
    }

    /// The sequences without the zeros.
    public var tensor: Tensor<Float> {
        let count = length * channelCount
        var result: [Float] = []
        result.reserveCapacity(batchCount * count)
        for index in 0..<batchCount {
            let start = (padding + index * pitch) * channelCount
            result += elements[start..<start + count]
        }
        return Tensor(result, shape: [batchCount, length, channelCount])
    }

    /// Lends each sequence's first row for reading.
    ///
    /// - Parameter body: Receives the sequence's number and its rows.
    package func forEachSequence(_ body: (Int, UnsafePointer<Float>) -> Void) {
        elements.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { return }
            for index in 0..<batchCount { body(index, base + (padding + index * pitch) * channelCount) }
        }
    }

    /// Lends each sequence's first row for writing.
    ///
    /// - Parameter body: Receives the sequence's number and its rows.
    package mutating func fillSequences(_ body: (Int, UnsafeMutablePointer<Float>) -> Void) {
        let (count, padding, pitch, channels) = (batchCount, padding, pitch, channelCount)
        elements.withUnsafeMutableBufferPointer { all in
            guard let base = all.baseAddress else { return }
            for index in 0..<count { body(index, base + (padding + index * pitch) * channels) }
        }
    }
}
