/// A stretch of a signal on its way through one half of the network; encoder and decoder add what they need.
class NetworkTile {
    let rows: RowTile
    private let network: [(runner: SegmentRunner, outputCount: Int)]

    /// A tile.
    ///
    /// - Parameters:
    ///   - inputCount: Channels of the rows that enter.
    ///   - network: Segments that the tile runs by itself, for chunks that do not depend on each other.
    init(inputCount: Int, network: [SEANetSegment]) {
        rows = RowTile(channelCount: inputCount)
        self.network = network.map { (SegmentRunner($0), $0.outputCount) }
    }

    /// Runs the tile's own network over its rows as a signal of its own.
    func runOwnNetwork() {
        for (runner, outputCount) in network {
            runner.reset()
            rows.pass(through: runner, outputCount: outputCount)
        }
    }
}

extension Wavefront where Tile: NetworkTile {
    /// The stages that take a tile through the network.
    ///
    /// - Parameters:
    ///   - segments: One half of the network.
    ///   - carriesState: Tiles follow each other: one ordered stage a segment, whose state belongs to the signal.
    ///     Otherwise tiles are independent chunks: one unordered stage, every worker's tile has its own network.
    /// - Returns: Stages in order.
    static func networkStages(_ segments: [SEANetSegment], carriesState: Bool) -> [Stage] {
        guard carriesState else { return [Stage(isOrdered: false) { $0.runOwnNetwork() }] }
        return segments.map { segment in
            let runner = SegmentRunner(segment)
            return Stage(isOrdered: true) { $0.rows.pass(through: runner, outputCount: segment.outputCount) }
        }
    }
}
