public import NumericCore

/// Deals the frames of codes out to TRs, and puts them together again.
public struct TRGrid: Sendable, Equatable {
    /// The two ways.
    public enum Mode: String, Sendable, CaseIterable {
        /// Every frame belongs to one TR; nothing is lost.
        case exact
        /// The design document's: as many frames of every TR as the shortest has; the others are dropped.
        case seed112
    }

    /// Codes by TR.
    public struct Split: Sendable, Equatable {
        /// (TRs, codebooks, frames).
        public let codes: Tensor<Int32>
        /// Frames of each TR that are not filled up; with `seed112` all columns, as the Python system says.
        public let frameCounts: [Int]
    }

    /// The way.
    public let mode: Mode
    /// Where frames stand.
    public let clock: FrameClock

    /// A grid.
    ///
    /// - Parameters:
    ///   - mode: The way.
    ///   - clock: Where frames stand.
    public init(_ mode: Mode, _ clock: FrameClock) {
        self.mode = mode
        self.clock = clock
    }

    /// Columns of a TR: 113 (exact) or 112 (seed112) at 1.5 s and 75 frames a second.
    public var framesPerTR: Int { mode == .exact ? clock.mostFrameCount : clock.leastFrameCount }

    /// Columns of a TR that are the signal's.
    ///
    /// - Parameter tr: 0 and above.
    /// - Returns: 1 ... ``framesPerTR``.
    public func frameCount(of tr: Int) -> Int { mode == .exact ? clock.frames(of: tr).count : framesPerTR }

    /// Frames that joining gives.
    ///
    /// - Parameter trCount: 0 and above.
    /// - Returns: floor(TRs x TR x frame rate) for `exact`, TRs x ``framesPerTR`` for `seed112`.
    public func joinedFrameCount(trCount: Int) -> Int {
        mode == .exact ? clock.start(of: trCount) : trCount * framesPerTR
    }

    /// Deals codes out.
    ///
    /// - Parameters:
    ///   - codes: (codebooks, frames) of the whole signal.
    ///   - trCount: TRs wanted, at least 0.
    /// - Returns: Every TR; columns without a frame repeat the TR's last one (`exact`) or hold 0 (`seed112`, and TRs
    ///   that lie wholly behind the end).
    public func split(_ codes: Tensor<Int32>, trCount: Int) -> Split {
        precondition(codes.rank == 2 && trCount >= 0, "codes of shape \(codes.shape) for \(trCount) TRs")
        let (codebookCount, available, width) = (codes.shape[0], codes.shape[1], framesPerTR)
        var elements: [Int32] = []
        elements.reserveCapacity(trCount * codebookCount * width)
        var counts: [Int] = []
        for tr in 0..<trCount {
            let start = min(clock.start(of: tr), available)
            let count = min(frameCount(of: tr), available - start)
            for codebook in 0..<codebookCount {
                let row = codes.elements[codebook * available + start..<codebook * available + start + count]
                elements += row
                let filler = mode == .exact ? row.last ?? 0 : 0
                elements += repeatElement(filler, count: width - count)
            }
            counts.append(mode == .exact ? count : width)
        }
        return Split(codes: Tensor(elements, shape: [trCount, codebookCount, width]), frameCounts: counts)
    }

    /// Puts codes together.
    ///
    /// - Parameters:
    ///   - codes: (TRs, codebooks, ``framesPerTR``).
    ///   - frameCounts: Valid columns of each TR, or nil for ``frameCount(of:)``; `seed112` takes all columns always.
    /// - Returns: (codebooks, frames).
    /// - Throws: ``FeatureError/badRequest(problem:)`` for another shape or impossible counts.
    public func join(_ codes: Tensor<Int32>, frameCounts: [Int]? = nil) throws(FeatureError) -> Tensor<Int32> {
        guard codes.rank == 3, codes.shape[2] == framesPerTR else {
            throw .badRequest(
                problem: "codes of shape \(codes.shape) are not (TRs, codebooks, \(framesPerTR)), which grid "
                    + "\(mode.rawValue) has at a TR of \(clock.repetitionTime); give the grid or TR they were made with"
            )
        }
        let (trCount, codebookCount, width) = (codes.shape[0], codes.shape[1], framesPerTR)
        let given = mode == .exact ? frameCounts : nil
        if let given, given.count != trCount || !given.allSatisfy({ (0...width).contains($0) }) {
            throw .badRequest(
                problem:
                    "frame counts of \(given.count) TRs, each 0...\(width), do not fit codes of shape \(codes.shape)")
        }
        let counts = given ?? (0..<trCount).map { frameCount(of: $0) }
        var elements: [Int32] = []
        elements.reserveCapacity(codebookCount * counts.reduce(0, +))
        for codebook in 0..<codebookCount {
            for tr in 0..<trCount {
                let start = (tr * codebookCount + codebook) * width
                elements += codes.elements[start..<start + counts[tr]]
            }
        }
        return Tensor(elements, shape: [codebookCount, counts.reduce(0, +)])
    }
}
