import Testing
import Verification

/// Tails and ends of scales: means hide broken scenes.
struct TailTests {
    private func judgement(_ values: [Double?], _ keys: [String: String], direction: Finding.Direction = .higher) throws
        -> Judgement
    {
        let result = try Sample.result([Sample.segments(values, direction: direction)], keys)
        return result.judgements[0]
    }

    @Test(
        "The tail is the bad side, whichever that is",
        arguments: [
            (Finding.Direction.higher, "p05", 1.95), (.lower, "p05", 19.05), (.zero, "p05", 19.05),
            (.higher, "worst", 1.5), (.lower, "worst", 19.5), (.zero, "worst", 19.5),
        ])
    func sides(direction: Finding.Direction, statistic: String, expected: Double) throws {
        // NumPy: quantile(arange(1, 21), 0.05) = 1.95, of the reversed 19.05; means of the two worst.
        let values = (1...20).map { Optional(Double($0)) }
        var keys = ["statistic": statistic, "threshold": "100"]
        if statistic == "worst" { keys["worstCount"] = "2" }
        let found = try judgement(values, keys, direction: direction)
        #expect(abs((found.value ?? .nan) - expected) < 1e-12, "\(found.reason)")
        #expect(found.worstSegments.first == (direction == .higher ? 0 : 19))
        #expect((found.interval == nil) == (statistic == "worst"))
    }

    @Test("One broken scene among forty goes through the mean and is caught by the worst")
    func brokenScene() throws {
        let values: [Double?] = Array(repeating: 10, count: 39) + [0]
        let keys = ["comparison": "atLeast", "threshold": "8"]
        #expect(try judgement(values, keys.merging(["statistic": "mean"]) { $1 }).decision == .pass)
        let worst = keys.merging(["statistic": "worst", "worstCount": "1"]) { $1 }
        let found = try judgement(values, worst)
        #expect(found.decision == .fail && found.worstSegments.first == 39)
    }

    @Test("A share above a level is judged with its interval")
    func share() throws {
        let values = (0..<40).map { Optional($0 % 4 == 0 ? 0.0 : 1.0) }
        let keys = ["statistic": "shareAbove", "level": "0.5", "comparison": "atLeast"]
        let found = try judgement(values, keys.merging(["threshold": "0.5"]) { $1 })
        #expect(found.value == 0.75 && found.decision == .pass)
        #expect(try judgement(values, keys.merging(["threshold": "0.76"]) { $1 }).decision == .inconclusive)
        #expect(try judgement(values, keys.merging(["threshold": "0.95"]) { $1 }).decision == .fail)
    }

    @Test("A perfect segment cannot hide the others, a lost one cannot vanish")
    func infinite() throws {
        let keys = ["statistic": "mean", "comparison": "atLeast", "threshold": "8"]
        #expect(try judgement([5, 5, .infinity, 5], keys).decision == .fail)
        #expect(try judgement([9, 9, .infinity, 9], keys).value == 9)
        #expect(try judgement([9, 9, -.infinity, 9], keys).decision == .fail)
        #expect(try judgement([.infinity, .infinity], keys).decision == .pass)
        #expect(try judgement([-.infinity, -.infinity], keys).decision == .fail)
        #expect(try judgement([9, .infinity], keys).decision == .inconclusive)
        let lower = ["statistic": "mean", "threshold": "8"]
        #expect(try judgement([5, .infinity, 5], lower, direction: .lower).decision == .fail)
        let tail = ["statistic": "p05", "comparison": "atLeast", "threshold": "8"]
        #expect(try judgement([9, -.infinity, 9, 9], tail).decision == .fail)
    }

    @Test("A segment that is not a number has failed")
    func notANumber() throws {
        let finding = Sample.segments([9, .nan, 9])
        #expect(finding.coverage == Coverage(planned: 3, measured: 2, failed: 1))
        let keys = ["statistic": "mean", "comparison": "atLeast", "threshold": "8"]
        #expect(try judgement([9, .nan, 9], keys).decision == .notMeasured)
    }
}
