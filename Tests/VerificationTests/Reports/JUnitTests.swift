import Foundation
import FoundationXML
import TestSupport
import Testing
import Verification

/// junit.xml: valid, complete, and green only for SWITCH.
struct JUnitTests {
    /// A document as a reader sees it, after parsing.
    private final class Reader: NSObject, XMLParserDelegate {
        struct Case {
            var attributes: [String: String]
            var kind = "passed"
            var message = ""
            var body = ""
        }
        var root: [String: String] = [:]
        var suites: [[String: String]] = []
        var properties: [String: String] = [:]
        var cases: [Case] = []

        init(_ bytes: [UInt8]) throws {
            super.init()
            let parser = XMLParser(data: Data(bytes))
            parser.delegate = self
            try #require(parser.parse(), "\(String(describing: parser.parserError))")
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            switch name {
            case "testsuites": root = attributes
            case "testsuite": suites.append(attributes)
            case "testcase": cases.append(Case(attributes: attributes))
            case "property": properties[attributes["name"] ?? ""] = attributes["value"]
            case "failure", "error", "skipped":
                cases[cases.count - 1].kind = name
                cases[cases.count - 1].message = attributes["message"] ?? ""
            default: break
            }
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if !cases.isEmpty { cases[cases.count - 1].body += text }
        }

        subscript(_ classname: String, _ name: String) -> Case? {
            cases.first { $0.attributes["classname"] == classname && $0.attributes["name"] == name }
        }
    }

    private func read(_ findings: [Finding], _ gates: GateSet, phases: [Int] = [1]) throws -> (Reader, RunReport) {
        let report = try Sample.judge(findings, gates, phases: phases)
        let bytes = try report.junit()
        #expect(try JUnitSchema.problem(bytes) == 0, "\(String(decoding: bytes, as: UTF8.self))")
        return (try Reader(bytes), report)
    }

    private static func lines(_ lines: [String: String]) -> [String: String] {
        ["comparison": "atLeast", "threshold": "0.5", "statistic": "mean", "minCoverage": "0.5"].merging(lines) { $1 }
    }

    private static var inapplicable: Finding {
        let segment = SegmentValue(start: 0, end: 1, label: .music, result: .notApplicable(reason: "no speech"))
        return Finding(Sample.plan("na"), .segments([segment]))
    }

