import Dispatch
import Synchronization

/// Runs independent pieces of work on several threads, with a progress bar and an orderly end after a signal.
enum Workers {
    private struct State<Value> {
        var next = 0
        var doneCount = 0
        var values: [Value?]
        let bar: ProgressBar
        let unit: String

        /// The next piece, or nil when all are taken or the user wants an end.
        mutating func take() -> Int? {
            do { try Interruption.check() } catch { return nil }
            guard next < values.count else { return nil }
            next += 1
            return next - 1
        }

        mutating func finish(_ index: Int, _ value: Value) {
            values[index] = value
            doneCount += 1
            bar.update(doneCount, of: values.count, unit: unit)
        }
    }

    /// Computes one value a piece.
    ///
    /// - Parameters:
    ///   - count: Pieces.
    ///   - workers: Pieces at work at a time, at least 1; the result does not depend on it.
    ///   - unit: What a piece is, in the plural, for the bar.
    ///   - isQuiet: Shows no bar.
    ///   - body: Called once a piece.
    /// - Returns: The values in order of the pieces.
    /// - Throws: `Interruption` after a signal.
    static func map<Value: Sendable>(
        _ count: Int, workers: Int, unit: String, isQuiet: Bool, _ body: @Sendable (Int) -> Value
    ) throws(Interruption) -> [Value] {
        let state = Mutex(
            State<Value>(
                values: Array(repeating: nil, count: count),
                bar: ProgressBar("measure", totalSeconds: nil, isQuiet: isQuiet), unit: unit))
        DispatchQueue.concurrentPerform(iterations: max(1, min(workers, count))) { _ in
            while let index = state.withLock({ $0.take() }) {
                let value = body(index)
                state.withLock { $0.finish(index, value) }
            }
        }
        try Interruption.check()
        return state.withLock { $0.values.compactMap(\.self) }
    }
}
