/// Places decoded blocks on the time axis of the container: what comes late is preceded by silence, what overlaps or
/// lies before time zero is cut.
///
/// Counts are frames at the stream's own rate. Time stamps are rounded by some containers (Matroska: 1 ms) and jitter
/// in recordings, so a block that stands within the tolerance of where the previous one ended is simply joined to it;
/// the tolerance never adds up, because the end is counted in frames and not in stamps.
struct PresentationTimeline {
    /// What to do with a block: silent frames before it, and frames to drop from its start.
    struct Placement: Equatable {
        var silentFrameCount = 0
        var droppedFrameCount = 0
    }

    /// A jump that no player would honour: forwards an hour, backwards a second.
    struct Discontinuity: Error {
        let frameCount: Int
    }

    /// Frames placed so far, silence included.
    private(set) var endFrame = 0
    private let sampleRate: Int
    private let firstTolerance: Int
    private var isEmpty = true

    /// Starts at time zero of a stream whose stamps are `tickFrameCount` frames apart (rounded up).
    init(sampleRate: Int, tickFrameCount: Int) {
        self.sampleRate = sampleRate
        firstTolerance = tickFrameCount <= 1 ? 0 : tickFrameCount
    }

    /// Places the next block.
    ///
    /// - Parameters:
    ///   - start: The frame where its time stamp puts it; nil when it has none.
    ///   - frameCount: Its length.
    /// - Returns: Silence to insert and frames to drop.
    /// - Throws: `Discontinuity` when the stamps jump too far.
    mutating func place(start: Int?, frameCount: Int) throws(Discontinuity) -> Placement {
        var placement = Placement()
        // A missing packet of any common codec is longer than 5 ms (AAC: 1024 frames, Opus: usually 20 ms).
        let tolerance = isEmpty ? firstTolerance : max(sampleRate / 200, firstTolerance)
        let gap = start.map { $0 - endFrame } ?? 0
        if abs(gap) > tolerance {
            if gap > 3600 * sampleRate || (gap < -sampleRate && !isEmpty) { throw Discontinuity(frameCount: gap) }
            placement.silentFrameCount = max(0, gap)
            placement.droppedFrameCount = min(max(0, -gap), frameCount)
        }
        endFrame += placement.silentFrameCount + frameCount - placement.droppedFrameCount
        // A block that lies before time zero altogether leaves the next one to be the first.
        isEmpty = isEmpty && placement.droppedFrameCount == frameCount
        return placement
    }
}
