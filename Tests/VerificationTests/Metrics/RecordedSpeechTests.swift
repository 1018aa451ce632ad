import Foundation
import NumericCore
import TestSupport
import Testing

@testable import Verification

/// Speech and babble from the recordings beside the checkout, brought to six rates by linear interpolation.
@Suite("Intelligibility of recorded speech equals pystoi")
struct RecordedSpeechTests {
    private static let names = ("ref_pesq_speech_16k.wav", "ref_pesq_speech_bab_0dB_16k.wav")

    private static func atRate(_ x: [Double], _ rate: Int) -> [Double] {
        (0..<(x.count - 1) * rate / 16000).map { n in
            let (index, rest) = (n * 16000).quotientAndRemainder(dividingBy: rate)
            let part = Double(rest) / Double(rate)
            return x[index] * (1 - part) + x[index + 1] * part
        }
    }

    @Test(
        "STOI and ESTOI agree within 1e-6",
        .enabled(if: Repository.sharedAudio != nil, "the recordings are not beside this checkout"),
        arguments: [8000, 16000, 22050, 24000, 44100, 48000])
    func intelligibility(rate: Int) throws {
        let folder = try #require(Repository.sharedAudio)
        let goldens = try MetricGoldens.load().recordings
        let speech = try RecordedWave.samples(folder.appendingPathComponent(Self.names.0))
        let babble = try RecordedWave.samples(folder.appendingPathComponent(Self.names.1))
        let x = Self.atRate(speech, rate)
        let y = zip(x, Self.atRate(babble, rate)).map { $0 + 0.3 * $1 }
        let pair = AudioPair(reference: x, test: y, sampleRate: rate)
        let expected = try #require(goldens.values[String(rate)])
        for metric in [Metric.stoi, .extendedSTOI] {
            let value = try #require(metric.measure(pair).number)
            let wanted = try #require(expected[metric.descriptor.id])
            #expect(abs(value - wanted) <= 1e-6)
        }
    }
}
