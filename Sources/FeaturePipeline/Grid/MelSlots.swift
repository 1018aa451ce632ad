internal import NumericCore

/// The legacy pipeline's columns for the mel frames of each TR.
struct MelSlots: Sendable, Equatable {
    /// Where frames stand.
    let clock: FrameClock
    /// Columns of a TR.
    let width: Int
    /// What fills columns without a frame, in dB.
    static let fillerDB: Float = -80

    /// Slots that hold the longest TR, or for `compat` ceil(floor(TR x rate) / hop) columns, which is the same for every
    /// TR of whole samples.
    init(_ clock: FrameClock, behaviour: FeatureRecipe.Behaviour) {
        self.clock = clock
        let samples = clock.sampleCount(ofTRs: 1)
        width =
            behaviour == .correct ? clock.mostFrameCount : (samples + clock.hopLength - 1) / clock.hopLength
    }

    /// Frames of a TR that lie in its slot.
    func frameCount(of tr: Int) -> Int { min(width, clock.frames(of: tr).count) }
}

/// Takes mel frames as they come and gives them back TR by TR.
struct MelCollector {
    private let slots: MelSlots
    private let binCount: Int
    private let trLimit: Int
    private var frameIndex = 0
    private var tr = 0
    private var window: Range<Int>
    /// Frame after frame, the TR that is being filled.
    private var block: [Float]
    /// Finished TRs that nobody has taken yet: (TRs, bins, columns), power; columns without a frame hold 0.
    private var finished: [Float] = []
    /// The largest power of the whole signal, beyond the limit of TRs too.
    private(set) var largest: Float = 0

    /// - Parameters:
    ///   - slots: The columns.
    ///   - binCount: Numbers a frame.
    ///   - trLimit: Keep no more TRs than these.
    init(_ slots: MelSlots, binCount: Int, trLimit: Int) {
        self.slots = slots
        self.binCount = binCount
        self.trLimit = trLimit
        window = slots.clock.frames(of: 0)
        block = [Float](repeating: 0, count: slots.width * binCount)
    }

    /// Takes the next frame.
    mutating func take(_ frame: Span<Float>) {
        for bin in 0..<binCount { largest = max(largest, frame[bin]) }
        defer { frameIndex += 1 }
        guard tr < trLimit else { return }
        let column = frameIndex - window.lowerBound
        if column < slots.width { for bin in 0..<binCount { block[column * binCount + bin] = frame[bin] } }
        if frameIndex + 1 == window.upperBound { finishTR() }
    }

    /// Hands over the TRs finished since the last call.
    ///
    /// Frames reach half a frame beyond the signal, so that the last TRs may lie behind its end.
    ///
    /// - Parameter body: Receives power, (TRs, bins, columns).
    /// - Throws: What `body` throws.
    mutating func drain(_ body: ([Float]) throws -> Void) rethrows {
        guard !finished.isEmpty else { return }
        try body(finished)
        finished.removeAll(keepingCapacity: true)
    }

    private mutating func finishTR() {
        let count = slots.frameCount(of: tr)
        let width = slots.width
        for bin in 0..<binCount {
            for column in 0..<count { finished.append(block[column * binCount + bin]) }
            for _ in count..<width { finished.append(0) }
        }
        tr += 1
        window = slots.clock.frames(of: tr)
    }
}
