import Foundation
import Testing
import Verification

/// One verdict for text, JSON, HTML and exit code.
struct VerdictTests {
    private let good = Sample.value(0)

    private func verdict(_ findings: [Finding], _ entries: [String], phases: [Int] = [1]) throws -> RunVerdict {
        try Sample.judge(findings, Sample.gates(entries.joined()), phases: phases).verdict
    }

    @Test(
        "Red before open, open before green; only green exits with 0",
        arguments: [
            ([0.0], Verdict.switch, Int32(0)), ([0, 2], .doNot, 1), ([0, nil], .cannotTell, 3), ([2, nil], .doNot, 1),
            ([], .cannotTell, 3),
        ])
    func overall(values: [Double?], expected: Verdict, exitCode: Int32) throws {
        let findings = values.enumerated().map { index, value in
            value.map { Sample.value($0, id: "f\(index)") }
                ?? Finding(Sample.plan("f\(index)"), .notMeasured(reason: "r"))
        }
        let gates = values.indices.map { Sample.gateText(["id": "g\($0)", "finding": "f\($0)"]) }
        let found = try verdict(findings, gates.isEmpty ? [Sample.gateText()] : gates)
        #expect(found.overall == expected && found.exitCode == exitCode)
    }

    @Test("A phase without a gate says so and is not green, and neither is a run that asks for it")
    func emptyPhase() throws {
        let found = try verdict([good], [Sample.gateText()], phases: [1, 3])
        #expect(found.phases.map(\.verdict) == [.switch, .cannotTell] && found.overall == .cannotTell)
        #expect(found.reasons.first?.gate == "phase 3" && found.summary.contains("phase 3"))
        #expect(try verdict([good], [Sample.gateText()], phases: []).overall == .cannotTell)
        #expect(try verdict([good], [Sample.gateText(["severity": "warn"])]).overall == .cannotTell)
    }

    @Test("Gates of a phase that was not asked for do not count")
    func otherPhase() throws {
        let entries = [Sample.gateText(), Sample.gateText(["id": "h", "phase": "2", "finding": "b"])]
        let findings = [good, Sample.value(9, id: "b")]
        #expect(try verdict(findings, entries).overall == .switch)
        #expect(try verdict(findings, entries, phases: [1, 2]).overall == .doNot)
    }

    @Test("A warning that fails leaves the verdict and is named as worse")
    func warnings() throws {
        let entries = [Sample.gateText(), Sample.gateText(["id": "w", "finding": "b", "severity": "warn"])]
        let found = try verdict([good, Sample.value(9, id: "b")], entries)
        #expect(found.overall == .switch && found.worse.map(\.gate) == ["w"])
        let info = [Sample.gateText(), Sample.gateText(["id": "i", "finding": "b", "severity": "info"])]
        #expect(try verdict([good, Sample.value(9, id: "b")], info).worse.isEmpty)
    }

