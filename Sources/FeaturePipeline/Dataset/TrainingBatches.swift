public import NumericCore

/// Some TRs of a data set, in the order a model sees them.
public struct TrainingBatch: Sendable {
    /// Which TRs, counted from the start of the recording.
    public let rows: [Int]
    /// Their audio.
    public let audio: AudioFeatures
    /// (TRs, voxels), or nil.
    public let fmri: Tensor<Float>?
    /// (TRs, numbers), or nil.
    public let video: Tensor<Float>?
    /// (TRs, numbers), or nil.
    public let text: Tensor<Float>?
}

/// The batches of one pass through a part, made one at a time.
public struct TrainingBatches: Sequence, Sendable {
    /// The TRs of each batch.
    public let order: [[Int]]
    private let dataset: Dataset

    init(_ dataset: Dataset, order: [[Int]]) { (self.dataset, self.order) = (dataset, order) }

    /// Number of batches.
    public var count: Int { order.count }

    /// Steps through the batches.
    ///
    /// - Returns: An iterator from the first batch.
    public func makeIterator() -> Iterator { Iterator(batches: self) }

    /// Makes a batch when it is asked for.
    public struct Iterator: IteratorProtocol {
        let batches: TrainingBatches
        var index = 0

        /// The next batch.
        ///
        /// - Returns: nil after the last.
        public mutating func next() -> TrainingBatch? {
            guard index < batches.order.count else { return nil }
            defer { index += 1 }
            return batches.dataset.batch(batches.order[index])
        }
    }
}

extension Dataset {
    /// The batches of one pass in seeded order.
    ///
    /// The order is a Fisher-Yates shuffle by `Xoshiro256(seed:)`, whose state goes on from epoch to epoch: it is the
    /// same everywhere for the same arguments, and every TR of the part comes once an epoch.
    ///
    /// - Parameters:
    ///   - size: TRs of a batch, 1 and above.
    ///   - seed: Any number.
    ///   - epoch: Which pass, 0 and above.
    ///   - part: Training or validation.
    ///   - dropsShortLast: Whether a last batch of fewer TRs is left out (batch normalisation needs it).
    /// - Returns: The batches.
    /// - Throws: ``FeatureError/badRequest(problem:)`` for a size below 1 or a negative epoch, or when no batch is left.
    public func batches(
        size: Int, seed: UInt64, epoch: Int = 0, part: Part = .training, dropsShortLast: Bool = false
    ) throws(FeatureError) -> TrainingBatches {
        guard size >= 1, (0...1_000_000).contains(epoch) else {
            throw .badRequest(problem: "batches of \(size) TRs in epoch \(epoch) make no sense; give 1 and 0, or more")
        }
        var generator = Xoshiro256(seed: seed)
        var rows = Array(rows(of: part))
        for _ in 0...epoch { generator.shuffle(&rows) }
        var order = stride(from: 0, to: rows.count, by: size).map { Array(rows[$0..<Swift.min($0 + size, rows.count)]) }
        if dropsShortLast, let last = order.last, last.count < size { order.removeLast() }
        guard !order.isEmpty else {
            throw .badRequest(problem: "\(rows.count) TRs do not fill a batch of \(size); take smaller batches")
        }
        return TrainingBatches(self, order: order)
    }

    /// The data of chosen TRs.
    ///
    /// - Parameter rows: Indices from 0 to the number of TRs.
    /// - Returns: One row an index.
    public func batch(_ rows: [Int]) -> TrainingBatch {
        TrainingBatch(
            rows: rows, audio: audio.gathering(rows), fmri: fmri?.gathering(rows), video: video?.gathering(rows),
            text: text?.gathering(rows))
    }
}

extension Xoshiro256 {
    /// Shuffles from the last element down; the partner of element i is floor(u (i + 1)) with u from `uniformDouble()`.
    mutating func shuffle(_ rows: inout [Int]) {
        for index in stride(from: rows.count - 1, to: 0, by: -1) {
            rows.swapAt(index, Int(uniformDouble() * Double(index + 1)))
        }
    }
}
