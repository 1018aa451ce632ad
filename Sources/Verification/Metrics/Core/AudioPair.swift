/// What is compared: a reference and a test signal of one rate.
///
/// Both are taken as they are, sample against sample; alignment is a step of its own (see `TimingAnalysis`).
public struct AudioPair: Sendable {
    /// The undisturbed signal.
    public let reference: AudioSamples
    /// The signal that is judged.
    public let test: AudioSamples
    /// Samples per second of both.
    public let sampleRate: Int

    /// Pairs two signals.
    ///
    /// - Parameters:
    ///   - reference: One channel, full scale at 1.
    ///   - test: One channel, full scale at 1; another length or NaN makes metrics answer with a reason.
    ///   - sampleRate: Samples per second of both; outside 1 ... 1,000,000 every metric answers with a reason.
    public init(reference: [Float], test: [Float], sampleRate: Int) {
        self.init(AudioSamples(reference), AudioSamples(test), sampleRate: sampleRate)
    }

    /// Pairs two signals in double precision.
    ///
    /// - Parameters:
    ///   - reference: One channel, full scale at 1.
    ///   - test: One channel, full scale at 1; another length or NaN makes metrics answer with a reason.
    ///   - sampleRate: Samples per second of both; outside 1 ... 1,000,000 every metric answers with a reason.
    public init(reference: [Double], test: [Double], sampleRate: Int) {
        self.init(AudioSamples(reference), AudioSamples(test), sampleRate: sampleRate)
    }

    init(_ reference: AudioSamples, _ test: AudioSamples, sampleRate: Int) {
        self.reference = reference
        self.test = test
        self.sampleRate = sampleRate
    }

    /// Samples both have.
    public var commonCount: Int { min(reference.count, test.count) }

    /// The same stretch of both.
    ///
    /// - Parameter range: Sample positions; clamped to what each signal has.
    /// - Returns: A pair that owns its samples.
    public func slice(_ range: Range<Int>) -> AudioPair {
        AudioPair(reference.slice(range), test.slice(range), sampleRate: sampleRate)
    }

    /// The pair after the test signal is moved, cut to what both then have.
    ///
    /// - Parameter lagSamples: How much later the test signal is; its first `lagSamples` are dropped, or the
    ///   reference's first `-lagSamples` when negative.
    /// - Returns: Both of one length, perhaps 0.
    public func removingLag(_ lagSamples: Int) -> AudioPair {
        let lag = min(max(lagSamples, -reference.count), test.count)
        let count = max(0, min(reference.count - max(0, -lag), test.count - max(0, lag)))
        let (r, t) = (max(0, -lag), max(0, lag))
        return AudioPair(reference.slice(r..<r + count), test.slice(t..<t + count), sampleRate: sampleRate)
    }
}
