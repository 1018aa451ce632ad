internal import AudioIO
internal import Glibc
internal import Verification

/// What the pipeline's one resampler leaves of tones whose samples at the other rate are known exactly.
///
/// A film cannot show it: what a codec adds hides a bad resampler, and nobody knows the film's true samples.
struct ResamplerCheck: Sendable {
    /// Turns samples of one rate into samples of another.
    let resample: @Sendable (_ samples: [Float], _ source: Int, _ target: Int) throws -> [Float]

    /// The pipeline's.
    static let pipeline = ResamplerCheck { samples, source, target in
        var result: [Float] = []
        let resampler = try StreamingResampler(from: source, to: target, channelCount: 1)
        try samples.withUnsafeBufferPointer { try resampler.process($0, appendingTo: &result) }
        try resampler.finish(appendingTo: &result)
        return result
    }

    /// Rates that films come in, to those of codec and mel path.
    private static let rates = [
        (44_100, 24_000), (48_000, 24_000), (22_050, 24_000), (16_000, 24_000), (24_000, 22_050),
    ]
    /// Inside the pass band of all of them.
    private static let tones = [440.0, 997, 3150, 6000]

    var check: any Check {
        let id = "features.resampler"
        let plan = FindingPlan(
            id: id, check: id, phase: 1, title: "Least signal to noise of resampled tones", unit: "dB",
            variant: "resampler.tone_snr.worst", direction: .higher,
            source: "a second of 440 Hz, 997 Hz, 3150 Hz and 6 kHz against sines computed at the new rate")
        return SimpleCheck([plan]) { record in
            var worst = (ratio: Double.infinity, text: "")
            for (source, target) in Self.rates {
                for tone in Self.tones {
                    let ratio = try signalToNoise(tone, source, target)
                    // Written so that NaN is the worst.
                    if !(ratio >= worst.ratio) { worst = (ratio, "\(tone.shortText) Hz, \(source) to \(target) Hz") }
                }
            }
            try record(
                Finding(
                    plan, .value(worst.ratio), population: Self.rates.count * Self.tones.count, populationUnit: "tones",
                    note: "the worst is \(worst.text)"))
        }
    }

    /// Signal to noise in dB, without the tenth of a second at both ends, where the filter sees the tone begin and end.
    private func signalToNoise(_ tone: Double, _ source: Int, _ target: Int) throws -> Double {
        func sine(_ index: Int, _ rate: Int) -> Double {
            0.5 * sin(2 * Double.pi * tone * Double(index) / Double(rate))
        }
        let found = try resample((0..<source).map { Float(sine($0, source)) }, source, target)
        guard found.count == target else { return -.infinity }
        var (signal, noise) = (0.0, 0.0)
        for index in target / 10..<target - target / 10 {
            let wanted = sine(index, target)
            signal += wanted * wanted
            noise += (Double(found[index]) - wanted) * (Double(found[index]) - wanted)
        }
        return 10 * log10(signal / noise)
    }
}
