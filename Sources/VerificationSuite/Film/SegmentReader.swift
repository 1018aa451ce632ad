internal import FeaturePipeline
internal import Verification

/// Reads the same stretch of a version and of what it is held against.
struct SegmentReader: Sendable {
    let test: StoredSound
    let reference: StoredSound
    let clock: FrameClock
    /// Whether frames were dealt out 112 to a TR.
    let dropsFrames: Bool

    static let timing = TimingAnalysis(maximumLagSeconds: 0.2)

    /// Samples by which the stretch is late, what is known of it included; nil where nothing correlates clearly.
    func lag(_ segment: FilmSegment) throws -> (lag: Int?, problem: String) {
        let shift = knownLag(at: segment.range.lowerBound)
        let (pair, problem) = try pair(segment, shift: shift)
        guard let pair else { return (nil, problem) }
        return (Self.timing.lagSamples(pair).map { $0 + shift }, "")
    }

    /// The pair; nil and the reason where the version lacks more of the stretch than two frames.
    ///
    /// Aligned means: read where the version's known loss of frames has moved the stretch to, then moved to where it
    /// correlates best.
    func pair(_ segment: FilmSegment, isAligned: Bool) throws -> (pair: AudioPair?, problem: String) {
        let (whole, problem) = try pair(segment, shift: isAligned ? knownLag(at: segment.range.lowerBound) : 0)
        guard let whole else { return (nil, problem) }
        guard isAligned, let lag = Self.timing.lagSamples(whole) else { return (whole, "") }
        return (whole.removingLag(lag), "")
    }

    private func pair(_ segment: FilmSegment, shift: Int) throws -> (pair: AudioPair?, problem: String) {
        let range = clock.range(segment.range, at: reference.sampleRate)
        let expected = try reference.samples(range)
        let found = try test.samples(max(0, range.lowerBound + shift)..<max(0, range.upperBound + shift))
        let missing = expected.count - found.count
        guard missing <= 2 * clock.hopLength, missing < expected.count else {
            return (nil, "the sound ends \(missing) samples before the segment does")
        }
        let count = min(expected.count, found.count)
        let pair = AudioPair(
            reference: Array(expected.prefix(count)), test: Array(found.prefix(count)),
            sampleRate: reference.sampleRate)
        return (pair, "")
    }

    /// What is known of a version's lag before anything is measured: the frames that its grid has dropped.
    private func knownLag(at sample: Int) -> Int {
        guard dropsFrames, reference.sampleRate == clock.sampleRate else { return 0 }
        let tr = clock.repetitionTime.wholeCount(in: sample, rate: clock.sampleRate)
        return (tr * clock.leastFrameCount - clock.start(of: tr)) * clock.hopLength
    }
}

extension FrameClock {
    /// A range of this clock's samples at another rate, its ends at the nearest samples.
    func range(_ range: Range<Int>, at rate: Int) -> Range<Int> {
        guard rate != sampleRate else { return range }
        func place(_ sample: Int) -> Int { (2 * sample * rate + sampleRate) / (2 * sampleRate) }
        return place(range.lowerBound)..<place(range.upperBound)
    }
}
