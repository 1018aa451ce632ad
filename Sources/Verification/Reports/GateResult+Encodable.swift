extension GateResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case id, phase, title, decision, reason, severity, owner, finding, statistic, judgements, waived, waiver, line
        case why = "gate_reason"
    }

    /// Writes the gate and its judgements.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(gate.id, forKey: .id)
        try container.encode(gate.phase, forKey: .phase)
        try container.encode(gate.title, forKey: .title)
        try container.encode(decision, forKey: .decision)
        try container.encode(reason, forKey: .reason)
        try container.encode(gate.severity, forKey: .severity)
        try container.encode(gate.owner, forKey: .owner)
        try container.encode(gate.finding.text, forKey: .finding)
        try container.encode(gate.statistic.title, forKey: .statistic)
        try container.encode(gate.reason, forKey: .why)
        try container.encode(gate.line, forKey: .line)
        try container.encode(isWaived, forKey: .waived)
        try container.encodeIfPresent(gate.waiver, forKey: .waiver)
        try container.encode(judgements, forKey: .judgements)
    }
}

extension Judgement: Encodable {
    private enum CodingKeys: String, CodingKey {
        case finding, decision, reason, remedy, value, unit, interval, lowest, highest, margin, count, coverage, p
        case minimumDetectableEffect = "minimum_detectable_effect"
        case adjustedP = "adjusted_p"
        case worstSegments = "worst_segments"
    }

    /// Writes the judgement; numbers at the end of a scale are the texts `inf` and `-inf`.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(finding, forKey: .finding)
        try container.encode(decision, forKey: .decision)
        try container.encode(reason, forKey: .reason)
        try container.encodeIfPresent(remedy, forKey: .remedy)
        try container.encode(unit, forKey: .unit)
        try container.encode(count, forKey: .count)
        try container.encode(coverage, forKey: .coverage)
        try container.encodeIfPresent(interval, forKey: .interval)
        let numbers: [(CodingKeys, Double?)] = [
            (.value, value), (.lowest, lowest), (.highest, highest), (.margin, margin), (.p, p),
            (.adjustedP, adjustedP), (.minimumDetectableEffect, minimumDetectableEffect),
        ]
        for (key, number) in numbers { try container.encodeIfPresent(number.map(JSONNumber.init), forKey: key) }
        if !worstSegments.isEmpty { try container.encode(worstSegments, forKey: .worstSegments) }
    }
}

extension Judgement.Interval {
    private enum CodingKeys: String, CodingKey {
        case lower, upper, confidence
    }

    /// Writes the interval; ends at the end of a scale are the texts `inf` and `-inf`.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(JSONNumber(lower), forKey: .lower)
        try container.encode(JSONNumber(upper), forKey: .upper)
        try container.encode(confidence, forKey: .confidence)
    }
}
