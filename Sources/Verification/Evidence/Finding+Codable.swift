extension Finding: Codable {
    private enum CodingKeys: String, CodingKey {
        case outcome, coverage, population, note, bound, attachments, curves, command
        case populationUnit = "population_unit"
    }

    /// Reads a finding and refuses one that contradicts itself.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        plan = try FindingPlan(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        outcome = try container.decode(Outcome.self, forKey: .outcome)
        coverage = try container.decode(Coverage.self, forKey: .coverage)
        population = try container.decode(Int.self, forKey: .population)
        populationUnit = try container.decode(String.self, forKey: .populationUnit)
        note = try container.decodeIfPresent(String.self, forKey: .note) ?? ""
        bound = try container.decodeIfPresent(Bound.self, forKey: .bound)
        attachments = try container.decodeIfPresent([Attachment].self, forKey: .attachments) ?? []
        curves = try container.decodeIfPresent([Curve].self, forKey: .curves) ?? []
        command = try container.decodeIfPresent(String.self, forKey: .command)
        if let problem { throw container.problem("\(plan.id.prefix(80)): \(problem)", key: .outcome) }
    }

    /// Writes the plan's keys and the measurement's side by side.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        try plan.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(coverage, forKey: .coverage)
        try container.encode(population, forKey: .population)
        try container.encode(populationUnit, forKey: .populationUnit)
        if !note.isEmpty { try container.encode(note, forKey: .note) }
        try container.encodeIfPresent(bound, forKey: .bound)
        if !attachments.isEmpty { try container.encode(attachments, forKey: .attachments) }
        if !curves.isEmpty { try container.encode(curves, forKey: .curves) }
        try container.encodeIfPresent(command, forKey: .command)
    }

    /// Why the parts contradict each other: files may say anything, and a check may be wrong.
    var problem: String? {
        if let problem = plan.problem ?? coverage.problem { return problem }
        if population < 0 || !outcome.hasNumber && population > 0 {
            return "a population of \(population) without a number"
        }
        if outcome.isSegments, coverage != Self.coverage(of: outcome) {
            return "coverage '\(coverage)' does not count the segments"
        }
        if outcome.hasNumber != (coverage.measured > 0) { return "coverage '\(coverage)' contradicts the outcome" }
        if let bound, !bound.value.isFinite { return "a bound of \(bound.value)" }
        if curves.contains(where: { !$0.values.allSatisfy(\.isFinite) }) { return "a curve that is not finite" }
        let segmentCount = outcome.segments?.count ?? 0
        return attachments.lazy.compactMap { $0.problem(segmentCount: segmentCount) }.first
    }
}

extension Finding.Attachment {
    /// A path that leaves the report's folder would let a hostile file name any file of the reader.
    fileprivate func problem(segmentCount: Int) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
            || path.contains(where: { "\\:\0".contains($0) })
        {
            return "attachment '\(path.prefix(80))' is not a relative path inside the report's folder"
        }
        guard let segment, !(0..<segmentCount).contains(segment) else { return nil }
        return "attachment '\(path.prefix(80))' belongs to segment \(segment) of \(segmentCount)"
    }
}

extension Finding.Outcome: Codable {
    private enum CodingKeys: String, CodingKey {
        case value, segments, failed, remedy
        case notMeasured = "not_measured"
    }

    /// Reads an object with exactly one of `value`, `segments`, `not_measured` and `failed`.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let kinds = container.allKeys.filter { $0 != .remedy }
        guard kinds.count == 1 else {
            throw container.problem("needs exactly one of value, segments, not_measured and failed", key: .value)
        }
        switch kinds[0] {
        case .value: self = .value(try container.decode(JSONNumber.self, forKey: .value).value)
        case .segments: self = .segments(try container.decode([SegmentValue].self, forKey: .segments))
        case .failed: self = .failed(reason: try container.decode(String.self, forKey: .failed))
        case .notMeasured, .remedy:
            self = .notMeasured(
                reason: try container.decode(String.self, forKey: .notMeasured),
                remedy: try container.decodeIfPresent(String.self, forKey: .remedy))
        }
    }

    /// Writes the outcome.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .value(let value): try container.encode(JSONNumber(value), forKey: .value)
        case .segments(let values): try container.encode(values, forKey: .segments)
        case .failed(let reason): try container.encode(reason, forKey: .failed)
        case .notMeasured(let reason, let remedy):
            try container.encode(reason, forKey: .notMeasured)
            try container.encodeIfPresent(remedy, forKey: .remedy)
        }
    }
}
