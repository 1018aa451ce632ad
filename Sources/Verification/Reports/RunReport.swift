public import Foundation
internal import Mustache

/// Everything that a run found, ready to be written as JSON, HTML and text.
public struct RunReport: Sendable {
    /// A fact about the run that a reader needs to repeat it.
    public struct Fact: Sendable, Codable, Equatable {
        /// Such as `kernel level`.
        public let name: String
        /// Such as `avx512`.
        public let value: String

        /// A fact.
        ///
        /// - Parameters:
        ///   - name: What it is about.
        ///   - value: What is the case.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// In the order of the run; ids are unique.
    public let results: [CheckResult]
    /// Machine, versions, inputs.
    public let facts: [Fact]

    /// A report.
    ///
    /// - Parameters:
    ///   - results: In the order of the run, each id once.
    ///   - facts: Machine, versions, inputs.
    public init(results: [CheckResult], facts: [Fact]) {
        precondition(Set(results.map(\.id)).count == results.count, "two checks share an id")
        self.results = results
        self.facts = facts
    }

    /// The one verdict that text, JSON, HTML and exit code show.
    public var verdict: Verdict { Verdict(results) }

    /// One sentence that says why.
    public var summary: String {
        let failed = results.filter { $0.decision == .fail }
        let open = results.filter { $0.decision == .notMeasured }
        return switch verdict {
        case .switch: "All \(results.count) checks were measured and pass."
        case .doNot: "\(failed.count) of \(results.count) checks fail, the first is: \(failed.first?.title ?? "")."
        case .cannotTell:
            results.isEmpty
                ? "Nothing was checked."
                : "Nothing fails, but \(open.count) of \(results.count) checks were not measured, "
                    + "the first is: \(open.first?.title ?? "")."
        }
    }

    /// Writes `results.json` and `report.html` into a folder, each under a temporary name first.
    ///
    /// - Parameter folder: Created when missing.
    /// - Throws: Foundation's error when a file cannot be written.
    public func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try json().write(to: folder.appendingPathComponent("results.json"), options: .atomic)
        try Data(html().utf8).write(to: folder.appendingPathComponent("report.html"), options: .atomic)
    }

    /// The run as JSON with sorted keys: equal runs give equal bytes.
    ///
    /// - Returns: UTF-8 text.
    /// - Throws: `EncodingError`, which cannot happen for finite numbers.
    public func json() throws -> Data {
        struct Row: Encodable {
            let id, title, unit, note, decision: String
            let phase, population: Int
            let bound: Double
            let value: Double?
            let reason: String?
        }
        struct Document: Encodable {
            let schema = "codecgate.results/1"
            let verdict: Verdict
            let summary: String
            let results: [Row]
            let facts: [Fact]
        }
        let rows = results.map { result in
            Row(
                id: result.id, title: result.title, unit: result.unit, note: result.note,
                decision: result.decision.rawValue, phase: result.phase, population: result.population,
                bound: result.bound, value: result.measurement.finiteValue, reason: result.measurement.reason)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(Document(verdict: verdict, summary: summary, results: rows, facts: facts))
    }

    /// The run as one self-contained HTML page.
    ///
    /// - Returns: The page.
    /// - Throws: When the built-in template cannot be parsed.
    public func html() throws -> String {
        let text = String(decoding: PackageResources.report_mustache, as: UTF8.self)
        return try MustacheTemplate(string: text).render(page)
    }

    private var page: [String: Any] {
        let phases = Set(results.map(\.phase)).sorted()
        return [
            "verdict": verdict.rawValue, "verdictClass": verdict.styleClass,
            "summary": summary, "count": results.count,
            "passCount": count(.pass), "failCount": count(.fail), "openCount": count(.notMeasured),
            "facts": facts.map { ["name": $0.name, "value": $0.value] },
            "sections": phases.map { phase in
                [
                    "title": "Phase \(phase)",
                    "caption": "A check passes when what was measured is at most its bound; failures come first.",
                    "rows": Decision.worstFirst.flatMap { decision in
                        results.filter { $0.phase == phase && $0.decision == decision }.map(row)
                    },
                ] as [String: Any]
            },
        ]
    }

    private func count(_ decision: Decision) -> Int { results.count { $0.decision == decision } }

    private func row(_ result: CheckResult) -> [String: Any] {
        let note = result.measurement.reason.map { "\($0). \(result.note)" } ?? result.note
        return [
            "decision": result.decision.rawValue, "decisionClass": result.decision.styleClass, "title": result.title,
            "id": result.id, "note": note,
            "measured": result.measurement.text(unit: result.unit), "bound": number(result.bound),
            "population": result.population == 0 ? "-" : "\(result.population)",
        ]
    }
}

/// Four significant digits, without exponent where that is readable.
func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e6 ? String(Int(value)) : String(format: "%.3g", value)
}

extension Decision {
    /// The order in which a reader wants rows.
    fileprivate static let worstFirst: [Decision] = [.fail, .notMeasured, .pass]

    fileprivate var styleClass: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .notMeasured: "open"
        }
    }
}

extension Verdict {
    fileprivate var styleClass: String {
        switch self {
        case .switch: "pass"
        case .doNot: "fail"
        case .cannotTell: "open"
        }
    }
}

extension CheckOutcome {
    /// The number, when there is one that JSON can hold.
    var finiteValue: Double? {
        if case .value(let value) = self, value.isFinite { value } else { nil }
    }

    /// Why there is no number.
    var reason: String? {
        switch self {
        case .value(let value): value.isFinite ? nil : "the result is \(value)"
        case .notMeasured(let reason), .failed(let reason): reason
        }
    }

    /// For a table cell.
    ///
    /// - Parameter unit: Put behind the number.
    /// - Returns: The number with its unit, or a dash.
    public func text(unit: String) -> String {
        if case .value(let value) = self { "\(number(value)) \(unit)" } else { "-" }
    }
}
