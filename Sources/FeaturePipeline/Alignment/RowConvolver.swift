internal import Dispatch
internal import NumericCore
internal import Synchronization

/// Convolves rows that arrive in order with a few taps, in place and on several threads.
///
/// Row t of the full convolution is the sum over k, from 0 up, of tap k times row t - k; rows before the first and after
/// the last are left out of the sum. The last rows that arrived are kept in a ring, one stretch of columns after the
/// other, so that a stretch's ring stays in the nearest caches and rows may be overwritten by results. Each column's sum
/// is the same whatever the threads and the stretches are. For one task at a time.
final class RowConvolver {
    private let taps: [Float]
    private let columnCount: Int
    private let ring: FloatBuffer
    private var pushedCount = 0
    private var realCount = 0

    /// Columns of a stretch: 2 KiB a row, so that the rings of 21 rows and the results fit a core's second cache.
    private static let stretch = 512

    /// - Parameters:
    ///   - taps: At least one.
    ///   - columnCount: Floats of a row, at least 0.
    init(taps: [Float], columnCount: Int) {
        precondition(!taps.isEmpty, "a convolution without taps")
        self.taps = taps
        self.columnCount = columnCount
        ring = FloatBuffer(count: taps.count * columnCount)
    }

    /// Takes the next rows and computes as many rows of the full convolution.
    ///
    /// - Parameters:
    ///   - input: `count` dense rows, or nil for rows after the last, from which on it must stay nil.
    ///   - count: Rows, at least 0.
    ///   - skippedCount: The first rows' results are not wanted, 0...count.
    ///   - output: Receives `count` - `skippedCount` dense rows; may be the input's address or lie before it.
    ///   - threadCount: Threads that work at the same time, at least 1.
    func push(
        _ input: UnsafePointer<Float>?, count: Int, skipping skippedCount: Int = 0,
        into output: UnsafeMutablePointer<Float>, threadCount: Int
    ) {
        precondition(input == nil || realCount == pushedCount, "rows after the end")
        let first = pushedCount
        if input != nil { realCount += count }
        pushedCount += count
        let stretchCount = (columnCount + Self.stretch - 1) / Self.stretch
        let next = Atomic(0)
        // Proof of safety: a stretch is taken by one worker, which alone touches its columns of the rows, of the results
        // and of the ring; the counts are not changed while workers run.
        nonisolated(unsafe) let work = (convolver: self, input: input, output: output)
        DispatchQueue.concurrentPerform(iterations: max(1, min(threadCount, stretchCount))) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < stretchCount else { return }
                let columns = index * Self.stretch..<min((index + 1) * Self.stretch, work.convolver.columnCount)
                work.convolver.run(
                    columns, rows: first..<first + count, work.input, skipping: skippedCount, work.output)
            }
        }
    }

    /// One stretch: each row goes into the ring first, then its result may be written over it.
    private func run(
        _ columns: Range<Int>, rows: Range<Int>, _ input: UnsafePointer<Float>?, skipping skippedCount: Int,
        _ output: UnsafeMutablePointer<Float>
    ) {
        let (width, tapCount) = (columns.count, taps.count)
        let slots = ring.base + columns.lowerBound * tapCount
        withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: tapCount) { pointers in
            taps.withUnsafeBufferPointer { weights in
                guard let list = pointers.baseAddress, let weight = weights.baseAddress else { return }
                for (index, row) in rows.enumerated() {
                    let source = input.map { $0 + index * columnCount + columns.lowerBound }
                    if let source { (slots + row % tapCount * width).update(from: source, count: width) }
                    if index < skippedCount { continue }
                    let reach = reach(of: row)
                    for (place, tap) in reach.enumerated() {
                        list[place] = UnsafePointer(slots + (row - tap) % tapCount * width)
                    }
                    WeightedSum.run(
                        rows: list, weights: weight + reach.lowerBound, rowCount: reach.count,
                        into: output + (index - skippedCount) * columnCount + columns.lowerBound, count: width)
                }
            }
        }
    }

    /// The taps that meet a row which arrived: none before the first, none after the last.
    private func reach(of row: Int) -> Range<Int> {
        let start = max(0, row - realCount + 1)
        return start..<max(start, min(row + 1, taps.count))
    }
}
