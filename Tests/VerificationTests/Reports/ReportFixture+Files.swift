import Foundation
import NumericCore
import Testing
import Verification

extension ReportFixture {
    /// The lines that the fixture is held against: all four decisions occur.
    func gates() throws -> GateSet {
        let entries = [
            (
                "golden.stages", 1, "Every layer of EnCodec gives what Hugging Face gives", "golden.encodec.stages.*",
                "statistic: value, comparison: derivedBound"
            ),
            (
                "published.codes", 1, "The real codec gives its published codes", "published.codes",
                "statistic: value, comparison: atMost, threshold: 5"
            ),
            (
                "time.lag", 2, "The decoded film starts when the film starts", "timing.lag",
                "statistic: value, comparison: within, range: [-0.001, 0.001]"
            ),
            (
                "speed", 2, "Training steps are measured", "training.speed",
                "statistic: value, comparison: atLeast, threshold: 1"
            ),
            (
                "stoi.6kbps", 2, "Speech stays intelligible at 6 kbps", "roundtrip.encodec.6kbps.stoi.classic",
                "statistic: mean, comparison: atLeast, threshold: 0.75, labels: [speech]"
            ),
            (
                "sdr.tail", 2, "No scene falls apart at 6 kbps", "roundtrip.encodec.6kbps.si-sdr.zm",
                "statistic: {p05}, comparison: atLeast, threshold: 8"
            ),
            (
                "better.stoi", 2, "EnCodec is more intelligible than Griffin-Lim",
                "roundtrip.encodec.6kbps.stoi.classic",
                "statistic: mean, comparison: superiority, against: griffinlim.dense.stoi.classic, margin: 0.02"
            ),
            (
                "better.mel", 2, "EnCodec keeps the mel spectrum at least as well as Griffin-Lim",
                "roundtrip.encodec.3kbps.mel.l1",
                "statistic: mean, comparison: nonInferiority, against: griffinlim.dense.mel.l1, margin: 2"
            ),
            (
                "control.silence", 2, "Silence is found bad", "control.silence.lsd.db",
                "statistic: mean, comparison: atLeast, threshold: 5, minCoverage: 0.9"
            ),
            (
                "loudness", 2, "Loudness stays", "roundtrip.encodec.6kbps.loudness.diff",
                "statistic: median, comparison: within, range: [-0.48, 0.48]"
            ),
            (
                "fmri", 3, "fMRI prediction beats chance", "training.fmri.*",
                "statistic: value, comparison: atLeast, threshold: 0.1"
            ),
        ]
        let body = entries.map { id, phase, title, finding, rest in
            let keys = rest.replacing("{p05}", with: "p05").replacing(", ", with: "\n    ")
                .replacing("[-0.001\n    0.001]", with: "[-0.001, 0.001]").replacing(
                    "[-0.48\n    0.48]", with: "[-0.48, 0.48]")
            return """
                  - id: \(id)
                    phase: \(phase)
                    title: \(title)
                    finding: "\(finding)"
                    \(keys)
                    severity: block
                    owner: audio
                    reason: A line of the fixture, so that every decision can be seen.

                """
        }
        return try GateSet(parsing: "schema: codecgate.gates/1\ngates:\n" + body.joined(), path: "fixture.yaml")
    }

    /// The judged run.
    func report(soundCount: Int = 0) throws -> RunReport {
        let today = CalendarDay("2026-06-15")
        return RunReport(results(soundCount: soundCount), gates: try gates(), today: try #require(today))
    }

    /// Writes the sounds that `results(soundCount:)` names: harmonics with an envelope, noisier and duller by version.
    func writeSounds(count: Int, seconds: Double, to folder: URL) throws {
        let place = folder.appendingPathComponent("audio")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for index in 0..<min(count, segmentCount) {
            let clean = Self.tone(index, seconds: seconds, harmonics: 12, noise: 0, gain: 1)
            try Self.wave(clean).write(to: place.appendingPathComponent("\(index)-ref.wav"))
            for version in 0..<6 {
                let step = [2.4, 1.6, 0.9, 0.3, 2.2, 3.1][version]
                let sound = Self.tone(
                    index, seconds: seconds, harmonics: Int(11 - 2.5 * step), noise: 0.006 * step,
                    gain: Float(1 - 0.12 * step))
                try Self.wave(sound).write(to: place.appendingPathComponent("\(index)-\(version).wav"))
            }
        }
    }

    static func tone(_ index: Int, seconds: Double, harmonics: Int, noise: Double, gain: Float) -> [Float] {
        var random = SplitMix64(seed: UInt64(index + harmonics * 1000))
        let base = 2 * Double.pi * 110 * pow(2, Double(index % 12) / 12)
        let count = Int(seconds * 24_000)
        var samples = [Float](repeating: 0, count: count)
        for sample in 0..<count {
            let time = Double(sample) / 24_000
            let phase = base * (time + 0.02 * sin(4 * time))
            var sum = 0.0
            for order in 1...max(1, harmonics) { sum += sin(phase * Double(2 * order - 1)) / Double(order) }
            let envelope = sample < count * 19 / 20 ? 0.1 * (1 + sin(19 * time)) : 0
            samples[sample] = gain * Float(envelope * sum + noise * (random.uniformDouble() - 0.5))
        }
        return samples
    }

    private static func wave(_ samples: [Float]) -> Data {
        var data = Data()
        func add(_ number: Int, _ width: Int) {
            for byte in 0..<width { data.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
        }
        data.append(contentsOf: Array("RIFF".utf8))
        add(36 + 2 * samples.count, 4)
        data.append(contentsOf: Array("WAVEfmt ".utf8))
        for (number, width) in [(16, 4), (1, 2), (1, 2), (24_000, 4), (48_000, 4), (2, 2), (16, 2)] {
            add(number, width)
        }
        data.append(contentsOf: Array("data".utf8))
        add(2 * samples.count, 4)
        for sample in samples { add(Int((min(max(sample, -1), 1) * 32767).rounded()), 2) }
        return data
    }
}
