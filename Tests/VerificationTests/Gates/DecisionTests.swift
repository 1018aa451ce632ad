import Testing
import Verification

/// Every way from a finding to a decision.
struct DecisionTests {
    @Test(
        "A single value passes at its line or on the good side, and nothing else does",
        arguments: [
            (1.0, "atMost", "1", Decision.pass), (1.0000001, "atMost", "1", .fail), (-5, "atMost", "1", .pass),
            (.nan, "atMost", "1", .fail), (.infinity, "atMost", "1", .fail), (-.infinity, "atMost", "1", .fail),
            (1, "atLeast", "1", .pass), (0.9999999, "atLeast", "1", .fail), (5, "atLeast", "1", .pass),
            (.nan, "atLeast", "1", .fail), (.infinity, "atLeast", "1", .fail),
        ])
    func values(value: Double, comparison: String, threshold: String, expected: Decision) throws {
        let result = try Sample.result([Sample.value(value)], ["comparison": comparison, "threshold": threshold])
        #expect(result.decision == expected, "\(result.reason)")
    }

    @Test(
        "A range passes with its ends and fails on both sides",
        arguments: [(-2.1, false), (-2, true), (3, true), (3.1, false)])
    func range(value: Double, isInside: Bool) throws {
        let keys = ["comparison": "within", "range": "[-2, 3]"]
        let result = try Sample.result([Sample.value(value)], keys, without: ["threshold"])
        #expect((result.decision == .pass) == isInside)
        #expect((result.judgements[0].margin ?? .nan >= 0) == isInside)
    }

    @Test("A derived bound is the finding's own; without one nothing passes")
    func derived() throws {
        let keys = ["comparison": "derivedBound"]
        func decision(_ finding: Finding) throws -> Decision {
            try Sample.result([finding], keys, without: ["threshold"]).decision
        }
        #expect(try decision(Sample.value(0.5, bound: 0.5)) == .pass)
        #expect(try decision(Sample.value(0.51, bound: 0.5)) == .fail)
        #expect(try decision(Sample.value(0)) == .notMeasured)
        for (direction, value, expected) in [
            (Finding.Direction.higher, 0.6, Decision.pass), (.higher, 0.4, .fail), (.zero, -0.4, .pass),
            (.zero, -0.6, .fail), (.none, 0, .notMeasured),
        ] {
            let finding = Finding(
                Sample.plan("a", direction: direction), .value(value), population: 1, bound: .init(0.5, source: "s"))
            #expect(try decision(finding) == expected, "\(direction) \(value)")
        }
    }

    @Test("What broke fails, what was not measured is open, and a value about nothing fails")
    func broken() throws {
        let plan = Sample.plan("a")
        #expect(try Sample.result([Finding(plan, .failed(reason: "x"))], [:]).decision == .fail)
        let open = try Sample.result([Finding(plan, .notMeasured(reason: "no film", remedy: "bring one"))], [:])
        #expect(open.decision == .notMeasured && open.judgements[0].remedy == "bring one")
        #expect(try Sample.result([Sample.value(0, population: 0)], [:]).decision == .fail)
        #expect(try Sample.result([Sample.value(0, population: 3)], ["minCount": "4"]).decision == .fail)
        #expect(try Sample.result([Sample.segments([nil, nil])], ["statistic": "mean"]).decision == .fail)
    }

    @Test("A gate that nothing matches is not measured; one failing match of several fails it, and says which")
    func matches() throws {
        #expect(try Sample.result([], [:]).decision == .notMeasured)
        #expect(try Sample.result([Sample.value(0, id: "b")], [:]).decision == .notMeasured)
        let findings = [Sample.value(0, id: "x.1"), Sample.value(2, id: "x.2"), Sample.value(0, id: "x.3")]
        let result = try Sample.result(findings, ["finding": "x.*"])
        #expect(result.decision == .fail && result.judgements.count == 3 && result.reason.contains("x.2"))
        let open = [Sample.value(0, id: "x.1"), Finding(Sample.plan("x.2"), .notMeasured(reason: "r"))]
        #expect(try Sample.result(open, ["finding": "x.*"]).decision == .notMeasured)
    }

    @Test("A single value has no mean and segments have no single value: a gate that asks for it is open")
    func mismatch() throws {
        #expect(try Sample.result([Sample.value(0)], ["statistic": "mean"]).decision == .notMeasured)
        #expect(try Sample.result([Sample.segments([0, 0, 0])], [:]).decision == .notMeasured)
        let fact = Sample.segments([0, 0, 0], direction: .none)
        #expect(try Sample.result([fact], ["statistic": "p05"]).decision == .notMeasured)
    }

    /// 40 values with mean 10 and a spread that gives an interval of about 9.8 to 10.2.
    private static let spread = (0..<40).map { (index: Int) -> Double? in
        let step = Double(index * 7 % 11 - 5)
        return 10 + 0.16 * step
    }

