internal import NeuralNetwork
internal import NumericCore

/// A segment at work on one signal: its stages with what they carry from tile to tile.
final class SegmentRunner {
    private let segment: SEANetSegment
    private let stages: [any StreamStage]

    init(_ segment: SEANetSegment) {
        self.segment = segment
        stages = segment.layers.map { $0.makeStage() }
    }

    func reset() { for stage in stages { stage.reset() } }

    /// Runs all rows of a tile, sub-tile by sub-tile.
    ///
    /// - Parameters:
    ///   - source: Input rows; emptied.
    ///   - output: Receives the raw output rows.
    ///   - isLast: No tile follows.
    func run(_ source: RowQueue, into output: StageInput, isLast: Bool) {
        repeat {
            let rows = min(source.rowCount, segment.subTileRows)
            stages[0].input.append(source.first, rows: rows)
            source.consume(rows: rows)
            runStages(into: output, isLast: isLast && source.rowCount == 0)
        } while source.rowCount > 0
    }

    private func runStages(into output: StageInput, isLast: Bool) {
        for (index, stage) in stages.enumerated() {
            stage.run(into: index + 1 < stages.count ? stages[index + 1].input : output, isLast: isLast)
        }
    }

    /// Runs a whole signal layer by layer and shows every layer's output, for comparison with a reference.
    func trace(_ source: RowQueue, into output: StageInput, show: (_ layer: String, _ rows: RowQueue) -> Void) {
        stages[0].input.append(source.first, rows: source.rowCount)
        for (index, stage) in stages.enumerated() {
            let result = StageInput(channelCount: segment.layers[index].outputCount, raw: true, activated: false)
            stage.run(into: result, isLast: true)
            guard let rows = result.raw else { continue }
            show(segment.layers[index].name, rows)
            let next = index + 1 < stages.count ? stages[index + 1].input : output
            next.append(rows.first, rows: rows.rowCount)
        }
    }
}

/// Rows on their way through the segments: two queues that take turns as input and output, reused for every tile.
final class RowTile {
    private var queues: [Int: RowQueue] = [:]
    private(set) var rows: RowQueue
    var isLast = false

    init(channelCount: Int) {
        rows = RowQueue(channelCount: channelCount)
        queues[channelCount] = rows
    }

    /// An empty queue of this width that is not the current one.
    private func target(_ channelCount: Int) -> RowQueue {
        let key = rows.channelCount == channelCount ? -channelCount : channelCount
        if let queue = queues[key], queue !== rows { return queue }
        let queue = RowQueue(channelCount: channelCount)
        queues[key] = queue
        return queue
    }

    /// Empties the tile for rows of another width.
    func restart(channelCount: Int) -> RowQueue {
        rows = queues[channelCount] ?? RowQueue(channelCount: channelCount)
        queues[channelCount] = rows
        rows.reset()
        return rows
    }

    /// Replaces the rows by a segment's output.
    func pass(through runner: SegmentRunner, outputCount: Int) {
        let next = target(outputCount)
        next.reset()
        runner.run(rows, into: StageInput(raw: next, activated: nil), isLast: isLast)
        rows = next
    }
}
