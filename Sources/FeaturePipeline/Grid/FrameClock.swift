/// Where the frames of a signal stand among the TRs of a scan, in exact integers.
///
/// Frame t stands at sample t x hop. TR i begins with frame floor(i x TR x rate / hop), for codes and for mel alike:
/// the Python system's floor(floor(i x TR x rate) / hop) is the same number.
public struct FrameClock: Sendable, Equatable {
    /// The time of one row.
    public let repetitionTime: RepetitionTime
    /// Samples a second.
    public let sampleRate: Int
    /// Samples from one frame to the next.
    public let hopLength: Int

    /// A clock.
    ///
    /// - Parameters:
    ///   - repetitionTime: The time of one row; at least one hop.
    ///   - sampleRate: 1 ... 10 million samples a second.
    ///   - hopLength: 1 ... 2^24 samples.
    /// - Throws: ``FeatureError/badRequest(problem:)`` outside these ranges.
    public init(repetitionTime: RepetitionTime, sampleRate: Int, hopLength: Int) throws(FeatureError) {
        guard (1...10_000_000).contains(sampleRate), (1...1 << 24).contains(hopLength) else {
            throw .badRequest(problem: "\(sampleRate) samples a second in hops of \(hopLength) are no signal's frames")
        }
        guard repetitionTime.start(of: 1, rate: sampleRate) >= hopLength else {
            throw .badRequest(
                problem: "a TR of \(repetitionTime) has no frame of its own every time, for a frame takes \(hopLength) "
                    + "samples at \(sampleRate) Hz; give a longer TR")
        }
        self.repetitionTime = repetitionTime
        self.sampleRate = sampleRate
        self.hopLength = hopLength
    }

    /// The first frame of a TR.
    ///
    /// - Parameter tr: 0 ... ``FeatureManifest/maximumTRCount``.
    /// - Returns: floor(tr x TR x rate / hop).
    public func start(of tr: Int) -> Int { repetitionTime.start(of: tr, rate: sampleRate) / hopLength }

    /// The frames of a TR.
    ///
    /// - Parameter tr: 0 and above.
    /// - Returns: From its first frame to the next TR's.
    public func frames(of tr: Int) -> Range<Int> { start(of: tr)..<start(of: tr + 1) }

    /// Frames of the shortest TR: floor(TR x rate / hop).
    public var leastFrameCount: Int { start(of: 1) }

    /// Frames of the longest TR: ceil(TR x rate / hop).
    public var mostFrameCount: Int {
        let divisor = repetitionTime.denominator * hopLength
        return (repetitionTime.numerator * sampleRate + divisor - 1) / divisor
    }

    /// Samples of the first TRs together.
    ///
    /// - Parameter trCount: 0 and above.
    /// - Returns: floor(TRs x TR x rate).
    public func sampleCount(ofTRs trCount: Int) -> Int { repetitionTime.start(of: trCount, rate: sampleRate) }

    /// Whole TRs of a signal.
    ///
    /// - Parameters:
    ///   - sampleCount: Its length, at least 0.
    ///   - limit: No more than so many, or nil.
    /// - Returns: floor(samples / rate / TR), at most `limit` and ``FeatureManifest/maximumTRCount``.
    public func trCount(ofSamples sampleCount: Int, limit: Int?) -> Int {
        min(
            repetitionTime.wholeCount(in: sampleCount, rate: sampleRate),
            min(limit ?? .max, FeatureManifest.maximumTRCount))
    }
}
