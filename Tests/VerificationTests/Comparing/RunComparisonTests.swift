import Testing
import Verification

/// Two runs side by side: what is worse comes first and decides.
struct RunComparisonTests {
    private func compare(_ old: [Finding], _ new: [Finding], _ lines: [String: String] = [:]) throws -> RunComparison {
        let gates = try Sample.gates(Sample.gateText(["finding": "'*'"].merging(lines) { $1 }))
        return RunComparison(old: Sample.run(old), new: try Sample.judge(new, gates), today: try Sample.today)
    }

    @Test("Equal runs differ in nothing, also where segments failed or values are at the end of their scale")
    func equal() throws {
        let findings = [
            Sample.value(0.5), Sample.value(.infinity, id: "i"), Sample.segments([1, nil, .infinity], id: "s"),
            Finding(Sample.plan("n"), .notMeasured(reason: "r")), Finding(Sample.plan("f"), .failed(reason: "r")),
        ]
        let comparison = try compare(findings, findings)
        #expect(comparison.findings.isEmpty && comparison.gates.isEmpty && comparison.obstacles.isEmpty)
        #expect(!comparison.isWorse)
    }

    @Test("Direction decides what is worse; what is lost, gone or no number any more is worst")
    func kinds() throws {
        let directions: [(Finding.Direction, Double, Double, FindingChange.Kind)] = [
            (.higher, 1, 0.5, .worse), (.higher, 1, 2, .better), (.lower, 1, 2, .worse), (.lower, 1, 0.5, .better),
            (.zero, -1, 0.5, .better), (.zero, 1, -2, .worse), (.none, 1, 2, .different), (.lower, 1, .nan, .worse),
            (.lower, .nan, 1, .better), (.higher, .infinity, 3, .worse),
        ]
        for (direction, old, new, kind) in directions {
            let make = { Finding(Sample.plan("a", direction: direction), .value($0), population: 1) }
            let comparison = try compare([make(old)], [make(new)])
            #expect(comparison.findings.map(\.kind) == [kind], "\(direction) \(old) -> \(new)")
            #expect(comparison.isWorse == (kind == .worse) || comparison.gates.contains(where: \.isWorse))
        }
        let open = Finding(Sample.plan("a"), .notMeasured(reason: "r"))
        let broken = Finding(Sample.plan("a"), .failed(reason: "r"))
        #expect(try compare([Sample.value(1)], [open]).findings.map(\.kind) == [.lost])
        #expect(try compare([open], [broken]).findings.map(\.kind) == [.lost])
        #expect(try compare([open], [Sample.value(1)]).findings.map(\.kind) == [.gained])
        #expect(
            try compare([Sample.value(1), Sample.value(1, id: "b")], [Sample.value(1)]).findings.map(\.kind) == [.gone])
        let added = try compare([Sample.value(1)], [Sample.value(1), Sample.value(1, id: "b")])
        #expect(added.findings.map(\.kind) == [.added] && !added.isWorse)
    }

    @Test("Findings and their segments are sorted by harm")
    func order() throws {
        let old = [
            Sample.segments([1, 1, 1, 1], id: "s"), Sample.value(1, id: "a"), Sample.value(1, id: "b"),
            Sample.value(1, id: "c"),
        ]
        let new = [
            Sample.segments([1, 0.5, 0.9, 1.2], id: "s"), Sample.value(1.1, id: "a"), Sample.value(0.5, id: "b"),
            Finding(Sample.plan("c"), .failed(reason: "r")),
        ]
        let comparison = try compare(old, new)
        // s: the mean falls from 1 to 0.9.
        #expect(comparison.findings.map(\.id) == ["c", "s", "a", "b"])
        let segments = comparison.findings[1].segments
        #expect(segments.map(\.index) == [1, 2, 3] && segments[0].harm == 0.5 && segments[2].harm < 0)
        let text = comparison.text(segmentCount: 1)
        #expect(text.hasPrefix("WORSE: 3 findings worse, 1 better"))
        #expect(text.contains("- worse: s: 1 -> 0.9 u, 10 %; 2 segments worse, 1 better"))
        #expect(text.contains("  - segment 1 (1 s to 2 s): 1 -> 0.5\n") && !text.contains("segment 2"))
    }

    @Test("A segment that has no number any more makes its finding worse, however good the others are")
    func lostSegment() throws {
        let comparison = try compare([Sample.segments([0.5, 0.5])], [Sample.segments([0.9, nil])])
        #expect(comparison.findings.map(\.kind) == [.worse] && comparison.findings[0].harm == .infinity)
    }

    @Test("A gate that decides worse makes the run worse; changes below the tolerance do not")
    func gates() throws {
        let crossing = try compare([Sample.value(1)], [Sample.value(1.0000001)])
        #expect(crossing.findings.isEmpty && crossing.gates.map(\.new) == [.fail] && crossing.isWorse)
        #expect(try !compare([Sample.value(0.5)], [Sample.value(0.5000001)]).isWorse)
        #expect(try compare([Sample.value(2)], [Sample.value(0.5)]).gates.map(\.isWorse) == [false])
    }

    @Test("Runs of another tool, seed, film or formula are not comparable, and the reasons are named")
    func obstacles() throws {
        func run(_ tool: String = "t", seed: UInt64 = 7, facts: [String: String] = [:], variant: String = "v")
            -> RunResults
        {
            let plan = FindingPlan(
                id: "a", check: "c", phase: 1, title: "t", unit: "u", variant: variant, direction: .lower)
            return RunResults(
                info: RunInfo(
                    tool: tool, command: "c", seed: seed, phases: [1],
                    facts: facts.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value) }),
                plans: [plan], findings: [Finding(plan, .value(0), population: 1)], timings: Sample.run([]).timings)
        }
        func obstacles(_ old: RunResults, _ new: RunResults) throws -> [String] {
            let report = RunReport(new, gates: try Sample.gates(Sample.gateText()), today: try Sample.today)
            return RunComparison(old: old, new: report, today: try Sample.today).obstacles
        }
        #expect(try obstacles(run(), run()).isEmpty)
        #expect(try obstacles(run(facts: ["processors": "2", "commit": "a"]), run(facts: ["processors": "4"])).isEmpty)
        #expect(try obstacles(run("t 1"), run("t 2")) == ["the tool was 't 1', is 't 2'"])
        #expect(try obstacles(run(seed: 1), run(seed: 2)).count == 1)
        #expect(try obstacles(run(facts: ["codec": "x"]), run(facts: ["codec": "y"])) == ["'codec' was 'x', is 'y'"])
        #expect(try obstacles(run(facts: ["codec": "x"]), run()) == ["'codec' was 'x', is 'not stated'"])
        #expect(try obstacles(run(variant: "v1"), run(variant: "v2")).first?.contains("formula") == true)
        let cut = try compare([Sample.segments([1, 2])], [Sample.segments([1, 2, 3])])
        #expect(cut.obstacles == ["a: 2 segments are cut otherwise than 3"])
    }
}
