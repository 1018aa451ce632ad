extension Gate {
    private enum Comparison: String, CaseIterable {
        case atMost, atLeast, within, derivedBound, superiority, nonInferiority

        /// Keys that this comparison needs and others must not have.
        var keys: [String] {
            switch self {
            case .atMost, .atLeast: ["threshold"]
            case .within: ["range"]
            case .derivedBound: []
            case .superiority, .nonInferiority: ["against", "margin"]
            }
        }
    }

    private enum StatisticName: String, CaseIterable {
        case value, mean, median, p05, worst, shareAbove

        var keys: [String] {
            switch self {
            case .worst: ["worstCount"]
            case .shareAbove: ["level"]
            case .value, .mean, .median, .p05: []
            }
        }
    }

    private static let commonKeys = [
        "id", "phase", "title", "finding", "labels", "statistic", "comparison", "confidence", "minCoverage", "minCount",
        "severity", "owner", "reason", "waiver",
    ]
    private static let choiceKeys = ["threshold", "range", "against", "margin", "worstCount", "level"]

    /// Reads one gate; every key is either needed or has a default that is stated here.
    init(_ entry: StrictMapping) throws(GateFileError) {
        try entry.allow(Self.commonKeys + Self.choiceKeys)
        id = try entry.text("id")
        guard FindingPlan.isID(id) else {
            throw entry.error("id", "'\(id)' is not an id", "use letters, digits, _ and - in parts joined by dots")
        }
        phase = try entry.count("phase", in: 1...4)
        title = try entry.text("title")
        finding = try Self.pattern(entry, "finding")
        labels = entry.has("labels") ? try entry.choices("labels") : nil
        let comparison: Comparison = try entry.choice("comparison")
        let name: StatisticName = try entry.choice("statistic")
        try Self.refuseForeignKeys(entry, comparison, name)
        statistic = try Self.statistic(entry, name)
        criterion = try Self.criterion(entry, comparison)
        confidence = entry.has("confidence") ? try entry.number("confidence", in: 0.51...0.9999) : 0.95
        minCoverage = entry.has("minCoverage") ? try entry.number("minCoverage", in: 0...1) : 1
        minCount = entry.has("minCount") ? try entry.count("minCount", in: 1...1_000_000) : statistic.defaultMinCount
        severity = try entry.choice("severity")
        owner = try entry.text("owner")
        reason = try entry.text("reason")
        waiver = entry.has("waiver") ? try Self.waiver(entry.mapping("waiver")) : nil
        line = entry.line
        if statistic == .value, labels != nil {
            throw entry.error("labels", "cannot choose segments of a single value", "choose another statistic")
        }
    }

    private static func pattern(_ entry: StrictMapping, _ key: String) throws(GateFileError) -> FindingPattern {
        let pattern = FindingPattern(try entry.text(key))
        guard pattern.isValid else {
            throw entry.error(key, "'\(pattern.text)' is no id of a finding", "write an id, with * for any characters")
        }
        return pattern
    }

    /// A threshold on a comparison without one would be read by nobody.
    private static func refuseForeignKeys(
        _ entry: StrictMapping, _ comparison: Comparison, _ name: StatisticName
    ) throws(GateFileError) {
        for key in choiceKeys where entry.has(key) && !(comparison.keys + name.keys).contains(key) {
            throw entry.error(
                key, "has no meaning with comparison \(comparison.rawValue) and statistic \(name.rawValue)",
                "remove it or choose another comparison")
        }
        let isPaired = comparison == .superiority || comparison == .nonInferiority
        if isPaired, name != .mean {
            throw entry.error(
                "statistic", "is \(name.rawValue) with comparison \(comparison.rawValue)",
                "choose mean: pairs are judged by the mean of their differences")
        }
    }

    private static func statistic(_ entry: StrictMapping, _ name: StatisticName) throws(GateFileError) -> Statistic {
        switch name {
        case .value: .value
        case .mean: .mean
        case .median: .median
        case .p05: .p05
        case .worst: .worst(count: try entry.count("worstCount", in: 1...1000))
        case .shareAbove: .shareAbove(level: try entry.number("level"))
        }
    }

    private static func criterion(_ entry: StrictMapping, _ comparison: Comparison) throws(GateFileError) -> Criterion {
        switch comparison {
        case .atMost: return .atMost(try entry.number("threshold"))
        case .atLeast: return .atLeast(try entry.number("threshold"))
        case .within: return .within(try entry.range("range"))
        case .derivedBound: return .derivedBound
        case .superiority, .nonInferiority:
            let against = try pattern(entry, "against")
            let margin = try entry.number("margin", in: 0...1e12)
            let starCount = try pattern(entry, "finding").starCount
            guard against.isExact || against.starCount == starCount else {
                throw entry.error("against", "has other stars than 'finding'", "use as many *, or none")
            }
            return comparison == .superiority
                ? .superiority(against: against, margin: margin) : .nonInferiority(against: against, margin: margin)
        }
    }

    private static func waiver(_ entry: StrictMapping) throws(GateFileError) -> Waiver {
        try entry.allow(["reason", "expires"])
        let reason = try entry.text("reason")
        return Waiver(reason: reason, expires: try entry.day("expires"))
    }
}
