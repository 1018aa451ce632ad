public import Foundation
internal import NumericCore

/// Results that a person approved, to hold later runs against.
public struct Baseline: Sendable, Equatable {
    /// Format of the file.
    public static let schema = "codecgate.baseline/1"

    /// What was measured, with the facts about codec and machine that it was measured with.
    public let results: RunResults
    /// Why it became the baseline, in the words of who proposed it.
    public let reason: String
    /// SHA-256 of the file that it replaces; nil for the first one.
    public let replaces: String?

    /// A baseline.
    ///
    /// - Parameters:
    ///   - results: Of a whole run that ended.
    ///   - reason: Why, not empty.
    ///   - replaces: SHA-256 of the file that it replaces; nil for the first one.
    public init(_ results: RunResults, reason: String, replaces: String?) {
        self.results = results
        self.reason = reason
        self.replaces = replaces
    }

    /// Reads a baseline, approved or proposed.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``ResultsError`` when it is missing, of another version, damaged or contradicts itself.
    public init(contentsOf path: String) throws(ResultsError) {
        struct Head: Decodable {
            let reason: String
            let replaces: String?
        }
        results = try RunResults(contentsOf: path, schema: Self.schema)
        let head = try ResultsFile.decode(Head.self, from: ResultsFile.load(path), path: path)
        (reason, replaces) = (head.reason, head.replaces)
    }

    /// The baseline as JSON with sorted keys.
    ///
    /// - Returns: UTF-8 text with a line feed at its end.
    /// - Throws: `EncodingError`, which cannot happen for findings of this module.
    public func json() throws -> Data {
        struct Document: Encodable {
            let schema = Baseline.schema
            let reason: String
            let replaces: String?
            let run: RunInfo
            let planned: [String]
            let findings: [Finding]
            let timings: RunTimings
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            reason: reason, replaces: replaces, run: results.info, planned: results.findings.map(\.id),
            findings: results.findings, timings: results.timings)
        return try encoder.encode(document) + [UInt8(ascii: "\n")]
    }

    /// Digest of a baseline file, by which a proposal says what it replaces.
    ///
    /// - Parameter path: The file.
    /// - Returns: SHA-256 in hexadecimal; nil where there is no file.
    /// - Throws: ``ResultsError`` when it cannot be read.
    public static func digest(ofFile path: String) throws(ResultsError) -> String? {
        do {
            return SHA256.hexadecimal(of: Array(try ResultsFile.load(path)))
        } catch .missing {
            return nil
        }
    }
}
