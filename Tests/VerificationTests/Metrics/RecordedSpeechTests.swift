import Foundation
import NumericCore
import TestSupport
import Testing

@testable import Verification

/// Speech and babble from the recordings beside the checkout, brought to six rates by linear interpolation.
@Suite("Intelligibility of recorded speech equals pystoi")
struct RecordedSpeechTests {
    private static let names = ("ref_pesq_speech_16k.wav", "ref_pesq_speech_bab_0dB_16k.wav")

    /// 16-bit samples of a plain RIFF file, full scale at 1.
    private static func samples(_ url: URL) throws -> [Double] {
        let bytes = [UInt8](try Data(contentsOf: url))
        var position = 12
        while position + 8 <= bytes.count {
            let size = (0..<4).reduce(0) { $0 | Int(bytes[position + 4 + $1]) << (8 * $1) }
            if bytes[position..<position + 4].elementsEqual("data".utf8) {
                return stride(from: position + 8, to: position + 8 + size, by: 2).map {
                    Double(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) / 32768
                }
            }
            position += 8 + size
        }
        return []
    }

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
        let speech = try Self.samples(folder.appendingPathComponent(Self.names.0))
        let babble = try Self.samples(folder.appendingPathComponent(Self.names.1))
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
