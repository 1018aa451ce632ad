/// What is to be measured, known before anything runs: a run writes its plan first, so that nothing can vanish from it.
public struct FindingPlan: Sendable, Equatable, Codable {
    /// Stable, dotted, unique in a run: `roundtrip.encodec.6kbps.stoi`.
    public let id: String
    /// The check that measures it, such as `roundtrip.encodec`.
    public let check: String
    /// The migration phase that needs it, 1 to 4.
    public let phase: Int
    /// One line for a person.
    public let title: String
    /// Unit of the number; `1` for a pure number.
    public let unit: String
    /// The formula with its variant, such as `stoi.classic`: two ids never share a formula.
    public let variant: String
    /// Which way is good.
    public let direction: Finding.Direction
    /// Where the formula, the reference or the bound comes from, and anything else a reader must know.
    public let source: String

    /// A plan.
    ///
    /// - Parameters:
    ///   - id: Letters, digits, `_`, `-` in parts joined by dots.
    ///   - check: Formed like `id`.
    ///   - phase: 1 to 4.
    ///   - title: One line for a person.
    ///   - unit: Unit of the number.
    ///   - variant: The formula with its variant.
    ///   - direction: Which way is good.
    ///   - source: Where the formula, the reference or the bound comes from.
    public init(
        id: String, check: String, phase: Int, title: String, unit: String, variant: String,
        direction: Finding.Direction, source: String = ""
    ) {
        self.id = id
        self.check = check
        self.phase = phase
        self.title = title
        self.unit = unit
        self.variant = variant
        self.direction = direction
        self.source = source
        precondition(problem == nil, problem ?? "")
    }

    /// Why this is no plan, for plans that were read from a file.
    var problem: String? {
        for name in [id, check] where !Self.isID(name) { return "'\(name.prefix(80))' is not an id" }
        return (1...4).contains(phase) ? nil : "phase \(phase) is not 1, 2, 3 or 4"
    }

    /// Whether a text can be the id of a finding, a check or a gate: at most 200 of `A-Z a-z 0-9 _ - .`, no empty part.
    static func isID(_ text: String) -> Bool {
        guard (1...200).contains(text.utf8.count) else { return false }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }
}

extension Finding.Direction {
    /// The direction of a metric.
    ///
    /// - Parameter direction: As the metric describes itself.
    public init(_ direction: MetricDescriptor.Direction) {
        switch direction {
        case .higherIsBetter: self = .higher
        case .lowerIsBetter: self = .lower
        case .zeroIsBest: self = .zero
        }
    }
}
