internal import Foundation

/// What the journal of a run that did not end says.
public struct JournalContents: Sendable, Equatable {
    /// The run.
    public let info: RunInfo
    /// Everything that was to be measured.
    public let plans: [FindingPlan]
    /// Everything that was measured, also by checks that were not finished.
    public let findings: [Finding]
    /// Seconds by id of the checks that were finished.
    public let doneChecks: [String: Double]
    /// Bytes of whole lines.
    let wholeByteCount: Int

    /// Reads a journal; a last line without its end is left out, since the run may have been cut off there.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``ResultsError`` when it is missing, of another version, or damaged before its last line.
    public init(contentsOf path: String) throws(ResultsError) {
        let data = try ResultsFile.load(path)
        let end = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lines = data[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        guard let first = lines.first else { throw .malformed(path: path, problem: "it holds no whole line") }
        let schema = try ResultsFile.decode(SchemaHead.self, from: first, path: path).schema
        guard schema == RunJournal.schema else {
            throw .otherSchema(path: path, found: schema ?? "none", expected: RunJournal.schema)
        }
        let header = try ResultsFile.decode(JournalHeader.self, from: first, path: path)
        info = header.run
        plans = header.plans
        wholeByteCount = end
        var found: [String: Finding] = [:]
        var done: [String: Double] = [:]
        for line in lines.dropFirst() {
            let entry = try ResultsFile.decode(JournalEntry.self, from: line, path: path)
            if let check = entry.done { done[check] = entry.seconds ?? 0 }
            // A check that is measured again after a resumed run replaces what it had recorded.
            if let finding = entry.finding { found[finding.id] = finding }
        }
        findings = header.plans.compactMap { found.removeValue(forKey: $0.id) }
        doneChecks = done
        if let problem = header.plans.lazy.compactMap(\.problem).first {
            throw .malformed(path: path, problem: problem)
        }
        guard Set(header.plans.map(\.id)).count == header.plans.count else {
            throw .malformed(path: path, problem: "two plans share an id")
        }
        if let stranger = found.keys.min() {
            throw .malformed(path: path, problem: "'\(stranger.prefix(80))' was measured but not planned")
        }
    }

    /// What the run had found when it ended early; the rest is not measured.
    public var results: RunResults {
        var results = RunResults(
            info: info, plans: plans, findings: findings,
            timings: RunTimings(started: "", seconds: doneChecks.values.reduce(0, +), checks: doneChecks))
        results.endedEarly = true
        return results
    }

    /// Why findings of this journal must not be mixed with those of a run; nil when they may.
    func difference(info: RunInfo, plans: [FindingPlan]) -> String? {
        if let difference = info.difference(from: self.info) { return difference }
        return plans == self.plans ? nil : "it planned \(self.plans.count) findings, or others, not \(plans.count)"
    }
}