    @Test("A gate that only shows something counts neither in its phase nor in the totals of the first screen")
    func shownOnly() throws {
        let findings = [good, Sample.value(9, id: "b")]
        func totals(_ severity: String?) throws -> (RunVerdict.Phase, String) {
            let shown = severity.map { Sample.gateText(["id": "i", "finding": "b", "severity": $0]) } ?? ""
            let report = try Sample.judge(findings, Sample.gates(Sample.gateText() + shown))
            let html = try report.html()
            let start = try #require(html.range(of: "<ul class=\"counts\"")).upperBound
            let end = try #require(html[start...].range(of: "</ul>")).lowerBound
            return (try #require(report.verdict.phases.first), String(html[start..<end]))
        }
        let (alone, info, warn) = try (totals(nil), totals("info"), totals("warn"))
        #expect(info.0.counts == alone.0.counts && info.0.counts == [.pass: 1])
        #expect(info.1 == alone.1 && warn.1 != alone.1 && warn.0.counts == [.pass: 1, .fail: 1])
    }

    @Test(
        "A waiver lets the verdict pass over its gate until its day, and the gate stays red",
        arguments: [("2026-06-15", true), ("2026-06-14", false)])
    func waivers(day: String, isWaived: Bool) throws {
        let waived = Sample.gateText(["id": "w", "finding": "b", "waiver": "{reason: known, expires: \(day)}"])
        let report = try Sample.judge([good, Sample.value(9, id: "b")], Sample.gates(Sample.gateText() + waived))
        #expect(report.verdict.overall == (isWaived ? .switch : .doNot))
        #expect(report.verdict.waived == (isWaived ? ["w"] : []))
        let result = report.evaluation.results[1]
        #expect(result.decision == .fail && result.reason.contains(isWaived ? "known" : "expired"))
        let alone = try Sample.judge([Sample.value(9, id: "b")], Sample.gates(waived))
        #expect(alone.verdict.overall == (isWaived ? .cannotTell : .doNot), "nothing but waived gates is not green")
    }

    @Test("A check that broke is not green when no gate looks at it; a finding without a gate is listed")
    func unjudged() throws {
        let broken = Finding(Sample.plan("b"), .failed(reason: "segmentation fault"))
        let found = try verdict([good, broken, Sample.value(1, id: "c")], [Sample.gateText()])
        #expect(found.overall == .cannotTell && found.unjudged == ["b", "c"])
        #expect(found.reasons.first?.text.contains("segmentation fault") == true)
        #expect(try verdict([good, Sample.value(1, id: "c")], [Sample.gateText()]).overall == .switch)
    }

    @Test("At most three reasons, the farthest from its line first, and what broke before that")
    func reasons() throws {
        let findings = [
            Sample.value(1.1, id: "f0"), Sample.value(9, id: "f1"), Sample.value(3, id: "f2"),
            Finding(Sample.plan("f3"), .failed(reason: "x")),
        ]
        let entries = (0..<4).map { Sample.gateText(["id": "g\($0)", "finding": "f\($0)"]) }
        #expect(try verdict(findings, entries).reasons.map(\.gate) == ["g3", "g1", "g2"])
    }

    @Test("What is worse on the mean is named even where a gate lets it pass, with its worst segments")
    func worse() throws {
        let old = (0..<20).map { Double($0 % 5) }
        let new = old.enumerated().map { Optional($1 - ($0 == 7 ? 3 : 0.1)) }
        let keys = [
            "comparison": "nonInferiority", "statistic": "mean", "against": "b", "margin": "1", "minCount": "5",
        ]
        let arms = [Sample.segments(new), Sample.segments(old.map(Optional.some), id: "b")]
        let found = try verdict(arms, [Sample.gateText(keys, without: ["threshold"])])
        #expect(found.overall == .switch && found.worse.first?.finding == "a")
        #expect(found.worse.first?.worstSegments.first == 7 && found.worse.first?.decision == .pass)
    }

    @Test("The next measurement is the one that closes most gates; an interval astride asks for more segments")
    func next() throws {
        let open = ["p", "q", "r"].map { id in
            Finding(Sample.plan(id), .notMeasured(reason: "none", remedy: id == "p" ? "buy a film" : "fetch the codec"))
        }
        let entries = ["p", "q", "r"].map { Sample.gateText(["id": "g\($0)", "finding": $0]) }
        #expect(try verdict(open, entries).nextMeasurement == "fetch the codec (would settle 2 of 3 open gates)")
        #expect(
            try verdict(Array(open.prefix(1)), [entries[0]]).nextMeasurement
                == "buy a film (would settle all open gates)")
        #expect(try verdict([good], [Sample.gateText()]).nextMeasurement == nil)
        let values = (0..<40).map { (index: Int) -> Double? in
            let step = Double(index * 7 % 11 - 5)
            return 10 + 0.2 * step
        }
        let keys = ["statistic": "mean", "threshold": "10.1"]
        let astride = try verdict([Sample.segments(values)], [Sample.gateText(keys)])
        #expect(astride.overall == .cannotTell && astride.nextMeasurement?.contains("segments like these") == true)
    }

    @Test("Page and JSON show the one verdict, escape what they are given, and are the same bytes twice")
    func report() throws {
        let plan = FindingPlan(
            id: "a", check: "c", phase: 1, title: "<script>alert('x')</script> & \"q\"", unit: "u", variant: "v",
            direction: .lower)
        let broken = Finding(plan, .failed(reason: "broke </td>"))
        let report = try Sample.judge([broken], Sample.gates(Sample.gateText()))
        let html = try report.html()
        #expect(html.contains("DO NOT") && !html.contains("<script>alert") && html.contains("&lt;script&gt;"))
        #expect(html.contains("broke &lt;/td&gt;"))
        #expect(try html == report.html())
        let json = try #require(try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
        let verdict = try #require(json["verdict"] as? [String: Any])
        #expect(verdict["overall"] as? String == "DO NOT" && verdict["exit_code"] as? Int == 1)
        let phases = try #require(verdict["phases"] as? [[String: Any]])
        #expect(phases[0]["counts"] as? [String: Int] == ["FAIL": 1])
    }
}
