/// What a metric is, in words that go into every report beside its number.
public struct MetricDescriptor: Sendable, Equatable, Encodable {
    /// Which way is good.
    public enum Direction: String, Sendable, Encodable {
        /// A larger value is a closer match.
        case higherIsBetter = "higher"
        /// A smaller value is a closer match.
        case lowerIsBetter = "lower"
        /// The closer to 0 the better.
        case zeroIsBest = "zero"
    }

    /// Name, variant and parameters, such as `si_sdr.zm`: two ids never share a formula.
    public let id: String
    /// A short name for people.
    public let title: String
    /// Unit of the value; "1" for a pure number.
    public let unit: String
    /// Which way is good.
    public let direction: Direction
    /// Values the formula can give; anything else is reported as a failure.
    public let range: ClosedRange<Double>
    /// What it may be applied to.
    public let validInput: String
    /// What it cannot notice.
    public let blindSpots: String
    /// Where the formula comes from.
    public let source: String

    /// Describes a metric.
    ///
    /// - Parameters:
    ///   - id: Unique name with variant and parameters.
    ///   - title: Short name.
    ///   - unit: Unit of the value.
    ///   - direction: Which way is good.
    ///   - range: Values it can have.
    ///   - validInput: What it may be applied to.
    ///   - blindSpots: What it cannot notice.
    ///   - source: Where the formula comes from.
    public init(
        id: String, title: String, unit: String, direction: Direction, range: ClosedRange<Double>,
        validInput: String, blindSpots: String, source: String
    ) {
        self.id = id
        self.title = title
        self.unit = unit
        self.direction = direction
        self.range = range
        self.validInput = validInput
        self.blindSpots = blindSpots
        self.source = source
    }

    private enum CodingKeys: String, CodingKey {
        case id, title, unit, direction
        case validInput = "valid_input"
        case blindSpots = "blind_spots"
        case source
    }
}

extension ClosedRange<Double> {
    /// Every number, the infinite ones included.
    static var anyNumber: Self { -Double.infinity...Double.infinity }
    /// Zero and above, infinity excluded.
    static var nonNegative: Self { 0...Double.greatestFiniteMagnitude }
}
