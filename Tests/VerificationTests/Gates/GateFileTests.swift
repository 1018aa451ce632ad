import Testing
import Verification

/// The gate file: a typing mistake never turns a gate off.
struct GateFileTests {
    private func error(_ entry: String) throws -> GateFileError {
        do { _ = try Sample.gates(entry) } catch let error as GateFileError { return error }
        throw Expected()
    }

    private struct Expected: Error {}

    @Test("The shipped gates parse, have unique ids, and each has an owner and a reason of more than eight words")
    func shipped() throws {
        let set = try GateSet.shipped()
        #expect(set.gates.count >= 12)
        #expect(Set(set.gates.map(\.id)).count == set.gates.count)
        for gate in set.gates {
            #expect(gate.reason.split(separator: " ").count > 8, "\(gate.id): \(gate.reason)")
            #expect(!gate.owner.isEmpty)
        }
        // Each phase that has gates has some that decide.
        for phase in Set(set.gates.map(\.phase)) {
            #expect(set.gates.contains { $0.phase == phase && $0.severity == .block }, "phase \(phase)")
        }
        #expect(set.sha256.count == 64)
    }

    @Test("A gate is read as written, with stated defaults")
    func read() throws {
        let set = try Sample.gates(
            Sample.gateText(
                [
                    "finding": "x.*.y", "statistic": "shareAbove", "level": "0.5", "comparison": "within",
                    "range": "[0.1, 2]", "labels": "[speech, mix]", "confidence": "0.9", "minCoverage": "0.8",
                    "minCount": "4", "severity": "warn", "waiver": "{reason: later, expires: 2026-12-31}",
                ], without: ["threshold"]))
        let gate = set.gates[0]
        #expect(gate.criterion == .within(0.1...2) && gate.statistic == .shareAbove(level: 0.5))
        #expect(gate.labels == [.speech, .mix] && gate.confidence == 0.9 && gate.minCoverage == 0.8)
        #expect(gate.minCount == 4 && gate.severity == .warn && gate.line == 3)
        #expect(gate.waiver?.expires.description == "2026-12-31" && gate.waiver?.reason == "later")
        let plain = try Sample.gates(Sample.gateText()).gates[0]
        #expect(plain.confidence == 0.95 && plain.minCoverage == 1 && plain.minCount == 1 && plain.labels == nil)
        #expect(try Sample.gates(Sample.gateText(["statistic": "mean"])).gates[0].minCount == 2)
    }

    @Test(
        "Whatever is not exactly right is an error that names the key and the remedy",
        arguments: [
            (["tresholds": "1"], "tresholds", "is no key"), (["phase": "5"], "phase", "1 to 4"),
            (["phase": "'1'"], "phase", "whole number"), (["phase": "1.5"], "phase", "whole number"),
            (["threshold": "'1'"], "threshold", "finite number"), (["threshold": ".nan"], "threshold", "finite number"),
            (["threshold": ".inf"], "threshold", "finite number"),
            (["threshold": "true"], "threshold", "finite number"),
            (["threshold": "[1]"], "threshold", "finite number"),
            (["statistic": "average"], "statistic", "mean, median"),
            (["comparison": "below"], "comparison", "atMost"), (["severity": "blocker"], "severity", "block, warn"),
            (["owner": "''"], "owner", "empty"), (["owner": "12"], "owner", "not a text"),
            (["reason": "[a]"], "reason", "not a text"), (["finding": "a..b"], "finding", "no id"),
            (["finding": "'a b'"], "finding", "no id"), (["finding": "a.**"], "finding", "no id"),
            (["id": "'a b'"], "id", "not an id"), (["confidence": "0.5"], "confidence", "0.51"),
            (["confidence": "95"], "confidence", "0.9999"), (["minCoverage": "1.1"], "minCoverage", "0.0 to 1.0"),
            (["minCount": "0"], "minCount", "from 1"), (["range": "[1, 2]"], "range", "no meaning"),
            (["margin": "1"], "margin", "no meaning"), (["level": "1"], "level", "no meaning"),
            (["comparison": "within"], "threshold", "no meaning"), (["statistic": "worst"], "worstCount", "missing"),
            (["comparison": "superiority"], "threshold", "no meaning"), (["labels": "speech"], "labels", "no list"),
            (["labels": "[]"], "labels", "no list"), (["labels": "[speach]"], "labels", "speach"),
            (["labels": "[speech]"], "labels", "single value"), (["waiver": "{reason: x}"], "expires", "not a day"),
            (["waiver": "{reason: x, expires: 2026-02-30}"], "expires", "not a day"),
            (["waiver": "{reason: x, expires: 2026-12-31, by: me}"], "by", "no key"),
            (["waiver": "x"], "waiver", "mapping"),
        ])
    func mistakes(lines: [String: String], key: String, text: String) throws {
        let error = try error(Sample.gateText(lines))
        #expect(error.key == key, "\(error)")
        #expect(error.description.contains(text), "\(error)")
        #expect(error.line >= 3 && error.path == "g.yaml" && !error.remedy.isEmpty, "\(error)")
    }

