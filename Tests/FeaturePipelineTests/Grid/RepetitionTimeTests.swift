import FeaturePipeline
import Testing

struct RepetitionTimeTests {
    @Test(
        "Decimal numbers and fractions are read exactly",
        arguments: [("1.5", 3, 2), ("2", 2, 1), ("13/5", 13, 5), ("0.80", 4, 5)])
    func reading(text: String, numerator: Int, denominator: Int) throws {
        let time = try #require(RepetitionTime(text))
        #expect(time.numerator == numerator && time.denominator == denominator)
    }

    @Test(
        "What is no time between 1/100 s and 100 s is refused",
        arguments: ["", "0", "-1", "1.5s", ".", "1.", "1e1", "101", "0.001", "1/0", "3/2/1", "99999999999"])
    func refusals(text: String) {
        #expect(RepetitionTime(text) == nil)
    }

    @Test("TR 2.6 s at 75 frames a second never floors to one frame too few")
    func flooring() throws {
        let time = try #require(RepetitionTime("2.6"))
        #expect((0..<400).allSatisfy { time.start(of: $0, rate: 75) == 195 * $0 })
    }

    @Test("Starts of 1.5 s are floor(112.5 i)")
    func starts() {
        let time = RepetitionTime.standard
        #expect((0..<8).map { time.start(of: $0, rate: 75) } == [0, 112, 225, 337, 450, 562, 675, 787])
        #expect(time.wholeCount(in: 71_999, rate: 24_000) == 1 && time.wholeCount(in: 72_000, rate: 24_000) == 2)
    }
}
