/// One of several runs that divide the checks of one run among them.
public struct Shard: Sendable, Equatable, Codable {
    /// 1 to `count`.
    public let index: Int
    /// How many there are.
    public let count: Int

    /// Reads `2/3`.
    ///
    /// - Parameter text: Index and count, joined by a slash; nil comes back unless 1 <= index <= count <= 1000.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
        self.init(index: index, count: count)
    }

    init?(index: Int, count: Int) {
        guard (1...1000).contains(count), (1...count).contains(index) else { return nil }
        (self.index, self.count) = (index, count)
    }

    /// Reads both numbers and refuses those that are no shard.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let (index, count) = (
            try container.decode(Int.self, forKey: .index), try container.decode(Int.self, forKey: .count)
        )
        guard let shard = Shard(index: index, count: count) else {
            throw container.problem("\(index) of \(count) is no shard", key: .index)
        }
        self = shard
    }

    /// Deals the checks out in the order of the plan, one to each shard in turn.
    ///
    /// - Parameters:
    ///   - plans: Of the whole run.
    ///   - count: Number of shards.
    /// - Returns: Shard index by id of the check.
    public static func owners(of plans: [FindingPlan], count: Int) -> [String: Int] {
        var owners: [String: Int] = [:]
        for plan in plans where owners[plan.check] == nil { owners[plan.check] = owners.count % count + 1 }
        return owners
    }

    private enum CodingKeys: String, CodingKey { case index, count }
}
