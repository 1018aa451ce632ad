/// How one finding of a run differs from that of another run.
public struct FindingChange: Sendable, Equatable {
    /// What became of it.
    public enum Kind: String, Sendable, Encodable {
        /// There was a number, and now there is none.
        case lost
        /// It is not planned any more.
        case gone
        /// The number is on the worse side of the old one.
        case worse
        /// It differs, and neither is good or bad.
        case different
        /// The number is on the better side of the old one.
        case better
        /// There was no number, and now there is one.
        case gained
        /// It was not planned.
        case added
    }

    /// One segment that differs.
    public struct Segment: Sendable, Equatable {
        /// Position in the finding.
        public let index: Int
        /// Seconds from the film's start.
        public let start: Double
        /// Seconds.
        public let end: Double
        /// Nil where there was no number.
        public let old: Double?
        /// Nil where there is no number now.
        public let new: Double?
        /// Positive when worse, in the finding's unit; infinite for a number that was lost.
        public let harm: Double
    }

    /// The finding's id.
    public let id: String
    /// The finding's unit.
    public let unit: String
    /// What became of it.
    public let kind: Kind
    /// The value, or the mean of the segments that both runs measured.
    public let old: Double?
    /// The same of the new run.
    public let new: Double?
    /// By what part of its size it got worse, negative when better; infinite where a number was lost.
    public let harm: Double
    /// Segments that differ, the most harmful first.
    public let segments: [Segment]

    /// Whether the new run is worse here.
    public var isWorse: Bool { kind == .lost || kind == .gone || kind == .worse }

    /// Compares; nil where nothing changed.
    init?(_ old: Finding, _ new: Finding?, tolerance: Double) {
        guard let new else {
            self.init(old, .gone, nil, nil, harm: .infinity)
            return
        }
        switch (old.outcome, new.outcome) {
        case (.value(let a), .value(let b)):
            self.init(new, a, b, [], tolerance)
        case (.segments(let a), .segments(let b)) where old.outcome.hasNumber && Self.areAlike(a, b):
            self.init(new, a, b, tolerance)
        default:
            switch (old.outcome.hasNumber, new.outcome.hasNumber) {
            case (true, false): self.init(new, .lost, nil, nil, harm: .infinity)
            case (false, true): self.init(new, .gained, nil, nil, harm: -.infinity)
            case (true, true): self.init(new, .different, nil, nil, harm: 0)
            case (false, false):
                guard case .failed = new.outcome, case .notMeasured = old.outcome else { return nil }
                // A check that runs now and breaks is worse than one that could not run.
                self.init(new, .lost, nil, nil, harm: .infinity)
            }
        }
    }

    /// A finding that the old run did not plan.
    init(added finding: Finding) { self.init(finding, .added, nil, nil, harm: 0) }

    private init(
        _ finding: Finding, _ kind: Kind, _ old: Double?, _ new: Double?, harm: Double, _ segments: [Segment] = []
    ) {
        (id, unit) = (finding.id, finding.plan.unit)
        (self.kind, self.old, self.new, self.harm, self.segments) = (kind, old, new, harm, segments)
    }

    /// Two numbers: a NaN is the worst of all.
    private init?(_ finding: Finding, _ old: Double, _ new: Double, _ segments: [Segment], _ tolerance: Double) {
        let harm = Self.harm(old, new, finding.plan.direction)
        let scale = max(old.magnitude, new.magnitude)
        let relative = harm.isInfinite || scale == 0 || scale.isInfinite ? harm : harm / scale
        let isLost = segments.contains { $0.harm == .infinity }
        if finding.plan.direction == .none {
            guard old != new, !((old - new).magnitude <= tolerance * scale) else { return nil }
            self.init(finding, .different, old, new, harm: 0, segments)
        } else if isLost || relative > tolerance {
            self.init(finding, .worse, old, new, harm: isLost ? .infinity : relative, segments)
        } else if relative < -tolerance {
            self.init(finding, .better, old, new, harm: relative, segments)
        } else {
            return nil
        }
    }

    private init?(_ finding: Finding, _ old: [SegmentValue], _ new: [SegmentValue], _ tolerance: Double) {
        let changes = zip(old, new).enumerated().compactMap { index, pair -> Segment? in
            let (a, b) = (pair.0.number, pair.1.number)
            guard a != b, a != nil || b != nil else { return nil }
            let harm =
                switch (a, b) {
                case (let a?, let b?): Self.harm(a, b, finding.plan.direction)
                case (_, nil): Double.infinity
                case (nil, _): -Double.infinity
                }
            return Segment(index: index, start: pair.1.start, end: pair.1.end, old: a, new: b, harm: harm)
        }.enumerated().sorted { ($0.element.harm, $1.offset) > ($1.element.harm, $0.offset) }.map(\.element)
        let both = zip(old, new).compactMap { a, b in a.number.flatMap { a in b.number.map { (a, $0) } } }
        let mean = { (values: [Double]) in values.reduce(0, +) / Double(max(1, values.count)) }
        let isLevel = finding.plan.direction == .zero
        self.init(
            finding, mean(both.map { isLevel ? $0.0.magnitude : $0.0 }),
            mean(both.map { isLevel ? $0.1.magnitude : $0.1 }), changes, tolerance)
    }

    /// How much worse the new number is, in its unit.
    private static func harm(_ old: Double, _ new: Double, _ direction: Finding.Direction) -> Double {
        if new.isNaN { return old.isNaN ? 0 : .infinity }
        if old.isNaN { return -.infinity }
        if old == new { return 0 }
        return Statistic.badness(new, direction) - Statistic.badness(old, direction)
    }

    private static func areAlike(_ old: [SegmentValue], _ new: [SegmentValue]) -> Bool {
        old.count == new.count && zip(old, new).allSatisfy { $0.start == $1.start && $0.end == $1.end }
    }

    /// Why two findings of one id mean different things; nil when they mean the same.
    static func obstacle(_ old: Finding, _ new: Finding) -> String? {
        if old.plan.variant != new.plan.variant {
            return "the formula was '\(old.plan.variant)', is '\(new.plan.variant)'"
        }
        if old.plan.unit != new.plan.unit { return "the unit was '\(old.plan.unit)', is '\(new.plan.unit)'" }
        if old.plan.direction != new.plan.direction { return "another direction is good" }
        guard old.outcome.hasNumber, new.outcome.hasNumber else { return nil }
        switch (old.outcome.segments, new.outcome.segments) {
        case (let a?, let b?): return areAlike(a, b) ? nil : "\(a.count) segments are cut otherwise than \(b.count)"
        case (nil, nil): return nil
        default: return "one is a single value, the other segments"
        }
    }
}
