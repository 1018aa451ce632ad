import Glibc

/// Integrated loudness of one channel after ITU-R BS.1770-4.
///
/// The standard gives the two filters at 48 kHz; for other rates they are designed again from the analogue prototypes
/// that give its table, so that a tone is as loud at every rate.
enum Loudness {
    /// A second-order section, a0 = 1.
    struct Section {
        var b0, b1, b2, a1, a2: Double
    }

    /// The high shelf (+4 dB above 1.7 kHz) and the high pass (38 Hz).
    static func weighting(_ sampleRate: Int) -> (shelf: Section, highPass: Section) {
        let shelfK = tan(Double.pi * 1681.974450955533 / Double(sampleRate))
        let (q, top) = (0.7071752369554196, pow(10, 3.999843853973347 / 20))
        let band = pow(top, 0.4996667741545416)
        let norm = 1 + shelfK / q + shelfK * shelfK
        let shelf = Section(
            b0: (top + band * shelfK / q + shelfK * shelfK) / norm, b1: 2 * (shelfK * shelfK - top) / norm,
            b2: (top - band * shelfK / q + shelfK * shelfK) / norm, a1: 2 * (shelfK * shelfK - 1) / norm,
            a2: (1 - shelfK / q + shelfK * shelfK) / norm)
        let k = tan(Double.pi * 38.13547087602444 / Double(sampleRate))
        let low = 1 + k / 0.5003270373238773 + k * k
        let highPass = Section(
            b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) / low, a2: (1 - k / 0.5003270373238773 + k * k) / low)
        return (shelf, highPass)
    }

    /// LUFS; nil when no block of 400 ms is above -70 LUFS.
    static func integrated(_ samples: AudioSamples, sampleRate: Int) -> Double? {
        let steps = stepPowers(samples, sampleRate)
        guard steps.count >= 4 else { return nil }
        let blocks: [Double] = (0...steps.count - 4).map { first in
            steps[first..<first + 4].reduce(0, +) / 4
        }
        let audible = blocks.filter { level($0) > -70 }
        guard !audible.isEmpty else { return nil }
        let gate = level(audible.reduce(0, +) / Double(audible.count)) - 10
        let loud = audible.filter { level($0) > gate }
        return level(loud.reduce(0, +) / Double(loud.count))
    }

    private static func level(_ power: Double) -> Double { -0.691 + 10 * log10(power) }

    /// Mean square of the weighted signal over consecutive steps of 100 ms; a rest is left out.
    private static func stepPowers(_ samples: AudioSamples, _ sampleRate: Int) -> [Double] {
        let step = max(1, (sampleRate + 5) / 10)
        let (shelf, highPass) = weighting(sampleRate)
        var block = [Double](repeating: 0, count: step)
        var (s1, s2, h1, h2) = (0.0, 0.0, 0.0, 0.0)
        return (0..<samples.count / step).map { index in
            samples.load(from: index * step, count: step, into: &block)
            var sum = 0.0
            for position in 0..<step {
                let x = block[position]
                let shelved = shelf.b0 * x + s1
                s1 = shelf.b1 * x - shelf.a1 * shelved + s2
                s2 = shelf.b2 * x - shelf.a2 * shelved
                let y = highPass.b0 * shelved + h1
                h1 = highPass.b1 * shelved - highPass.a1 * y + h2
                h2 = highPass.b2 * shelved - highPass.a2 * y
                sum += y * y
            }
            return sum / Double(step)
        }
    }
}

extension Metric {
    /// Integrated loudness of the test signal minus that of the reference.
    public static let loudnessDifference = Metric(
        MetricDescriptor(
            id: "loudness.bs1770-4", title: "loudness difference", unit: "LU", direction: .zeroIsBest,
            range: .anyNumber,
            validInput: "any sound of 0.4 s and more, 8 kHz and above; lengths may differ",
            blindSpots: "everything but overall loudness", source: "ITU-R BS.1770-4, one channel"),
        minimumCount: { 4 * max(1, ($0 + 5) / 10) }, minimumRate: 4000, silentTest: .measured, needsEqualLengths: false
    ) { pair in
        guard let x = Loudness.integrated(pair.reference, sampleRate: pair.sampleRate) else {
            return .notApplicable(
                .tooLittleActivity(found: 0, needed: 1, unit: "reference blocks of 400 ms above -70 LUFS"))
        }
        guard let y = Loudness.integrated(pair.test, sampleRate: pair.sampleRate) else {
            return .value(Measurement(-.infinity, limit: .silentTest, details: [("reference_lufs", x)]))
        }
        return .value(Measurement(y - x, details: [("reference_lufs", x), ("test_lufs", y)]))
    }
}
