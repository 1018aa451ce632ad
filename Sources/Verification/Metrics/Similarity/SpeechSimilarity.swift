import Glibc

/// ViSQOL version 3 in speech mode with the exponential mapping, which needs no model file.
public struct SpeechSimilarity: Sendable {
    /// One patch of 0.4 s of active speech.
    public struct Patch: Sendable, Encodable {
        /// Start in the reference in seconds.
        public let referenceSeconds: Double
        /// Start of its match in the test signal in seconds; nil where none was found.
        public let testSeconds: Double?
        /// NSIM, at most 1.
        public let similarity: Double
        /// NSIM of the 21 bands, low to high.
        public let bandSimilarities: [Double]
    }

    /// Patches in order of time.
    public let patches: [Patch]

    static let sampleRate = 16000
    private static let hop = 320
    private static let patchFrames = 20
    private static let bank = GammatoneBank(sampleRate: sampleRate, bandCount: 21, lowest: 50, highest: 8000)

    /// Mean NSIM of the bands over patches.
    public var bandSimilarities: [Double] {
        (0..<Self.bank.bandCount).map { band in
            patches.reduce(0) { $0 + $1.bandSimilarities[band] } / Double(patches.count)
        }
    }

    /// Mean NSIM.
    public var similarity: Double { bandSimilarities.reduce(0, +) / Double(Self.bank.bandCount) }

    /// Predicted mean opinion score from 1 to 5.
    ///
    /// Equal signals get 4.0159, except where the last patch ends with the last frame: ViSQOL never lets it start there,
    /// which costs equal speech of 6 s about 0.1.
    public var opinionScore: Double { mapped(scale: 1) }

    /// The same scaled so that 4.0159 becomes 5.
    public var scaledOpinionScore: Double { mapped(scale: Double(1.245063 as Float)) }

    private func mapped(scale: Double) -> Double {
        let value = similarity
        if value < 0.15 { return 1 }
        return min(max((-262.847869 + exp(0.0154302525 * (value + 361.063949))) * scale, 1), 5)
    }

    /// Compares two signals; other rates are resampled to 16 kHz.
    ///
    /// - Parameter pair: Speech of 1 to 10 s; lengths may differ.
    /// - Returns: The patches, or nil when either signal is too short, silent, or has no match.
    public static func measure(_ pair: AudioPair) -> SpeechSimilarity? { measure(pair, as: .original) }

