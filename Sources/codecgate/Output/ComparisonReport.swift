import Verification

/// What `compare --json` prints: everything that differs, the most harmful first, and every segment.
struct ComparisonReport: Encodable {
    let comparable: Bool
    let worse: Bool
    let obstacles: [String]
    let gates: [Gate]
    let findings: [Change]

    struct Gate: Encodable {
        let gate: String
        let old: Decision
        let new: Decision
        let reason: String
        let worse: Bool
    }

    struct Change: Encodable {
        let id: String
        let kind: FindingChange.Kind
        let unit: String
        let old: Double?
        let new: Double?
        /// Share of the finding's size, negative when better; nothing where a number came or went.
        let harm: Double?
        let segments: [Segment]
    }

    struct Segment: Encodable {
        let segment: Int
        let start: Double
        let end: Double
        let old: Double?
        let new: Double?
    }

    /// Lists no change where `isComparable` is false: they would mean nothing.
    init(_ comparison: RunComparison, isComparable: Bool) {
        comparable = isComparable
        obstacles = comparison.obstacles
        worse = isComparable && comparison.isWorse
        gates =
            isComparable
            ? comparison.gates.map {
                Gate(gate: $0.gate, old: $0.old, new: $0.new, reason: $0.reason, worse: $0.isWorse)
            } : []
        findings = isComparable ? comparison.findings.map(Self.change) : []
    }

    private static func change(_ change: FindingChange) -> Change {
        Change(
            id: change.id, kind: change.kind, unit: change.unit, old: finite(change.old), new: finite(change.new),
            harm: finite(change.harm),
            segments: change.segments.map {
                Segment(segment: $0.index, start: $0.start, end: $0.end, old: finite($0.old), new: finite($0.new))
            })
    }

    /// JSON knows no infinity.
    private static func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}
