internal import Foundation

/// Everything that a run measured, without any judgement: what results.json keeps and later commands read back.
public struct RunResults: Sendable, Equatable {
    /// Format of results.json that this version writes and reads.
    public static let schema = "codecgate.results/2"

    /// What a reader needs to repeat the run.
    public let info: RunInfo
    /// One finding for each plan, in the order of the plans.
    public let findings: [Finding]
    /// What differs between equal runs.
    public let timings: RunTimings
    /// Whether they come from the journal of a run that did not end: never a reason to switch.
    public internal(set) var endedEarly = false
    /// Which part of a run this is; nil for a whole one.
    public let shard: Shard?

    /// Results with one finding for each plan: what has none was not measured.
    ///
    /// - Parameters:
    ///   - info: What a reader needs to repeat the run.
    ///   - plans: In the order of the run, each id once.
    ///   - findings: In any order, each planned, each once.
    ///   - timings: What differs between equal runs.
    ///   - shard: Which part of a run this is; the plans are still those of the whole run.
    public init(
        info: RunInfo, plans: [FindingPlan], findings: [Finding], timings: RunTimings, shard: Shard? = nil
    ) {
        let found = Dictionary(uniqueKeysWithValues: findings.map { ($0.id, $0) })
        precondition(Set(plans.map(\.id)).count == plans.count, "two plans share an id")
        precondition(found.keys.allSatisfy(Set(plans.map(\.id)).contains), "a finding was not planned")
        self.info = info
        self.timings = timings
        self.shard = shard
        let owners = Shard.owners(of: plans, count: shard?.count ?? 1)
        self.findings = plans.map { plan in
            found[plan.id] ?? Finding(plan, Self.missing(owner: owners[plan.check] ?? 1, shard))
        }
    }

    private static func missing(owner: Int, _ shard: Shard?) -> Finding.Outcome {
        guard let shard, owner != shard.index else {
            return .notMeasured(
                reason: "the run ended before this was measured", remedy: "run codecgate verify with --resume")
        }
        return .notMeasured(
            reason: "shard \(owner) of \(shard.count) measures this", remedy: "merge all shards with codecgate merge")
    }

    /// The finding with an id.
    ///
    /// - Parameter id: As planned.
    /// - Returns: The finding, or nil where nothing of that id was planned.
    public func finding(_ id: String) -> Finding? { findings.first { $0.id == id } }

    /// Reads results.json; the verdict that is stored in it is ignored, since whoever reads judges anew.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``ResultsError`` when there is no such file, or it is of another version, damaged or contradicts itself.
    public init(contentsOf path: String) throws(ResultsError) { try self.init(contentsOf: path, schema: Self.schema) }

    init(contentsOf path: String, schema: String) throws(ResultsError) {
        let data = try ResultsFile.load(path)
        let head = try ResultsFile.decode(SchemaHead.self, from: data, path: path)
        guard head.schema == schema else {
            throw .otherSchema(path: path, found: head.schema ?? "none", expected: schema)
        }
        let stored = try ResultsFile.decode(StoredResults.self, from: data, path: path)
        info = stored.run
        findings = stored.findings
        timings = stored.timings
        shard = stored.shard
        let ids = stored.findings.map(\.id)
        guard ids == stored.planned, Set(ids).count == ids.count else {
            let odd = Set(ids).symmetricDifference(stored.planned).min() ?? "the order or a repeated id"
            throw .malformed(path: path, problem: "planned and findings differ: \(odd.prefix(80))")
        }
    }
}

struct SchemaHead: Decodable {
    let schema: String?
}

private struct StoredResults: Decodable {
    let run: RunInfo
    let planned: [String]
    let findings: [Finding]
    let timings: RunTimings
    let shard: Shard?
}

/// Reading of what runs left behind, which may be anything.
enum ResultsFile {
    /// Larger files were not written by this program: 200,000 segments take 20 MB.
    static let byteLimit = 256 << 20

    static func load(_ path: String) throws(ResultsError) -> Data {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw ResultsError.malformed(path: path, problem: "it is not a regular file")
            }
            let size = attributes[.size] as? Int ?? 0
            guard size <= byteLimit else {
                throw ResultsError.malformed(path: path, problem: "\(size) bytes are more than any run writes")
            }
            return try Data(contentsOf: URL(filePath: path))
        } catch let error as ResultsError {
            throw error
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            throw .missing(path: path)
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, path: String) throws(ResultsError)
        -> Value
    {
        do { return try JSONDecoder().decode(type, from: data) } catch {
            throw .malformed(path: path, problem: describe(error))
        }
    }

    /// The place and the problem of a decoding error.
    private static func describe(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        let (context, detail) =
            switch error {
            case .keyNotFound(let key, let context): (context, "has no '\(key.stringValue)'")
            case .typeMismatch(let type, let context): (context, "is not of type \(type)")
            case .valueNotFound(_, let context): (context, "is null")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
            }
        let place = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        let cause = context.underlyingError.map { " (\($0))" } ?? ""
        return "\(place.isEmpty ? "the text" : String(place.drop { $0 == "." })): \(detail)\(cause)"
    }
}
