extension RunResults {
    /// Puts the results of all shards of a run together, equal to those of the run in one piece but for times.
    ///
    /// - Parameter parts: Each shard once, in any order, with its file for messages.
    /// - Throws: ``MergeError`` when a shard is missing, stands there twice, or is of another run or version.
    public init(merging parts: [(path: String, results: RunResults)]) throws(MergeError) {
        let shards = try Self.sorted(parts)
        let first = shards[0].results
        for (path, other) in shards.dropFirst() {
            if let difference = first.info.difference(from: other.info) {
                throw MergeError(path: path, problem: difference)
            }
            guard other.info.command == first.info.command else {
                throw MergeError(path: path, problem: "its command is '\(other.info.command)'")
            }
            guard other.findings.map(\.plan) == first.findings.map(\.plan) else {
                throw MergeError(path: path, problem: "it planned other findings than '\(shards[0].path)'")
            }
        }
        let plans = first.findings.map(\.plan)
        let owners = Shard.owners(of: plans, count: shards.count)
        let findings = plans.indices.map { index in
            shards[(owners[plans[index].check] ?? 1) - 1].results.findings[index]
        }
        let timings = RunTimings(
            started: shards.map(\.results.timings.started).filter { !$0.isEmpty }.min() ?? "",
            seconds: shards.reduce(0) { $0 + $1.results.timings.seconds },
            checks: shards.reduce(into: [:]) { $0.merge($1.results.timings.checks) { $1 } })
        self.init(info: first.info, plans: plans, findings: findings, timings: timings)
    }

    /// The parts by their index, every index once.
    private static func sorted(_ parts: [(path: String, results: RunResults)]) throws(MergeError)
        -> [(path: String, results: RunResults)]
    {
        var byIndex: [Int: (path: String, results: RunResults)] = [:]
        guard let count = parts.first?.results.shard?.count else {
            throw MergeError(path: parts.first?.path ?? "", problem: "it is no shard: verify wrote it without --shard")
        }
        for part in parts {
            guard let shard = part.results.shard else {
                throw MergeError(path: part.path, problem: "it is no shard: verify wrote it without --shard")
            }
            guard shard.count == count else {
                throw MergeError(path: part.path, problem: "it is one of \(shard.count) shards, not of \(count)")
            }
            if let other = byIndex.updateValue(part, forKey: shard.index) {
                throw MergeError(path: part.path, problem: "it is shard \(shard.index), as '\(other.path)' is")
            }
        }
        let missing = (1...count).filter { byIndex[$0] == nil }
        guard missing.isEmpty else {
            let names = missing.map { "\($0)" }.joined(separator: ", ")
            throw MergeError(path: parts[0].path, problem: "of its \(count) shards \(names) are missing")
        }
        return (1...count).compactMap { byIndex[$0] }
    }
}

/// Why shards cannot be put together.
public struct MergeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file that does not fit.
    public let path: String
    /// In what.
    public let problem: String

    /// One sentence.
    public var description: String {
        "'\(path)' cannot be merged: \(problem); give each shard of one run once, made by one version on one film"
    }
}