    @Test(
        "Each key without a default must be there",
        arguments: ["phase", "title", "finding", "statistic", "comparison", "threshold", "severity", "owner", "reason"])
    func missing(key: String) throws {
        let error = try error(Sample.gateText(without: [key]))
        #expect(error.key == key && error.problem == "is missing", "\(error)")
    }

    @Test("The line of a mistake is the line of its key")
    func lines() throws {
        let error = try error(Sample.gateText() + Sample.gateText(["id": "h", "threshold": "x"]))
        // Two lines of head, ten of the first gate; in the second the keys are sorted behind the id, threshold as the ninth.
        #expect(error.line == 21, "\(error)")
    }

    @Test("Repeated ids, repeated keys, other stars, paired gates without a partner, and broken YAML are errors")
    func structure() throws {
        #expect(try error(Sample.gateText() + Sample.gateText()).description.contains("already that of line 3"))
        #expect(try error(Sample.gateText() + "    phase: 1\n").problem.contains("twice"))
        let paired = ["comparison": "superiority", "statistic": "mean", "margin": "0"]
        #expect(try error(Sample.gateText(paired, without: ["threshold"])).key == "against")
        let stars = paired.merging(["finding": "a.*", "against": "b.*.*"]) { $1 }
        #expect(try error(Sample.gateText(stars, without: ["threshold"])).problem.contains("stars"))
        let value = paired.merging(["against": "b", "statistic": "value"]) { $1 }
        #expect(try error(Sample.gateText(value, without: ["threshold"])).key == "statistic")
        #expect(throws: GateFileError.self) { try GateSet(parsing: "", path: "p") }
        #expect(throws: GateFileError.self) { try GateSet(parsing: "gates: [", path: "p") }
        #expect(throws: GateFileError.self) {
            try GateSet(parsing: "schema: codecgate.gates/1\ngates: []\n", path: "p")
        }
        #expect(throws: GateFileError.self) { try GateSet(parsing: "schema: codecgate.gates/1\n", path: "p") }
        let other = "schema: codecgate.gates/2\ngates:\n" + Sample.gateText()
        #expect(throws: GateFileError.self) { try GateSet(parsing: other, path: "p") }
        #expect(throws: GateFileError.self) { try GateSet(contentsOf: "/nonexistent/gates.yaml") }
    }

    @Test("Stars stand for one or more characters, dots included; captures fill the other pattern")
    func patterns() throws {
        #expect(FindingPattern("a.*.c").captures(in: "a.b.c") == ["b"])
        #expect(FindingPattern("a.*.c").captures(in: "a.2.2kbps.c") == ["2.2kbps"])
        #expect(FindingPattern("a.*.c").captures(in: "a..c") == nil)
        #expect(FindingPattern("a.*").captures(in: "a.") == nil)
        #expect(FindingPattern("a").captures(in: "ab") == nil)
        #expect(FindingPattern("*.b.*").captures(in: "x.b.y.b.z") == ["x", "y.b.z"])
        #expect(FindingPattern("p.*.q.*").filled(with: ["1", "2"]) == "p.1.q.2")
    }
}
