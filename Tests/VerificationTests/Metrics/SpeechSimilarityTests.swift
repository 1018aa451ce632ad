import Foundation
import TestSupport
import Testing

@testable import Verification

/// The three tables are the cases of ViSQOL's own test of its patch search.
@Suite("ViSQOL's speech similarity")
struct SpeechSimilarityTests {
    struct Search: Sendable {
        let reference: [[Double]]
        let test: [[Double]]
        let starts: [Int]
        let length: Int
        let radius: Int
        /// Reference patch to the frame its match must start at; nil when it must be left out.
        let expected: [(patch: Int, frame: Int?)]
    }

    private static func neurogram(_ bands: [[Double]]) -> Neurogram {
        Neurogram(bands[0].indices.flatMap { frame in bands.map { $0[frame] } }, bandCount: bands.count)
    }

    static let searches = [
        Search(
            reference: [
                [1, 1, 1, 2, 2, 2, 2, 2, 3, 3], [0, 1, 0, 2, 1, 1, 2, 3, 1, 2], [0, 1, 0, 2, 1, 1, 2, 3, 1, 2],
            ],
            test: [
                [0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 2, 2, 3, 2, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 2, 1, 2, 3, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 1, 2, 3, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0],
            ],
            starts: Array(0..<10), length: 1, radius: 8, expected: [(3, nil), (4, 7), (5, 8)]),
        Search(
            reference: [[1], [1], [0]],
            test: [
                [0, 0, 0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            ],
            starts: [0], length: 1, radius: 60, expected: [(0, 6)]),
        Search(
            reference: [
                [0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0],
            ],
            test: [
                [0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 2, 1, 2, 3, 2, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 2, 3, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 2, 3, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0],
            ],
            starts: [4, 6, 10, 12, 14, 22], length: 2, radius: 60,
            expected: [(0, 6), (1, 8), (2, 12), (3, 14), (4, 16), (5, 22)]),
    ]

    @Test("the patch search decides as the reference program does", arguments: 0..<3)
    func search(index: Int) throws {
        let item = Self.searches[index]
        let reference = Self.neurogram(item.reference)
        let patches = item.starts.map { ($0, reference.patch(from: $0, count: item.length)) }
        let matches = try #require(PatchMatching.match(patches, Self.neurogram(item.test), radius: item.radius))
        for (patch, frame) in item.expected { #expect(matches[patch].testFrame == frame) }
    }

    @Test("equal speech is perfect and the mapping gives its documented end")
    func identity() throws {
        let x = FormulaSignals.noisy(FormulaSignals.clean(rate: 16000, seconds: 3), 0.0001)
        let result = try #require(SpeechSimilarity.measure(AudioPair(reference: x, test: x, sampleRate: 16000)))
        #expect(abs(result.similarity - 1) <= 1e-12 && result.patches.count >= 4)
        #expect(abs(result.opinionScore - 4.0159) <= 5e-5)
        #expect(abs(result.scaledOpinionScore - 5) <= 1e-4)
    }

    @Test("a last patch that ends with the last frame finds itself in the port only", arguments: [19, 20])
    func lastPatch(frameCount: Int) throws {
        let whole = Neurogram(FormulaSignals.noise(3 * frameCount).map { 20 + 20 * $0 }, bandCount: 3)
        let patches = [0, 5, 10, 15].map { ($0, whole.patch(from: $0, count: 5)) }.prefix { $0.0 + 5 <= frameCount }
        let own = patches.map(\.0)
        let port = try #require(PatchMatching.match(Array(patches), whole, as: .pythonPort))
        let original = try #require(PatchMatching.match(Array(patches), whole, as: .original))
        #expect(port.map(\.testFrame) == own)
        #expect((original.map(\.testFrame) == own) == (frameCount != 20), "\(original.map(\.testFrame))")
    }

    @Test("level, a delay of 100 ms and another rate hardly matter; noise does, in order of its level")
    func order() throws {
        let x = FormulaSignals.noisy(FormulaSignals.clean(rate: 16000, seconds: 3), 0.0001)
        func similarity(_ y: [Double]) throws -> Double {
            try #require(SpeechSimilarity.measure(AudioPair(reference: x, test: y, sampleRate: 16000))).similarity
        }
        #expect(abs(try similarity(x.map { 0.05 * $0 }) - 1) <= 1e-9)
        #expect(try similarity(FormulaSignals.delayed(x, 1600)) > 0.95)
        let falling = try [0.0003, 0.001, 0.003, 0.01, 0.03].map {
            try similarity(FormulaSignals.noisy(x, $0, seed: 3))
        }
        #expect(zip(falling, falling.dropFirst()).allSatisfy { $0 > $1 }, "\(falling)")
    }

    struct Golden: Decodable {
        struct Case: Decodable {
            let amplitude: Double
            let vnsim: Double
            let mos: Double
            let fvnsim: [Double]
        }
        let cases: [Case]
    }

    @Test("scores and bands equal those of the Python port", arguments: 0..<5)
    func port(index: Int) throws {
        let data = try Data(contentsOf: Repository.golden("metrics/visqol.json"))
        let golden = try JSONDecoder().decode(Golden.self, from: data)
        let item = golden.cases[index]
        let x = FormulaSignals.noisy(FormulaSignals.clean(rate: 16000, seconds: 3), 0.0001)
        let y = FormulaSignals.noisy(x, item.amplitude, seed: 3).map { 0.5 * $0 }
        let pair = AudioPair(reference: x, test: y, sampleRate: 16000)
        let found = try #require(SpeechSimilarity.measure(pair, as: .pythonPort))
        // Promised is 1e-4; both sides are float64 and differ by rounding only.
        #expect(abs(found.similarity - item.vnsim) <= 1e-9 && abs(found.opinionScore - item.mos) <= 1e-9)
        expectClose(found.bandSimilarities, item.fvnsim, bound: 1e-9, relativeTo: .absolute)
        // The C++ program's envelope shifts some patches by a few samples: 0.002 of similarity at most here.
        let original = try #require(SpeechSimilarity.measure(pair))
        #expect(abs(original.similarity - item.vnsim) <= 2e-3)
    }
}
