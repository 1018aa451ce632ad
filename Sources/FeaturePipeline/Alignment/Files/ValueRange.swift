/// What values an array holds, gathered piece by piece.
public struct ValueRange: Sendable, Equatable, Codable {
    /// Values seen.
    public private(set) var count = 0
    /// NaN and infinities among them.
    public private(set) var nonFiniteCount = 0
    /// Finite values below 0 or above 1, which a decoder that ends in a sigmoid cannot produce.
    public private(set) var outsideUnitCount = 0
    /// The smallest finite value; nil while there is none.
    public private(set) var minimum: Float?
    /// The largest finite value; nil while there is none.
    public private(set) var maximum: Float?

    /// Nothing seen yet.
    public init() {}

    /// Takes more values in.
    ///
    /// - Parameter values: Any number of them.
    mutating func add(_ values: UnsafeBufferPointer<Float>) {
        var (low, high) = (Float.infinity, -Float.infinity)
        var (nonFinite, outside) = (0, 0)
        // Short runs of narrow counters, so that the loop is made of vectors.
        for start in stride(from: 0, to: values.count, by: 1 << 16) {
            var (unfit, beyond): (Int32, Int32) = (0, 0)
            for index in start..<min(start + 1 << 16, values.count) {
                let value = values[index]
                let isFinite = value.magnitude <= Float.greatestFiniteMagnitude
                unfit &+= isFinite ? 0 : 1
                beyond &+= isFinite && (value < 0 || value > 1) ? 1 : 0
                low = isFinite && value < low ? value : low
                high = isFinite && value > high ? value : high
            }
            nonFinite += Int(unfit)
            outside += Int(beyond)
        }
        count += values.count
        nonFiniteCount += nonFinite
        outsideUnitCount += outside
        guard low <= high else { return }
        minimum = min(minimum ?? low, low)
        maximum = max(maximum ?? high, high)
    }
}
