import Testing
import Verification

/// Decisions and verdicts: nothing but a measured value within its bound is green.
@Suite struct CheckResultTests {
    private func result(_ measurement: CheckOutcome, bound: Double = 1, population: Int = 3, id: String = "a")
        -> CheckResult
    {
        CheckResult(
            id: id, phase: 1, title: "t", measurement: measurement, unit: "u", bound: bound, population: population,
            note: "n")
    }

    @Test(
        "Only a finite value within the bound about something passes",
        arguments: [
            (CheckOutcome.value(1), 3, Decision.pass), (.value(0), 3, .pass), (.value(1.0000001), 3, .fail),
            (.value(.nan), 3, .fail), (.value(.infinity), 3, .fail), (.value(0), 0, .fail),
            (.failed(reason: "x"), 3, .fail), (.notMeasured(reason: "x"), 0, .notMeasured),
        ])
    func decisions(measurement: CheckOutcome, population: Int, expected: Decision) {
        #expect(result(measurement, population: population).decision == expected)
    }

    @Test("The verdict is red before it is open, and open before it is green")
    func verdicts() {
        let (good, bad) = (result(.value(0)), result(.value(2)))
        let open = result(.notMeasured(reason: "x"), population: 0)
        #expect(Verdict([good]) == .switch)
        #expect(Verdict([good, open]) == .cannotTell)
        #expect(Verdict([good, open, bad]) == .doNot)
        #expect(Verdict([]) == .cannotTell)
        #expect([Verdict.switch, .doNot, .cannotTell].map(\.exitCode) == [0, 1, 3])
    }

    @Test("The page and the JSON show the verdict, escape what they are given, and are the same bytes twice")
    func report() throws {
        let nasty = CheckResult(
            id: "b", phase: 1, title: "<script>alert('x')</script> & \"q\"",
            measurement: .failed(reason: "broke </td>"), unit: "u", bound: 1, population: 0, note: "n")
        let report = RunReport(results: [result(.value(0.5)), nasty], facts: [.init(name: "k", value: "<v>")])
        let html = try report.html()
        #expect(html.contains("DO NOT") && !html.contains("<script>") && html.contains("&lt;script&gt;"))
        #expect(html.contains("broke &lt;/td&gt;") && html.contains("&lt;v&gt;") && html.contains("0.5 u"))
        #expect(try report.json() == report.json())
        let json = String(decoding: try report.json(), as: UTF8.self)
        #expect(json.contains("\"verdict\" : \"DO NOT\"") && json.contains("\"reason\" : \"broke </td>\""))
    }
}
