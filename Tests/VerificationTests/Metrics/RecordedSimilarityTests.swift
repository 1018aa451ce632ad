import Foundation
import NumericCore
import TestSupport
import Testing

@testable import Verification

/// Recorded speech beside the checkout, damaged by the arithmetic of the generator.
@Suite(
    "ViSQOL of recorded speech equals its Python port",
    .enabled(if: Repository.sharedAudio != nil, "the recordings are not beside this checkout"))
struct RecordedSimilarityTests {
    struct Golden: Decodable {
        struct Case: Decodable, Sendable, CustomTestStringConvertible {
            let reference: String
            let damage: String
            let vnsim: Double
            let mos: Double
            let fvnsim: [Double]
            var testDescription: String { "\(reference), \(damage)" }
        }
        /// SHA-256 by file name.
        let files: [String: String]
        let cases: [Case]

        static func load() throws -> Golden {
            let data = try Data(contentsOf: Repository.golden("metrics/visqol_recordings.json"))
            return try JSONDecoder().decode(Golden.self, from: data)
        }
    }

    @Test("the recordings are those that were measured")
    func sources() throws {
        let folder = try #require(Repository.sharedAudio)
        let files = try Golden.load().files
        #expect(files.count == 3)
        for (name, digest) in files {
            #expect(try SHA256.hexadecimal(ofFile: folder.appendingPathComponent(name).path) == digest, "\(name)")
        }
    }

    @Test("scores and bands agree within 1e-4", arguments: try Golden.load().cases)
    func port(item: Golden.Case) throws {
        let folder = try #require(Repository.sharedAudio)
        let x = try RecordedWave.samples(folder.appendingPathComponent(item.reference))
        let babble = try RecordedWave.samples(folder.appendingPathComponent("ref_pesq_speech_bab_0dB_16k.wav"))
        let damage = try #require(SpeechDamage.all[item.damage] ?? (item.damage == "babble" ? { _ in babble } : nil))
        let y = damage(x)
        let pair = AudioPair(reference: x, test: y, sampleRate: 16000)
        let found = try #require(SpeechSimilarity.measure(pair, as: .pythonPort))
        #expect(abs(found.similarity - item.vnsim) <= 1e-4, "\(found.similarity), not \(item.vnsim)")
        #expect(abs(found.opinionScore - item.mos) <= 1e-4, "\(found.opinionScore), not \(item.mos)")
        expectClose(found.bandSimilarities, item.fvnsim, bound: 1e-4, relativeTo: .absolute)
        // Where the two programs decide differently, the score of real speech moves by this much and no more.
        let original = try #require(SpeechSimilarity.measure(pair))
        #expect(abs(original.similarity - item.vnsim) <= 0.03, "\(original.similarity), not \(item.vnsim)")
    }

    @Test("equal speech is perfect, but in the C++ program not where the last patch ends with the recording")
    func identity() throws {
        let folder = try #require(Repository.sharedAudio)
        let x = try RecordedWave.samples(folder.appendingPathComponent("speech_librispeech_1272-128104-0000_16k.wav"))
        // 93680 samples are 289 frames, 9 and 14 patches of 20.
        for (count, isSpecial) in [(93680, true), (93360, false)] {
            let pair = AudioPair(reference: Array(x.prefix(count)), test: Array(x.prefix(count)), sampleRate: 16000)
            let port = try #require(SpeechSimilarity.measure(pair, as: .pythonPort)).similarity
            let original = try #require(SpeechSimilarity.measure(pair)).similarity
            #expect(abs(port - 1) <= 1e-9)
            #expect(isSpecial ? (0.97..<0.99).contains(original) : abs(original - 1) <= 1e-9, "\(original)")
        }
    }
}

/// The damages of make_recorded_visqol_goldens.py, to the bit.
enum SpeechDamage {
    static let all: [String: @Sendable ([Double]) -> [Double]] = [
        "noise 0.001": { noisy($0, 0.001, seed: 1) },
        "noise 0.01": { noisy($0, 0.01, seed: 2) },
        "noise 0.1": { noisy($0, 0.1, seed: 3) },
        "low-pass 5": { average($0, 5) },
        "low-pass 16": { average($0, 16) },
        "8 kHz held": { held($0, 2) },
        "4 kHz held": { held($0, 4) },
        "8 bit": { $0.map { ($0 * 128).rounded(.toNearestOrEven) / 128 } },
        "6 bit": { $0.map { ($0 * 32).rounded(.toNearestOrEven) / 32 } },
        "gain 0.1, noise": { noisy($0.map { 0.1 * $0 }, 0.0003, seed: 4) },
        "lost packets": { lost($0, seed: 5) },
        "clipped": { $0.map { min(max($0, -0.05), 0.05) } },
        "late 50 ms, noise": { [Double](repeating: 0, count: 800) + noisy($0, 0.003, seed: 6) },
        "early 30 ms": { Array($0.dropFirst(480)) },
        "echo": { x in x.indices.map { x[$0] + 0.5 * ($0 < 1900 ? 0 : x[$0 - 1900]) } },
        "drift 500 ppm": { x in (0..<x.count * 2000 / 2001).map { x[$0 * 2001 / 2000] } },
    ]

    private static func noisy(_ x: [Double], _ amplitude: Double, seed: UInt32) -> [Double] {
        var random = MersenneTwister(seed: seed)
        return x.map { $0 + amplitude * (2 * random.randomSample() - 1) }
    }

    /// The mean of each sample and the `count - 1` before it, the latest added first.
    private static func average(_ x: [Double], _ count: Int) -> [Double] {
        x.indices.map { n in
            var total = 0.0
            for shift in 0..<count {
                let index = n - (count - 1) + shift
                total += index < 0 ? 0 : x[index]
            }
            return total / Double(count)
        }
    }

    private static func held(_ x: [Double], _ count: Int) -> [Double] { x.indices.map { x[$0 - $0 % count] } }

    private static func lost(_ x: [Double], seed: UInt32) -> [Double] {
        var random = MersenneTwister(seed: seed)
        let kept = (0..<(x.count + 319) / 320).map { _ in random.randomSample() >= 0.1 }
        return x.indices.map { kept[$0 / 320] ? x[$0] : 0 }
    }
}
