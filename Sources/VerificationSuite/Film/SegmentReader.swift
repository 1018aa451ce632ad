internal import FeaturePipeline
internal import Verification

/// Reads the same stretch of a version and of what it is held against.
struct SegmentReader: Sendable {
    let version: FilmVersion
    let test: StoredSound
    let reference: StoredSound
    let clock: FrameClock

    static let timing = TimingAnalysis(maximumLagSeconds: 0.2)

    /// The pair; nil and the reason where the version lacks more of the stretch than two frames.
    ///
    /// Aligned means: read where the version's known loss of frames has moved the stretch to, then moved to where it
    /// correlates best.
    func pair(_ segment: FilmSegment, isAligned: Bool) throws -> (pair: AudioPair?, problem: String) {
        let range = clock.range(segment.range, at: reference.sampleRate)
        let shift = isAligned ? knownLag(at: segment.range.lowerBound) : 0
        let expected = try reference.samples(range)
        let found = try test.samples(max(0, range.lowerBound + shift)..<max(0, range.upperBound + shift))
        let missing = expected.count - found.count
        guard missing <= 2 * clock.hopLength, missing < expected.count else {
            return (nil, "the sound ends \(missing) samples before the segment does")
        }
        let count = min(expected.count, found.count)
        let whole = AudioPair(
            reference: Array(expected.prefix(count)), test: Array(found.prefix(count)),
            sampleRate: reference.sampleRate)
        guard isAligned, let lag = Self.timing.lagSamples(whole) else { return (whole, "") }
        return (whole.removingLag(lag), "")
    }

    /// What is known of a version's lag before anything is measured: the frames that its grid has dropped.
    private func knownLag(at sample: Int) -> Int {
        guard case .grid(.seed112) = version else { return 0 }
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
