internal import NumericCore

/// A first-in first-out queue of rows (time) of channels, contiguous in memory, so that a convolution can read its
/// overlapping windows in place.
///
/// Rows are appended at the end and consumed from the front; what a convolution still needs simply stays.
public final class RowQueue {
    /// Floats in a row.
    public let channelCount: Int
    /// Rows that wait.
    public var rowCount: Int { end - front }

    private var buffer: FloatBuffer
    private var front = 0
    private var end = 0

    /// An empty queue.
    ///
    /// - Parameter channelCount: Floats in a row, at least 1.
    public init(channelCount: Int) {
        precondition(channelCount > 0, "a queue of \(channelCount) channels")
        self.channelCount = channelCount
        buffer = FloatBuffer(count: 0)
    }

    /// The first row that waits; valid until the next append.
    public var first: UnsafeMutablePointer<Float> { buffer.base + front * channelCount }

    /// Makes room for rows at the end; they count once ``commit(rows:)`` is called.
    ///
    /// - Parameter rows: At least 0.
    /// - Returns: Address of the first new row, uninitialised.
    public func room(forRows rows: Int) -> UnsafeMutablePointer<Float> {
        let capacity = buffer.count / channelCount
        if end + rows > capacity {
            let old = buffer
            let waiting = rowCount
            if waiting + rows > capacity {
                buffer = FloatBuffer(count: max(waiting + rows, capacity + capacity / 2) * channelCount)
            }
            // Same buffer or a new one: the waiting rows go to its start (update handles overlap).
            buffer.base.update(from: old.base + front * channelCount, count: waiting * channelCount)
            front = 0
            end = waiting
        }
        return buffer.base + end * channelCount
    }

    /// Counts rows that were written to ``room(forRows:)``.
    ///
    /// - Parameter rows: At most the rows that room was made for.
    public func commit(rows: Int) { end += rows }

    /// Drops rows from the front.
    ///
    /// - Parameter rows: At most ``rowCount``.
    public func consume(rows: Int) {
        precondition(rows <= rowCount, "\(rows) of \(rowCount) rows")
        front += rows
    }

    /// Drops everything.
    public func reset() {
        front = 0
        end = 0
    }

    /// Appends rows of zeros.
    ///
    /// - Parameter rows: At least 0.
    public func appendZeros(rows: Int) {
        room(forRows: rows).update(repeating: 0, count: rows * channelCount)
        commit(rows: rows)
    }

    /// Appends rows from memory.
    ///
    /// - Parameters:
    ///   - source: Dense rows.
    ///   - rows: At least 0.
    public func append(_ source: UnsafePointer<Float>, rows: Int) {
        room(forRows: rows).update(from: source, count: rows * channelCount)
        commit(rows: rows)
    }
}

/// The queues that feed one stage: its input as it is, its input through ELU, or both.
public struct StageInput {
    /// Rows as the stage before computed them.
    public let raw: RowQueue?
    /// ELU of the same rows.
    public let activated: RowQueue?

    /// Queues for what a stage needs.
    ///
    /// - Parameters:
    ///   - channelCount: Floats in a row.
    ///   - raw: Whether the stage reads its input as it is.
    ///   - activated: Whether the stage reads ELU of its input.
    public init(channelCount: Int, raw: Bool, activated: Bool) {
        self.init(
            raw: raw ? RowQueue(channelCount: channelCount) : nil,
            activated: activated ? RowQueue(channelCount: channelCount) : nil)
    }

    /// Queues that the caller owns.
    ///
    /// - Parameters:
    ///   - raw: Receives rows as they are, or nil.
    ///   - activated: Receives ELU of the rows, or nil.
    public init(raw: RowQueue?, activated: RowQueue?) {
        self.raw = raw
        self.activated = activated
    }

    var queues: [RowQueue] { [raw, activated].compactMap(\.self) }

    /// Room for the same number of rows in each queue.
    func room(forRows rows: Int) -> ProductOutput {
        ProductOutput(raw: raw?.room(forRows: rows), activated: activated?.room(forRows: rows))
    }

    func commit(rows: Int) {
        raw?.commit(rows: rows)
        activated?.commit(rows: rows)
    }

    /// Appends raw rows and, where wanted, their ELU.
    ///
    /// - Parameters:
    ///   - source: Dense rows.
    ///   - rows: At least 0.
    public func append(_ source: UnsafePointer<Float>, rows: Int) {
        raw?.append(source, rows: rows)
        guard let activated else { return }
        PointwiseKernels.elu(
            source, into: activated.room(forRows: rows), count: rows * activated.channelCount)
        activated.commit(rows: rows)
    }

    /// Drops everything.
    public func reset() { for queue in queues { queue.reset() } }
}

/// One step of a streamed network: reads rows from its own queues and appends its output to the next stage's.
public protocol StreamStage: AnyObject {
    /// Where the stage before writes.
    var input: StageInput { get }
    /// Processes every row that can be processed.
    ///
    /// - Parameters:
    ///   - output: Receives the rows.
    ///   - isLast: No row will follow: the end is padded as the layer's padding says.
    func run(into output: StageInput, isLast: Bool)
    /// Forgets everything, ready for a new signal.
    func reset()
}
