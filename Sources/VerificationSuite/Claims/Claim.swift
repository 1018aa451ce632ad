internal import Verification

/// A claim of the design document in our own words, how it is put to the test, and what to do where it does not hold.
struct Claim {
    /// Its place in the list, 1 to 30.
    let number: Int
    /// Part of the id.
    let name: String
    /// The phase whose decision rests on it.
    let phase: Int
    /// What is claimed.
    let text: String
    /// Of what is measured.
    let unit: String
    /// The formula, with its variant.
    let variant: String
    /// Which way speaks for the claim.
    let direction: Direction
    /// What to do instead, or what to keep in mind.
    let advice: String
    /// Puts it to the test.
    let measure: () throws -> Measurement

    /// Which way speaks for a claim.
    enum Direction {
        /// At or above the line.
        case higher
        /// At or below the line.
        case lower
    }

    /// What a claim turns out to be.
    enum Verdict: String {
        /// Every part is on its line's good side.
        case holds
        /// Some parts are.
        case halfTrue = "half true"
        /// None is.
        case fails
    }

    /// One thing that a claim needs.
    struct Part {
        /// What is measured.
        let name: String
        /// In the claim's unit.
        let value: Double
        /// The value from which on it speaks for the claim.
        let line: Double

        /// Whether it speaks for the claim; a NaN does not.
        func holds(_ direction: Direction) -> Bool { direction == .higher ? value >= line : value <= line }
    }

    /// What was measured.
    struct Measurement {
        /// At least one.
        var parts: [Part]
        /// How many things it speaks for.
        var population = 1
        /// What `population` counts.
        var populationUnit = "numbers"
        /// More to know.
        var detail = ""
    }

    /// The rule: holds when all parts hold, half true when some do, fails when none does.
    static func verdict(_ parts: [Part], _ direction: Direction) -> Verdict {
        let held = parts.count { $0.holds(direction) }
        if held == parts.count, held > 0 { return .holds }
        return held > 0 ? .halfTrue : .fails
    }

    /// Such as `claims.05.ordinal`.
    var id: String { "claims.\(number < 10 ? "0" : "")\(number).\(name)" }

    var plan: FindingPlan {
        FindingPlan(
            id: id, check: id, phase: phase, title: "Claim \(number): \(text)", unit: unit, variant: variant,
            direction: direction == .higher ? .higher : .lower, source: "claim \(number) of the design document")
    }

    /// The claim as a check of one finding.
    var check: any Check {
        let plan = plan
        return SimpleCheck([plan]) { record in
            do { try record(finding(plan, measure())) } catch let error as NotMeasurable {
                try record(
                    Finding(
                        plan, .notMeasured(reason: error.reason, remedy: error.remedy ?? advice),
                        note: "Instead: \(advice)"))
            }
        }
    }

    /// The finding: the value of the first part that speaks against the claim, or of the first part.
    func finding(_ plan: FindingPlan, _ measured: Measurement) -> Finding {
        let verdict = Self.verdict(measured.parts, direction)
        guard let decisive = measured.parts.first(where: { !$0.holds(direction) }) ?? measured.parts.first else {
            return Finding(plan, .failed(reason: "the claim was measured by nothing"))
        }
        let side = direction == .higher ? "at least" : "at most"
        let parts = measured.parts.map { "\($0.name) \($0.value.shortText) (\(side) \($0.line.shortText))" }
        let sentences = ["\(verdict.rawValue): \(parts.joined(separator: ", "))", measured.detail]
        return Finding(
            plan, .value(decisive.value), population: measured.population, populationUnit: measured.populationUnit,
            note: sentences.filter { !$0.isEmpty }.joined(separator: "; ") + ". Instead: \(advice)",
            bound: .init(
                decisive.line,
                source: "the claim holds when '\(decisive.name)' is \(side) \(decisive.line.shortText) \(unit)"))
    }
}
