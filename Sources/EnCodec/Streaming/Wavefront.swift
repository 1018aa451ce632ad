internal import Dispatch
internal import Glibc
internal import Synchronization

/// Moves tiles through stages: every ordered stage sees tile 0, then 1, then 2 and so on, one at a time, while
/// different tiles may be in different stages on different threads.
///
/// A worker takes the next tile and carries it through all stages. Ordered stages may therefore keep state between
/// tiles; unordered ones must not. There is no barrier: a worker waits only for the tile before its own.
struct Wavefront<Tile> {
    /// What happens to a tile at one stage.
    struct Stage {
        let isOrdered: Bool
        let run: (Tile) throws -> Void
    }

    /// Fills a tile; false when no tile is left.
    let read: (Tile) throws -> Bool
    let stages: [Stage]

    /// Runs until `read` returns false or something throws; the first error is thrown again here.
    func run(threadCount: Int, makeTile: () -> Tile) throws {
        let turns = Turns(stageCount: stages.count + 1)
        // Proof of safety: `makeTile` only allocates, so that each worker owns its tile; `read` and the ordered stages
        // run one worker at a time (acquire and release on their turn); unordered stages touch their tile alone.
        nonisolated(unsafe) let work = (makeTile: makeTile, carry: carry)
        DispatchQueue.concurrentPerform(iterations: max(threadCount, 1)) { _ in
            let tile = work.makeTile()
            while !turns.isOver {
                let number = turns.takeNumber()
                do {
                    guard try work.carry(tile, number, turns) else { break }
                } catch {
                    turns.fail(error)
                }
            }
        }
        if let error = turns.failure { throw error }
    }

    private func carry(_ tile: Tile, _ number: Int, _ turns: Turns) throws -> Bool {
        guard turns.wait(stage: 0, for: number) else { return false }
        guard try read(tile) else {
            turns.finish()
            return false
        }
        turns.advance(stage: 0)
        for (index, stage) in stages.enumerated() {
            guard stage.isOrdered else {
                try stage.run(tile)
                continue
            }
            guard turns.wait(stage: index + 1, for: number) else { return false }
            try stage.run(tile)
            turns.advance(stage: index + 1)
        }
        return true
    }
}

/// Whose turn it is at every stage, and whether the work is over.
private final class Turns: Sendable {
    private let nextNumber = Atomic<Int>(0)
    private let over = Atomic<Bool>(false)
    private let failed = Atomic<Bool>(false)
    private let error = Mutex<(any Error)?>(nil)
    private let turns: [Turn]

    private final class Turn: Sendable {
        let number = Atomic<Int>(0)
    }

    init(stageCount: Int) { turns = (0..<stageCount).map { _ in Turn() } }

    var isOver: Bool { over.load(ordering: .acquiring) }
    var failure: (any Error)? { error.withLock { $0 } }

    func takeNumber() -> Int { nextNumber.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue }

    /// Waits for a tile's turn; false when the work failed, or ended before this tile was read.
    func wait(stage: Int, for number: Int) -> Bool {
        var spins = 0
        while turns[stage].number.load(ordering: .acquiring) != number {
            if failed.load(ordering: .acquiring) || (stage == 0 && isOver) { return false }
            spins += 1
            // A turn lasts milliseconds: spin briefly, then leave the core to others.
            if spins > 2000 { usleep(20) }
        }
        return !failed.load(ordering: .acquiring)
    }

    func advance(stage: Int) { _ = turns[stage].number.wrappingAdd(1, ordering: .acquiringAndReleasing) }

    func finish() { over.store(true, ordering: .releasing) }

    func fail(_ failure: any Error) {
        error.withLock { $0 = $0 ?? failure }
        failed.store(true, ordering: .releasing)
        finish()
    }
}
