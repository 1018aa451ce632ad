import Testing

@testable import Verification

@Suite("Segments of bounded length")
struct SegmentLengthTests {
    private static let rate = 1000

    private func segments(_ signal: [Double], rate: Int = SegmentLengthTests.rate) -> [Range<Int>] {
        Segmentation.ofLengths(AudioSamples(signal), sampleRate: rate, seconds: 8...12)
    }

    @Test(
        "every film of 16 s or more is cut into 8 to 12 s, to the last sample",
        arguments: [16_000, 16_001, 17_337, 23_999, 24_000, 24_001, 31_950, 36_000, 61_371, 184_000])
    func lengths(count: Int) {
        let found = segments(FormulaSignals.noise(count, seed: UInt64(count)))
        #expect(found.first?.lowerBound == 0 && found.last?.upperBound == count)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(found.allSatisfy { (8000...12000).contains($0.count) }, "\(found.map(\.count))")
    }

    @Test("what cannot be cut so stays whole", arguments: [1, 3000, 8000, 12_000, 12_001, 15_999])
    func whole(count: Int) { #expect(segments(FormulaSignals.noise(count)) == [0..<count]) }

    @Test("nothing, silence and a sample that is not finite")
    func odd() {
        #expect(segments([]).isEmpty)
        #expect(segments([Double](repeating: 0, count: 20_000)).count == 2)
        var signal = FormulaSignals.noise(20_000)
        signal[10_000] = .nan
        let found = segments(signal)
        #expect(found.count == 2 && abs(found[0].upperBound - 10_000) > 50)
    }

    /// Pauses at 9 and 18.5 s, 9.5 s apart; the deeper one at 11.4 s is too near to the second.
    @Test("a cut gives up the deepest pause where that costs a worse one later")
    func lookAhead() {
        var signal = FormulaSignals.noise(30_000)
        for (start, gain) in [(9000, 0.02), (18_500, 0.02), (11_400, 0.015)] {
            for index in start - 100..<start + 100 { signal[index] *= gain }
        }
        let found = segments(signal).map(\.upperBound)
        #expect(found.count == 3 && abs(found[0] - 9000) <= 50 && abs(found[1] - 18_500) <= 50, "\(found)")
    }

    /// At 20 Hz the grid is every sample, and 0.4 to 0.6 s are 8 to 12 samples.
    @Test("no other way to cut is quieter", arguments: [16, 17, 24, 29, 36, 41, 50])
    func optimum(count: Int) {
        let signal = zip(FormulaSignals.noise(count, seed: 5), FormulaSignals.noise(count, seed: 6)).map { $0 * $1 }
        let padded: [Double] = [0] + signal + [0]
        let energies = (0...count).map { (n: Int) -> Double in
            padded[n] * padded[n] + padded[n + 1] * padded[n + 1]
        }
        let loudest = energies.reduce(0, max)
        let costs = energies.map { (energy: Double) -> Double in
            max(0, 60 + 10 * PlainCosine.logarithm(energy / loudest))
        }
        func least(from start: Int) -> Double {
            let rest = count - start
            let options = (8...12).filter { $0 < rest }.map { costs[start + $0] + least(from: start + $0) }
            return (8...12).contains(rest) ? 0 : options.reduce(.infinity, min)
        }
        // A stretch that reaches the end costs nothing more, so recursion and search agree on where to stop.
        let found = Segmentation.ofLengths(AudioSamples(signal), sampleRate: 20, seconds: 0.4...0.6)
        let cost = found.dropLast().reduce(0) { $0 + costs[$1.upperBound] }
        #expect(found.allSatisfy { (8...12).contains($0.count) }, "\(found)")
        #expect(abs(cost - least(from: 0)) <= 1e-9, "\(found) costs \(cost), not \(least(from: 0))")
    }
}
