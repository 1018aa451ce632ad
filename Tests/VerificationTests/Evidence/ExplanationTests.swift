import Testing
import Verification

/// The numbers behind a decision.
struct ExplanationTests {
    @Test("Segments, statistic, bootstrap, interval, line and margin are those of the judgement")
    func segments() throws {
        let lines = ["id": "g", "comparison": "atLeast", "threshold": "0.5", "statistic": "mean", "minCoverage": "0.5"]
        let gates = try Sample.gates(Sample.gateText(lines))
        let values: [Double?] = [0.5, 0.75, nil, 1, 0.75, 0.5, 0.75, 1, 0.75]
        let report = try Sample.judge([Sample.segments(values)], gates)
        let text = try #require(GateExplanation(report, gate: "g")).text()
        let judgement = report.evaluation.results[0].judgements[0]
        let interval = try #require(judgement.interval)
        for part in [
            "g: PASS", "at least 0.5", "coverage: 8/9 measured, 1 failed", "segment 1, 1 s to 2 s, speech: 0.75\n",
            "segment 2, 2 s to 3 s, speech: failed (no sound card)", "values: 8, from 0.5 to 1.0, 0 not finite",
            "mean of the finite: 0.75, median: 0.75", "bootstrap: seed 7, blocks of 2 segments, 10000 resamples",
            "mean: 0.75 u", "interval: \(interval.lower) to \(interval.upper) (90 %, so each end 95 % one-sided)",
            "line: at least 0.5", "margin: 0.25 u", "decision: mean 0.75 u, at least 0.5 asked",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        let one = try #require(GateExplanation(report, gate: "g")).text(segment: 1)
        #expect(one.contains("segment 1,") && !one.contains("segment 3,"))
        #expect(GateExplanation(report, gate: "h") == nil)
    }

    @Test("A claim shows both arms, its p and its place in Holm's order")
    func paired() throws {
        func gate(_ id: String) -> String {
            Sample.gateText(
                [
                    "id": id, "finding": id, "comparison": "superiority", "statistic": "mean", "against": "old",
                    "margin": "0",
                ], without: ["threshold"])
        }
        let old: [Double?] = [0.1, 0.2, 0.3, 0.4, 0.3, 0.2, 0.1, 0.2]
        let findings = [
            Sample.segments(old.map { $0.map { $0 + 0.5 } }, id: "good"),
            Sample.segments([0.2, 0.1, 0.4, 0.3, 0.4, 0.1, 0.2, 0.1], id: "even"), Sample.segments(old, id: "old"),
        ]
        let report = try Sample.judge(findings, Sample.gates(gate("good"), gate("even")))
        let good = try #require(GateExplanation(report, gate: "good")).text()
        #expect(good.contains("segment 0, 0 s to 1 s, speech: 0.6 against 0.1, advantage 0.5\n"))
        #expect(good.contains("place 1 of 2 in Holm's order"))
        let even = try #require(GateExplanation(report, gate: "even")).text()
        #expect(even.contains("place 2 of 2 in Holm's order"))
    }
}
