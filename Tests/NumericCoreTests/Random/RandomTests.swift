import Glibc
import NumericCore
import TestSupport
import Testing

struct RandomTests {
    @Test func `SplitMix64 gives the published numbers of seed 1234567`() {
        var generator = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        expectEqual((0..<5).map { _ in generator.next() }, expected)
    }

    @Test func `xoshiro256++ gives the published numbers of state 1 2 3 4`() {
        var generator = Xoshiro256(state: (1, 2, 3, 4))
        let expected: [UInt64] = [
            41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
            9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807,
        ]
        expectEqual((0..<8).map { _ in generator.next() }, expected)
    }

    @Test func `a seed fills the state with SplitMix64`() {
        var spread = SplitMix64(seed: 7)
        var direct = Xoshiro256(state: (spread.next(), spread.next(), spread.next(), spread.next()))
        var seeded = Xoshiro256(seed: 7)
        var other = Xoshiro256(seed: 8)
        let numbers = (0..<100).map { _ in seeded.next() }
        expectEqual(numbers, (0..<100).map { _ in direct.next() })
        #expect(numbers != (0..<100).map { _ in other.next() })
    }

    @Test func `the Mersenne Twister gives NumPy's random_sample, every bit of 1500`() throws {
        for sample in try ArrayManifest.load().mt19937 {
            var generator = MersenneTwister(seed: sample.seed)
            let values = (0..<1500).map { _ in generator.randomSample() }
            expectEqual(Array(values.prefix(8)), sample.first.compactMap { Double($0) }, "seed \(sample.seed)")
            expectEqual(Array(values.suffix(4)), sample.last.compactMap { Double($0) }, "seed \(sample.seed)")
            let hash = SHA256.hexadecimal(of: values.withUnsafeBytes { [UInt8]($0) })
            #expect(hash == sample.sha256Of1500Doubles, "seed \(sample.seed)")
        }
    }

    @Test(arguments: [0, 1, 2, 623, 624, 625, 1248, 5000])
    func `skipping words of the twister is drawing them, and several samples are those drawn one by one`(count: Int) {
        var (skipped, drawn) = (MersenneTwister(seed: 9), MersenneTwister(seed: 9))
        for start in [0, 7] {
            for _ in 0..<start { #expect(skipped.nextWord() == drawn.nextWord()) }
            skipped.skip(count)
            for _ in 0..<count { _ = drawn.nextWord() }
            var numbers = [Double](repeating: -1, count: 9)
            numbers.withUnsafeMutableBufferPointer { all in
                if let base = all.baseAddress { skipped.randomSamples(base + 1, count: 3, stride: 3) }
            }
            let expected = (0..<3).flatMap { _ -> [Double] in [-1, drawn.randomSample(), -1] }
            expectEqual(numbers, expected)
        }
    }

    @Test func `two words of the twister make one number of 64 bits, high half first`() {
        var words = MersenneTwister(seed: 5489)
        var pairs = MersenneTwister(seed: 5489)
        #expect(words.nextWord() == 3_499_211_612 && words.nextWord() == 581_869_302)
        #expect(pairs.next() == UInt64(3_499_211_612) << 32 | 581_869_302)
    }

    @Test func `uniform numbers take the top bits and never reach 1`() {
        var largest = Constant(value: .max)
        #expect(largest.uniformDouble() == 1 - 0x1p-53)
        #expect(largest.uniformFloat() == 1 - 0x1p-24)
        var least = Constant(value: 0x7FF)
        #expect(least.uniformDouble() == 0 && least.uniformFloat() == 0)
        var step = Constant(value: 1 << 40)
        #expect(step.uniformFloat() == 0x1p-24 && step.uniformDouble() == 0x1p-24)
    }

    private struct Constant: RandomNumberGenerator {
        let value: UInt64
        mutating func next() -> UInt64 { value }
    }

    /// Bounds are six standard errors of the statistic at n = 50 000: mean 1/sqrt(n), variance sqrt(2/n), third moment
    /// sqrt(15/n), fourth sqrt(96/n); a wrong law or a correlated pair misses them by far.
    @Test func `normal numbers have the moments of the standard normal law and no memory`() {
        var generator = Xoshiro256(seed: 2024)
        let count = 50_000
        let values = (0..<count).map { _ in generator.normalDouble() }
        func mean(_ power: Int) -> Double {
            values.reduce(0) { sum, value in sum + (0..<power).reduce(1) { product, _ in product * value } }
                / Double(count)
        }
        let unit = 6 / Double(count).squareRoot()
        #expect(mean(1).magnitude <= unit)
        #expect((mean(2) - 1).magnitude <= unit * 2.0.squareRoot())
        #expect(mean(3).magnitude <= unit * 15.0.squareRoot())
        #expect((mean(4) - 3).magnitude <= unit * 96.0.squareRoot())
        let neighbours = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
        #expect(neighbours.magnitude <= unit)
        let beyondTwo = Double(values.filter { $0.magnitude > 2 }.count) / Double(count)
        #expect((beyondTwo - 0.045_500_26).magnitude <= unit * (0.0455 * 0.9545).squareRoot())
    }

    @Test func `extreme draws give finite normal numbers, and a tensor follows the sequence`() {
        var largest = Constant(value: .max)
        #expect((largest.normalDouble() - 8.571_674_348_652_905).magnitude < 1e-9)
        var least = Constant(value: 0)
        #expect(least.normalDouble() == 0)
        var one = Xoshiro256(seed: 1)
        var two = Xoshiro256(seed: 1)
        let tensor = one.normalTensor(shape: [3, 5])
        #expect(tensor.shape == [3, 5])
        expectEqual(tensor.elements, (0..<15).map { _ in two.normalFloat() })
    }
}
