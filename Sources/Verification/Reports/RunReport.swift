public import Foundation

/// What a run measured, judged once: the one value that JSON, XML, HTML, text and exit code are made from.
public struct RunReport: Sendable, Equatable {
    /// What was measured.
    public let results: RunResults
    /// By which lines.
    public let gates: GateSet
    /// All gates held against all findings.
    public let evaluation: GateEvaluation
    /// The answer to "may we go on?".
    public let verdict: RunVerdict

    /// Judges a run.
    ///
    /// - Parameters:
    ///   - results: What was measured.
    ///   - gates: The lines.
    ///   - phases: The phases asked for; those of the run when nil.
    ///   - today: Decides whether waivers have expired.
    public init(_ results: RunResults, gates: GateSet, phases: [Int]? = nil, today: CalendarDay) {
        self.results = results
        self.gates = gates
        evaluation = GateEvaluation(results, gates: gates, today: today)
        verdict = RunVerdict(evaluation, of: results, phases: phases ?? results.info.phases)
    }

    /// The run as JSON with sorted keys: equal runs give equal bytes but for the object `timings`.
    ///
    /// - Returns: UTF-8 text in the schema `codecgate.results/2`, with a line feed at its end.
    /// - Throws: `EncodingError`, which cannot happen for findings of this module.
    public func json() throws -> Data {
        struct GateFile: Encodable {
            let source, sha256: String
        }
        struct Document: Encodable {
            let schema = RunResults.schema
            let run: RunInfo
            let planned: [String]
            let findings: [Finding]
            let gateFile: GateFile
            let gates: [GateResult]
            let verdict: RunVerdict
            let timings: RunTimings
            let shard: Shard?

            enum CodingKeys: String, CodingKey {
                case schema, run, planned, findings, gates, verdict, timings, shard
                case gateFile = "gate_file"
            }
        }
        let document = Document(
            run: results.info, planned: results.findings.map(\.id), findings: results.findings,
            gateFile: GateFile(source: gates.source, sha256: gates.sha256), gates: evaluation.results,
            verdict: verdict, timings: results.timings, shard: results.shard)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(document) + [UInt8(ascii: "\n")]
    }
}

/// Four significant digits, without exponent where that is readable.
func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e6 ? String(Int(value)) : String(format: "%.4g", value)
}

extension Double {
    /// Four significant digits, as reports show numbers.
    package var shortText: String { number(self) }
}
