/// A line that a finding must not cross, with everything that belongs to the decision.
public struct Gate: Sendable, Equatable {
    /// What a gate that does not pass means for the verdict.
    public enum Severity: String, Sendable, Codable, CaseIterable {
        /// No SWITCH without it.
        case block
        /// Named in the verdict, which it does not change.
        case warn
        /// Shown only.
        case info
    }

    /// What is compared with what.
    public enum Criterion: Sendable, Equatable {
        /// Passes at or below the threshold.
        case atMost(Double)
        /// Passes at or above the threshold.
        case atLeast(Double)
        /// Passes inside the range, ends included.
        case within(ClosedRange<Double>)
        /// Passes at the bound that comes with the finding or on its good side.
        case derivedBound
        /// Passes when better than another finding, segment by segment, by more than the margin.
        case superiority(against: FindingPattern, margin: Double)
        /// Passes when not worse than another finding, segment by segment, by more than the margin.
        case nonInferiority(against: FindingPattern, margin: Double)
    }

    /// Permission to go on although the gate does not pass.
    public struct Waiver: Sendable, Equatable, Codable {
        /// Why.
        public let reason: String
        /// The last day on which it counts.
        public let expires: CalendarDay
    }

    /// Stable, dotted, unique in a gate file.
    public let id: String
    /// The migration phase that needs it, 1 to 4.
    public let phase: Int
    /// One line for a person.
    public let title: String
    /// The findings that are judged, each of which must pass.
    public let finding: FindingPattern
    /// Only segments with these labels; nil for all.
    public let labels: Set<ContentLabel>?
    /// What is made of a finding before it is compared.
    public let statistic: Statistic
    /// What it is compared with.
    public let criterion: Criterion
    /// Confidence of the one-sided interval that must lie on the good side, from 0.51 to 0.9999.
    public let confidence: Double
    /// Smallest share of the applicable measurements that must have given a value, from 0 to 1.
    public let minCoverage: Double
    /// Smallest number of values, at least 1.
    public let minCount: Int
    /// What it means for the verdict.
    public let severity: Severity
    /// Whether the gate only shows something: its decision changes no verdict, count or list of what got worse.
    public var isShownOnly: Bool { severity == .info }
    /// Who answers for it.
    public let owner: String
    /// Why this line.
    public let reason: String
    /// Permission to go on without it.
    public let waiver: Waiver?
    /// Where it stands in the gate file, counted from 1.
    public let line: Int
}

/// A day of the calendar, as `2027-01-31`.
public struct CalendarDay: Sendable, Equatable, Comparable, Codable, CustomStringConvertible {
    /// Year, month and day as written.
    public let description: String

    /// A day.
    ///
    /// - Parameter text: Four digits, two, two, joined by hyphens; nil comes back for anything that is no day.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }),
            (1...12).contains(month)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        description = text
    }

    private init(checked description: String) { self.description = description }

    /// A day before any waiver, for asking gates where waivers do not count.
    package static let beforeWaivers = CalendarDay(checked: "2000-01-01")

    /// Whether a day comes before another.
    ///
    /// - Parameters:
    ///   - lhs: A day.
    ///   - rhs: Another.
    /// - Returns: True when it is earlier.
    public static func < (lhs: CalendarDay, rhs: CalendarDay) -> Bool { lhs.description < rhs.description }

    /// Reads `2027-01-31`.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let day = CalendarDay(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a day")
        }
        self = day
    }

    /// Writes `2027-01-31`.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
