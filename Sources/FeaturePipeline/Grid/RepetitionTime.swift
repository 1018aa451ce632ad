/// The time between two volumes of an fMRI scan (TR), as an exact fraction of a second.
///
/// Products such as `i * TR * 75` must floor exactly; with a binary 2.6 or 0.8 they do not.
public struct RepetitionTime: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Seconds, numerator of the reduced fraction; 1 and above.
    public let numerator: Int
    /// Seconds, denominator of the reduced fraction; 1 and above.
    public let denominator: Int

    /// 3/2 s, the TR of the design.
    public static let standard = RepetitionTime(reduced: 3, 2)

    /// A fraction of a second, reduced; nil unless it lies between 1/100 s and 100 s with both numbers below 1 000 000.
    ///
    /// - Parameters:
    ///   - numerator: 1 and above.
    ///   - denominator: 1 and above.
    public init?(_ numerator: Int, over denominator: Int) {
        let limit = 1_000_000
        guard (1..<limit).contains(numerator), (1..<limit).contains(denominator),
            numerator <= 100 * denominator, denominator <= 100 * numerator
        else { return nil }
        var (a, b) = (numerator, denominator)
        while b != 0 { (a, b) = (b, a % b) }
        self.init(reduced: numerator / a, denominator / a)
    }

    /// A decimal number ("1.5", "2") or a fraction ("3/2"), read exactly; nil for anything that is not such a number in
    /// the range of ``init(_:over:)``.
    ///
    /// - Parameter text: Seconds.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let numerator = Int(parts[0]), let denominator = Int(parts[1]) {
            self.init(numerator, over: denominator)
            return
        }
        let digits = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(digits.count), text.utf8.count <= 8,
            digits.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let value = Int(digits.joined())
        else { return nil }
        let scale = digits.count == 1 ? 1 : (0..<digits[1].utf8.count).reduce(1) { power, _ in power * 10 }
        let common = Self.commonDivisor(value, scale)
        self.init(value / max(common, 1), over: scale / max(common, 1))
    }

    private init(reduced numerator: Int, _ denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The nearest binary number of seconds, for display and for formulas that are not about counting.
    public var seconds: Double { Double(numerator) / Double(denominator) }

    /// floor(index * TR * rate), computed in integers.
    ///
    /// - Parameters:
    ///   - index: Which TR, 0 and above.
    ///   - rate: Frames or samples a second, 1 and above.
    /// - Returns: The first frame or sample of that TR.
    public func start(of index: Int, rate: Int) -> Int { index * numerator * rate / denominator }

    /// How many whole TRs a number of samples holds.
    ///
    /// - Parameters:
    ///   - count: Samples, 0 and above.
    ///   - rate: Samples a second.
    /// - Returns: floor(count / rate / TR).
    public func wholeCount(in count: Int, rate: Int) -> Int { count * denominator / (rate * numerator) }

    /// Such as "3/2 s".
    public var description: String { denominator == 1 ? "\(numerator) s" : "\(numerator)/\(denominator) s" }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }
}