    @Test("Every decision has its outcome, with numbers, stretches and the command that measures again")
    func outcomes() throws {
        let findings = [
            Sample.value(0.5, id: "ok"), Sample.value(2, id: "bad"),
            Finding(Sample.plan("broke"), .failed(reason: "no \u{1B}[31mmemory")),
            Finding(Sample.plan("open"), .notMeasured(reason: "no film", remedy: "bring one")), Self.inapplicable,
            Sample.segments([0.1, 0.2, 0.1, 0.15], id: "stoi"), Sample.segments([0, 1, 0, 1, 1], id: "wide"),
            Finding(Sample.plan("unwatched"), .failed(reason: "fell over")),
        ]
        var entries = ["ok", "bad", "broke", "open", "na", "nothing"].map {
            Sample.gateText(["id": "g.\($0)", "finding": $0])
        }
        entries += ["stoi", "wide"].map { Sample.gateText(Self.lines(["id": "g.\($0)", "finding": $0])) }
        let gates = try GateSet(parsing: "schema: codecgate.gates/1\ngates:\n" + entries.joined(), path: "g.yaml")
        let (reader, _) = try read(findings, gates)
        let kinds = [
            "ok": "passed", "bad": "failure", "broke": "error", "open": "error", "na": "skipped", "nothing": "error",
            "stoi": "failure", "wide": "error",
        ]
        for (name, kind) in kinds {
            let item = try #require(reader["phase1.g.\(name)", name])
            #expect(item.kind == kind, "\(name): \(item)")
        }
        let stoi = try #require(reader["phase1.g.stoi", "stoi"])
        #expect(stoi.message.hasPrefix("FAIL: stoi: mean 0.1375 u, at least 0.5 asked (n = 4"))
        #expect(stoi.body.contains("value: 0.1375") && stoi.body.contains("Segment 2, 2 s to 3 s, speech: 0.1"))
        #expect(stoi.body.contains("Measure again: c") && stoi.body.contains("codecgate explain g.stoi"))
        #expect(reader["phase1.g.broke", "broke"]?.message.contains("no #x1B[31mmemory") == true)
        #expect(reader["phase1.g.na", "na"]?.message == "not applicable: no speech")
        #expect(reader["codecgate.unwatched", "unwatched"]?.message == "fell over")
        #expect(reader["codecgate", "coverage"]?.message == "5 of 8 planned findings were measured")
        #expect(reader["codecgate.verdict", "phase 1"]?.kind == "failure")
        #expect(reader.root["tests"] == "\(reader.cases.count)" && reader.cases.count == 11)
        for (key, kind) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
            let sum = reader.suites.compactMap { $0[key].flatMap { Int($0) } }.reduce(0, +)
            #expect(sum == reader.cases.count { $0.kind == kind })
        }
        #expect(reader.properties["seed"] == "7" && reader.properties["gates sha256"]?.count == 64)
    }

    @Test("A report without failure and error exists only for SWITCH with everything measured")
    func greenMeansSwitch() throws {
        func isGreen(_ findings: [Finding], _ lines: [String: String] = [:], phases: [Int] = [1]) throws -> Bool {
            let (reader, report) = try read(
                findings, Sample.gates(Sample.gateText(lines.merging(["finding": "'*'"]) { $1 })), phases: phases)
            let isGreen = reader.cases.allSatisfy { $0.kind == "passed" || $0.kind == "skipped" }
            #expect(!isGreen || report.verdict.exitCode == 0)
            return isGreen
        }
        #expect(try isGreen([Sample.value(0.5)]))
        #expect(try !isGreen([Sample.value(1.5)]))
        #expect(try !isGreen([]))
        #expect(try !isGreen([Sample.value(0.5)], phases: [1, 2]))
        #expect(try !isGreen([Sample.value(0.5)], phases: []))
        #expect(try !isGreen([Self.inapplicable]))
        #expect(try !isGreen([Sample.value(0.5), Finding(Sample.plan("b"), .notMeasured(reason: "r"))]))
        // Gates that do not block are shown and turn nothing red, but then nothing says that the phase is done.
        #expect(try !isGreen([Sample.value(1.5)], ["severity": "warn"]))
        let waiver = "{reason: known, expires: 2026-12-31}"
        let (reader, _) = try read(
            [Sample.value(1.5), Sample.value(0, id: "b")],
            Sample.gates(
                Sample.gateText(["id": "w", "waiver": waiver]), Sample.gateText(["id": "v", "severity": "warn"]),
                Sample.gateText(["finding": "b"])))
        #expect(reader["phase1.w", "a"]?.message.hasPrefix("waived until 2026-12-31 (known): FAIL: a: 1.5") == true)
        #expect(reader["phase1.v", "a"]?.message.hasPrefix("does not block (warn): FAIL: a: 1.5") == true)
        #expect(reader.cases.count { $0.kind == "failure" || $0.kind == "error" } == 0)
    }

    @Test("The nastiest texts leave a valid document whose messages are one line")
    func nastyTexts() throws {
        let nasty = "a]]>&lt;<b>\"'\u{0}\u{8}\u{1B}\u{FFFE}\u{FFFF}\r\nc\r\t\u{85}\u{2028}d \u{1F3B5}e\u{301}"
        let plan = FindingPlan(
            id: "a", check: "c", phase: 1, title: nasty, unit: nasty, variant: nasty, direction: .lower, source: nasty)
        let (reader, _) = try read(
            [Finding(plan, .failed(reason: nasty), note: nasty)], Sample.gates(Sample.gateText()))
        let item = try #require(reader["phase1.g", "a"])
        #expect(!item.message.contains { $0.isNewline })
        #expect(item.message.contains("a]]>&lt;<b>\"'#x0#x8#x1B#xFFFE#xFFFF c d \u{1F3B5}e\u{301}"))
        #expect(item.body.contains("#xFFFF\nc"))
    }

    @Test("Equal runs give equal bytes but for times, which have three decimals; the rich profile adds properties")
    func bytes() throws {
        let findings = [
            Finding(
                Sample.plan("a"), .value(2), population: 3,
                attachments: [.init(path: "audio/a.wav", kind: .audio, title: "a")]),
            Sample.value(0, id: "b"),
        ]
        func report(_ seconds: Double) throws -> RunReport {
            let run = RunResults(
                info: Sample.run([]).info, plans: findings.map(\.plan), findings: findings,
                timings: RunTimings(started: "2026-06-15T00:00:00Z", seconds: seconds, checks: ["check": seconds]))
            return RunReport(run, gates: try Sample.gates(Sample.gateText(["finding": "'*'"])), today: try Sample.today)
        }
        let first = try String(decoding: report(1.23456789).junit(), as: UTF8.self)
        let second = try String(decoding: report(2e9).junit(), as: UTF8.self)
        #expect(first.contains("time=\"0.617\"") && first != second)
        let times = #/ time="[0-9]+\.[0-9]{3}"/#
        #expect(first.replacing(times, with: "") == second.replacing(times, with: ""))
        #expect(first.matches(of: times).count == first.matches(of: #/ time=/#).count)
        let rich = try report(1).junit(.rich)
        #expect(try JUnitSchema.problem(rich) > 0, "the strict schema knows no properties of test cases")
        let text = String(decoding: rich, as: UTF8.self)
        #expect(text.contains("<property name=\"attachment\" value=\"audio/a.wav\"/>"))
        #expect(text.contains("[[ATTACHMENT|audio/a.wav]]\n"))
    }

    @Test("The schema check notices what readers choke on")
    func schema() throws {
        let report = try Sample.judge([Sample.value(2)], Sample.gates(Sample.gateText()))
        let text = try String(decoding: report.junit(), as: UTF8.self)
        #expect(try JUnitSchema.problem(Array(text.utf8)) == 0)
        for (old, new) in [
            ("time=\"0.000\"", "time=\"0.0001\""), ("tests=", "test="), ("phase 1\"", "coverage\" classname=\"x\""),
            ("</testsuite>", ""), ("name=\"coverage\"", ""), ("<failure", "<oops/><failure"),
            ("classname=\"codecgate.verdict\" name=\"phase 1\"", "classname=\"codecgate\" name=\"coverage\""),
        ] {
            let place = try #require(text.range(of: old), "\(old)")
            let changed = text.replacingCharacters(in: place, with: new)
            #expect(try JUnitSchema.problem(Array(changed.utf8)) != 0, "\(new)")
        }
    }
}