    @Test(
        "The interval decides: wholly inside passes, wholly outside fails, astride is inconclusive",
        arguments: [
            ("atLeast", "9", Decision.pass), ("atLeast", "11", .fail), ("atLeast", "10", .inconclusive),
            ("atMost", "11", .pass), ("atMost", "9", .fail), ("atMost", "10", .inconclusive),
        ])
    func interval(comparison: String, threshold: String, expected: Decision) throws {
        for statistic in ["mean", "median"] {
            let keys = ["statistic": statistic, "comparison": comparison, "threshold": threshold]
            let result = try Sample.result([Sample.segments(Self.spread)], keys)
            #expect(result.decision == expected, "\(statistic): \(result.reason)")
            let judgement = result.judgements[0]
            #expect(judgement.interval.map { $0.lower < $0.upper } == true && judgement.interval?.confidence == 0.9)
            #expect((judgement.minimumDetectableEffect != nil) == (statistic == "mean"))
        }
    }

    @Test(
        "A range is judged with the interval on both sides",
        arguments: [("[9, 11]", Decision.pass), ("[10, 11]", .inconclusive), ("[11, 12]", .fail), ("[8, 9]", .fail)])
    func intervalInRange(range: String, expected: Decision) throws {
        let keys = ["statistic": "mean", "comparison": "within", "range": range]
        let result = try Sample.result([Sample.segments(Self.spread)], keys, without: ["threshold"])
        #expect(result.decision == expected, "\(result.reason)")
    }

    @Test("Coverage below the minimum is not measured, and one missing segment is one too many by default")
    func coverage() throws {
        let values: [Double?] = Self.spread.dropLast() + [nil]
        let keys = ["statistic": "mean", "comparison": "atLeast", "threshold": "9"]
        let strict = try Sample.result([Sample.segments(Array(values))], keys)
        #expect(strict.decision == .notMeasured && strict.reason.contains("no sound card"), "\(strict.reason)")
        let lax = try Sample.result([Sample.segments(Array(values))], keys.merging(["minCoverage": "0.97"]) { $1 })
        #expect(lax.decision == .pass && lax.judgements[0].count == 39)
        let part = Finding(
            Sample.plan("a"), .value(0), coverage: Coverage(planned: 4, measured: 3), population: 3)
        #expect(try Sample.result([part], [:]).decision == .notMeasured)
        #expect(try Sample.result([part], ["minCoverage": "0.75"]).decision == .pass)
    }

    @Test("Segments to which the metric does not apply leave the coverage whole, but not the count")
    func notApplicable() throws {
        func finding(_ count: Int) -> Finding {
            let values = (0..<4).map { index in
                SegmentValue(
                    start: Double(index), end: Double(index + 1), label: .silence,
                    result: index < count ? .value(5) : .notApplicable(reason: "silent"))
            }
            return Finding(Sample.plan("a", direction: .higher), .segments(values))
        }
        let keys = ["statistic": "mean", "comparison": "atLeast", "threshold": "5"]
        #expect(try Sample.result([finding(2)], keys).decision == .pass)
        #expect(try Sample.result([finding(1)], keys).decision == .notMeasured)
        #expect(try Sample.result([finding(0)], keys.merging(["minCount": "1"]) { $1 }).decision == .notMeasured)
        let alone = try Sample.result([finding(1)], keys.merging(["minCount": "1"]) { $1 })
        #expect(alone.decision == .inconclusive, "one segment has no interval: \(alone.reason)")
    }

    @Test("Labels choose segments, and the coverage is that of the chosen ones")
    func labels() throws {
        let finding = Sample.segments([9, 1, 9, 1, 9, 1], labels: [.speech, .music])
        let keys = ["statistic": "mean", "comparison": "atLeast", "threshold": "8"]
        #expect(try Sample.result([finding], keys.merging(["labels": "[speech]"]) { $1 }).decision == .pass)
        #expect(try Sample.result([finding], keys.merging(["labels": "[music]"]) { $1 }).decision == .fail)
        let none = try Sample.result([finding], keys.merging(["labels": "[effect]"]) { $1 })
        #expect(none.decision == .notMeasured && none.judgements[0].coverage.planned == 0)
    }

    @Test("Equal runs with one seed are equal to the bit, another seed moves the interval")
    func seed() throws {
        let gates = try Sample.gates(Sample.gateText(["statistic": "mean", "threshold": "11"]))
        let finding = Sample.segments(Self.spread)
        let first = try Sample.judge([finding], gates)
        #expect(try first.json() == Sample.judge([finding], gates).json())
        let other = try Sample.judge([finding], gates, seed: 8)
        #expect(
            first.evaluation.results[0].judgements[0].interval != other.evaluation.results[0].judgements[0].interval)
    }
}