    static func measure(_ pair: AudioPair, as program: VisqolProgram) -> SpeechSimilarity? {
        let resampler = PolyphaseResampler(from: pair.sampleRate, to: sampleRate)
        let reference = resampler.resample(pair.reference)
        var test = EnvelopeAlignment.align(reference[...], resampler.resample(pair.test)[...], program.envelope).test
        let rms = { (values: [Double]) in
            (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot()
        }
        let (level, testLevel) = (rms(reference), rms(test))
        guard level > 0, testLevel > 0 else { return nil }
        for index in test.indices { test[index] *= level / testLevel }
        var x = Neurogram(reference[...], bank, sampleRate: sampleRate)
        var y = Neurogram(test[...], bank, sampleRate: sampleRate)
        guard x.frameCount > 0, y.frameCount > 0 else { return nil }
        Neurogram.prepare(&x, &y)
        let starts = activePatches(reference, frameCount: x.frameCount)
        let wanted = starts.map { ($0, x.patch(from: $0, count: patchFrames)) }
        guard let matches = PatchMatching.match(wanted, y, as: program) else { return nil }
        return SpeechSimilarity(patches: matches.map { realigned($0, reference, test, program.envelope) })
    }

    /// First frames of patches in which some of the reference is loud enough: patches follow each other from frame 9.
    ///
    /// Chunks of 20 ms count as silent when they and the two before are below 5000 of 32768 in root mean square, after
    /// the largest sample is scaled to full; the chunks start at sample 9, as in the reference program.
    private static func activePatches(_ signal: [Double], frameCount: Int) -> [Int] {
        let first = patchFrames / 2 - 1
        let largest = signal.reduce(-.infinity, max)
        guard frameCount > first, largest > 0 else { return [] }
        let patchCount = (frameCount - first) / patchFrames
        let loud = (0..<patchCount * patchFrames).map { chunk in
            var sum = 0.0
            for index in 0..<hop {
                let value = min(max(signal[first + chunk * hop + index] / largest * 32768, -32768), 32767)
                sum += value.rounded(.towardZero) * value.rounded(.towardZero)
            }
            return (sum / Double(hop)).squareRoot() >= 5000
        }
        return (0..<patchCount).filter { patch in
            (patch * patchFrames..<(patch + 1) * patchFrames).contains { chunk in
                chunk < 2 || loud[chunk] || loud[chunk - 1] || loud[chunk - 2]
            }
        }.map { first + $0 * patchFrames }
    }

    /// The patch compared again after its samples are aligned, where that fits better.
    private static func realigned(
        _ match: PatchMatching.Match, _ x: [Double], _ y: [Double], _ envelope: EnvelopeAlignment.Envelope
    ) -> Patch {
        var best = match.similarity
        if let testFrame = match.testFrame {
            let (a, b) = EnvelopeAlignment.alignAndCut(cut(x, match.referenceFrame), cut(y, testFrame), envelope)
            var p = Neurogram(a, bank, sampleRate: sampleRate)
            var q = Neurogram(b, bank, sampleRate: sampleRate)
            if p.frameCount > 0, p.frameCount == q.frameCount {
                Neurogram.prepare(&p, &q)
                let again = NeurogramSimilarity.compare(p, q)
                if again.similarity >= best.similarity { best = again }
            }
        }
        return Patch(
            referenceSeconds: Double(match.referenceFrame) * 0.02,
            testSeconds: match.testFrame.map { Double($0) * 0.02 },
            similarity: best.similarity, bandSimilarities: best.bandMeans)
    }

    /// The samples of a patch; the last one is left out where the signal ends, as in the reference program.
    private static func cut(_ signal: [Double], _ frame: Int) -> ArraySlice<Double> {
        let start = Double(frame) * 0.02
        let lower = Int(start * Double(sampleRate))
        let upper = min(signal.count - 1, Int((start + 0.02 * Double(patchFrames)) * Double(sampleRate)))
        return lower < upper ? signal[lower..<upper] : []
    }
}

extension Metric {
    private static func visqol(
        _ id: String, _ title: String, unit: String, _ range: ClosedRange<Double>,
        _ value: @escaping @Sendable (SpeechSimilarity) -> Double
    ) -> Metric {
        Metric(
            MetricDescriptor(
                id: id, title: title, unit: unit, direction: .higherIsBetter, range: range,
                validInput: "speech of 1 to 10 s (longer is refused); aligned within 24 s; lengths may differ",
                blindSpots: "absolute level, polarity, above 8 kHz",
                source: "ViSQOL 3 (Chinen et al. 2020), speech mode, exponential mapping, float64"),
            minimumCount: { $0 * 8 / 10 }, minimumRate: 8000, maximumRate: 192_000, needsEqualLengths: false
        ) { pair in
            guard max(pair.reference.count, pair.test.count) <= 60 * pair.sampleRate else {
                return .notApplicable(
                    .tooLong(sampleCount: max(pair.reference.count, pair.test.count), most: 60 * pair.sampleRate))
            }
            guard let result = SpeechSimilarity.measure(pair) else {
                return .notApplicable(.tooLittleActivity(found: 0, needed: 1, unit: "patches of 0.4 s with speech"))
            }
            return .value(
                Measurement(
                    value(result),
                    details: [
                        ("vnsim", result.similarity), ("mos", result.opinionScore),
                        ("mos_scaled", result.scaledOpinionScore), ("patches", Double(result.patches.count)),
                    ]))
        }
    }

    /// ViSQOL's predicted opinion score of speech, 1 to 5; equal signals get 4.0159.
    public static let visqolSpeech = visqol("visqol.v3.speech.exponential@16k", "ViSQOL speech", unit: "MOS", 1...5) {
        $0.opinionScore
    }

    /// The similarity ViSQOL's score is made of.
    public static let speechNSIM = visqol("vnsim.visqol_v3.speech@16k", "NSIM", unit: "1", -1...1.0000001) {
        $0.similarity
    }
}
