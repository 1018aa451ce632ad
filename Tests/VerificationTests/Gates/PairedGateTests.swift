import Testing
import Verification

/// Two arms over the same segments.
struct PairedGateTests {
    /// Forty segments whose level varies far more than the arms differ.
    private static let levels = (0..<40).map { Double($0 * 13 % 17) }
    private static let jitter = (0..<40).map { Double($0 * 7 % 5 - 2) / 10 }

    private static func arm(_ id: String, plus advantage: Double, direction: Finding.Direction = .higher) -> Finding {
        let values = zip(levels, jitter).map { Optional($0 + $1 * (id == "a" ? 1 : 0) + advantage) }
        return Sample.segments(values, id: id, direction: direction)
    }

    private static func keys(_ comparison: String, margin: String) -> [String: String] {
        ["comparison": comparison, "statistic": "mean", "against": "b", "margin": margin]
    }

    private func judge(
        _ comparison: String, margin: String, advantage: Double, direction: Finding.Direction = .higher
    ) throws -> Judgement {
        let arms = [Self.arm("a", plus: advantage, direction: direction), Self.arm("b", plus: 0, direction: direction)]
        let result = try Sample.result(arms, Self.keys(comparison, margin: margin), without: ["threshold"])
        return result.judgements[0]
    }

    @Test(
        "Superiority needs the lower end above the margin, non-inferiority above its negative",
        arguments: [
            ("superiority", "0", 1.0, Decision.pass), ("superiority", "0", -1, .fail),
            ("superiority", "0", 0, .inconclusive), ("superiority", "2", 1, .fail), ("superiority", "0.5", 1, .pass),
            ("nonInferiority", "0.5", 0, .pass), ("nonInferiority", "0.5", -0.3, .pass),
            ("nonInferiority", "0.5", -0.5, .inconclusive), ("nonInferiority", "0.5", -1, .fail),
        ])
    func lines(comparison: String, margin: String, advantage: Double, expected: Decision) throws {
        let found = try judge(comparison, margin: margin, advantage: advantage)
        #expect(found.decision == expected, "\(found.reason)")
        #expect(abs((found.value ?? .nan) - advantage) < 0.05 && found.count == 40)
        #expect((found.minimumDetectableEffect ?? .nan) < 0.1)
    }

    @Test("Where lower is better, lower wins")
    func direction() throws {
        #expect(try judge("superiority", margin: "0", advantage: -1, direction: .lower).decision == .pass)
        #expect(try judge("superiority", margin: "0", advantage: 1, direction: .lower).decision == .fail)
    }

    @Test("Arms that are not cut alike, or do not mean the same, are not compared")
    func unlike() throws {
        let keys = Self.keys("superiority", margin: "0")
        let a = Self.arm("a", plus: 1)
        func decision(_ baseline: Finding?) throws -> Decision {
            try Sample.result([a] + [baseline].compactMap(\.self), keys, without: ["threshold"]).decision
        }
        #expect(try decision(nil) == .notMeasured)
        #expect(try decision(Sample.value(0, id: "b")) == .notMeasured)
        #expect(try decision(Sample.segments([1, 2], id: "b")) == .notMeasured)
        #expect(try decision(Self.arm("b", plus: 0, direction: .lower)) == .notMeasured)
        #expect(try decision(Finding(Sample.plan("b", direction: .higher), .failed(reason: "x"))) == .fail)
        let shifted = (a.outcome.segments ?? []).map {
            SegmentValue(start: $0.start + 0.5, end: $0.end + 0.5, label: $0.label, result: .value(0))
        }
        #expect(try decision(Finding(Sample.plan("b", direction: .higher), .segments(shifted))) == .notMeasured)
        #expect(try decision(Self.arm("b", plus: 0)) == .pass)
    }

    @Test("A pair counts only when both halves were measured, and a lost scene of the new arm fails")
    func halves() throws {
        let values = Self.levels.map(Optional.some)
        let better = Self.levels.map { Optional($0 + 1) }
        let keys = Self.keys("nonInferiority", margin: "0.5")
        func decision(_ a: [Double?], _ b: [Double?], _ more: [String: String] = [:]) throws -> Decision {
            let arms = [Sample.segments(a, id: "a"), Sample.segments(b, id: "b")]
            return try Sample.result(arms, keys.merging(more) { $1 }, without: ["threshold"]).decision
        }
        #expect(try decision(better, values) == .pass)
        #expect(try decision(better, [nil] + values.dropFirst()) == .notMeasured)
        #expect(try decision([nil] + better.dropFirst(), values, ["minCoverage": "0.9"]) == .pass)
        #expect(try decision([-.infinity] + better.dropFirst(), values) == .fail)
        #expect(try decision([.infinity] + better.dropFirst(), values) == .pass)
    }

    @Test("Stars pair each finding with its partner")
    func stars() throws {
        let findings = ["1", "2"].flatMap { name in
            [
                Sample.segments(Self.levels.map { Optional($0 + 1) }, id: "new.\(name)"),
                Sample.segments(Self.levels.map { Optional($0 + (name == "2" ? 3 : 0)) }, id: "old.\(name)"),
            ]
        }
        let keys = Self.keys("superiority", margin: "0").merging(["finding": "new.*", "against": "old.*"]) { $1 }
        let result = try Sample.result(findings, keys, without: ["threshold"])
        #expect(result.judgements.map(\.decision) == [.pass, .fail] && result.decision == .fail)
    }

    @Test("Holm: a claim that passes alone is inconclusive among claims that were not measured; warnings do not count")
    func holm() throws {
        // An advantage whose one-sided p lies between 0.05 / 20 and 0.05.
        let weak = zip(Self.levels, 0..<40).map { level, index in Optional(level + Double(index * 7 % 9 - 4) + 0.9) }
        let arms = [Sample.segments(weak, id: "a"), Self.arm("b", plus: 0)]
        func evaluate(_ severity: String, count: Int) throws -> Judgement {
            let entries = (0..<count).map { index in
                var keys = Self.keys("superiority", margin: "0")
                keys["id"] = "g\(index)"
                if index > 0 { keys.merge(["finding": "x", "severity": severity]) { $1 } }
                return Sample.gateText(keys, without: ["threshold"])
            }
            let extra = count > 1 ? [Sample.segments(weak, id: "x")] : []
            let missing = extra.map { Finding($0.plan, .notMeasured(reason: "r")) }
            let report = try Sample.judge(arms + missing, try Sample.gates(entries.joined()))
            return report.evaluation.results[0].judgements[0]
        }
        let alone = try evaluate("block", count: 1)
        #expect(alone.decision == .pass, "\(alone.reason)")
        #expect(alone.p == alone.adjustedP && (alone.p ?? 1) > 0.05 / 20 && (alone.p ?? 1) < 0.05)
        let among = try evaluate("block", count: 20)
        #expect(among.decision == .inconclusive && among.reason.contains("Holm"), "\(among.reason)")
        #expect(abs((among.adjustedP ?? 0) - 20 * (among.p ?? 0)) < 1e-12)
        #expect(try evaluate("warn", count: 20).decision == .pass)
    }
}
