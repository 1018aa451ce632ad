extension Judgement {
    /// The numbers in one line, such as `mean 0.71, at least 0.8 asked (n = 41, 95 % one-sided 0.69 to 0.73)`.
    func sentence(_ gate: Gate) -> String {
        let found = "\(gate.statistic == .value ? "" : statisticTitle(gate) + " ")\(Self.quantity(value, unit))"
        var details = gate.statistic == .value ? [] : ["n = \(count)"]
        if let interval {
            let share = number(gate.confidence * 100)
            details.append("\(share) % one-sided: \(number(interval.lower)) to \(number(interval.upper))")
        }
        if let minimumDetectableEffect { details.append("detects \(number(minimumDetectableEffect))") }
        return "\(found), \(lineText) asked" + (details.isEmpty ? "" : " (\(details.joined(separator: "; ")))")
    }

    /// The line in words, such as `at most 0.5`.
    public var lineText: String {
        switch (lowest, highest) {
        case (let low?, let high?): "\(number(low)) to \(number(high))"
        case (let low?, nil): "at least \(number(low))"
        case (nil, let high?): "at most \(number(high))"
        case (nil, nil): "no line"
        }
    }

    private func statisticTitle(_ gate: Gate) -> String {
        switch gate.criterion {
        case .superiority(let other, _), .nonInferiority(let other, _):
            "mean advantage over \(other.text)"
        case .atMost, .atLeast, .within, .derivedBound: gate.statistic.title
        }
    }

    private static func quantity(_ value: Double?, _ unit: String) -> String {
        guard let value else { return "-" }
        return unit == "1" || unit.isEmpty ? number(value) : "\(number(value)) \(unit)"
    }
}
