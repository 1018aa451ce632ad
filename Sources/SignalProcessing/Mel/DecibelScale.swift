import Glibc
public import NumericCore

/// Power in decibels by librosa's `power_to_db` rule, and back.
public struct DecibelScale: Sendable, Equatable {
    /// The power that is 0 dB.
    public enum Reference: Sendable, Equatable {
        /// The largest power of the array itself; the level is then lost unless the maximum is kept.
        case maximum
        /// A given power; its magnitude counts.
        case value(Float)
    }

    /// What is 0 dB.
    public let reference: Reference
    /// Powers below this one (librosa's `amin`) are taken for it, the reference too.
    public let leastPower: Float
    /// Values further below the largest one (librosa's `top_db`) are raised to that line; nil leaves them.
    public let rangeDB: Float?

    /// The legacy pipeline's rule: 0 dB is the array's maximum, least power 1e-10, range 80 dB.
    public static let legacy = DecibelScale(checked: .maximum, leastPower: 1e-10, rangeDB: 80)

    /// Checks and keeps a rule.
    ///
    /// - Parameters:
    ///   - reference: What is 0 dB.
    ///   - leastPower: A normal number above 0.
    ///   - rangeDB: At least 0, or nil.
    /// - Throws: `SignalError.invalidSetting`.
    public init(reference: Reference, leastPower: Float = 1e-10, rangeDB: Float? = 80) throws(SignalError) {
        guard leastPower >= Float.leastNormalMagnitude, leastPower.isFinite else {
            throw .invalidSetting(
                name: "leastPower", value: "\(leastPower)",
                requirement: "finite and at least \(Float.leastNormalMagnitude)")
        }
        if let rangeDB, !(rangeDB >= 0) {
            throw .invalidSetting(name: "rangeDB", value: "\(rangeDB)", requirement: "0 or more")
        }
        if case .value(let power) = reference, !power.isFinite {
            throw .invalidSetting(name: "reference", value: "\(power)", requirement: "finite")
        }
        self.init(checked: reference, leastPower: leastPower, rangeDB: rangeDB)
    }

    private init(checked reference: Reference, leastPower: Float, rangeDB: Float?) {
        self.reference = reference
        self.leastPower = leastPower
        self.rangeDB = rangeDB
    }

    /// Replaces powers by decibels.
    ///
    /// - Parameter values: Powers, each finite and at least 0; left alone when one is not. None is allowed.
    /// - Returns: The power that became 0 dB, for `power(ofDecibels:reference:)`.
    /// - Throws: `SignalError.notFinite` or `.negative`.
    @discardableResult
    public func convert(_ values: inout [Float]) throws(SignalError) -> Float {
        try values.withUnsafeMutableBufferPointer { (all) throws(SignalError) in try convert(all) }
    }

    /// Replaces powers by decibels; see `convert(_:)` of an array.
    ///
    /// - Parameter features: Powers of any shape.
    /// - Returns: The power that became 0 dB.
    /// - Throws: `SignalError.notFinite` or `.negative`.
    @discardableResult
    public func convert(_ features: inout Tensor<Float>) throws(SignalError) -> Float {
        try features.withMutableElements { (all) throws(SignalError) in try convert(all) }
    }

    private func convert(_ values: UnsafeMutableBufferPointer<Float>) throws(SignalError) -> Float {
        try InputCheck.nonNegative(UnsafeBufferPointer(values), "Powers")
        var largest = leastPower
        for value in values { largest = value > largest ? value : largest }
        let zero: Float =
            switch reference {
            case .maximum: largest
            case .value(let power): max(leastPower, power.magnitude)
            }
        let (octaves, remainder) = Self.logarithm(zero)
        let top = Self.decibels(largest, octaves, remainder)
        let bottom = rangeDB.map { top - $0 } ?? -.infinity
        for index in 0..<values.count {
            let value = values[index]
            let decibels = Self.decibels(value > leastPower ? value : leastPower, octaves, remainder)
            values[index] = decibels > bottom ? decibels : bottom
        }
        return zero
    }

    /// 10 log10(power / reference) for a reference given as its logarithm; exactly 0 for equal powers.
    @inline(__always)
    private static func decibels(_ power: Float, _ octaves: Int32, _ remainder: Float) -> Float {
        let (ownOctaves, ownRemainder) = logarithm(power)
        return Float(decibelsPerOctave) * (Float(ownOctaves - octaves) + (ownRemainder - remainder))
    }

    /// The binary logarithm of a normal number as an integer and a rest of at most half, by arithmetic that vectorises.
    ///
    /// With m the mantissa between sqrt(1/2) and sqrt(2) and t = (m - 1) / (m + 1), |t| <= 0.172, the rest is
    /// 2 / ln 2 (t + t^3 / 3 + t^5 / 5 + t^7 / 7) less 4.3e-8 at most: with rounding, 4e-7 octaves or 1.2e-6 dB.
    @inline(__always)
    private static func logarithm(_ power: Float) -> (octaves: Int32, remainder: Float) {
        // Counting exponents from sqrt(1/2): 0x3F3504F3 are its bits.
        let shifted = Int32(bitPattern: power.bitPattern &- 0x3F35_04F3)
        let octaves = shifted &>> 23
        let mantissa = Float(bitPattern: UInt32(bitPattern: (shifted & 0x7F_FFFF) &+ 0x3F35_04F3))
        let t = (mantissa - 1) / (mantissa + 1)
        let square = t * t
        let series = 1 + square * (1 / 3.0 + square * (1 / 5.0 + square * (1 / 7.0)))
        return (octaves, 2.885_390_1 * t * series)
    }

    private static let decibelsPerOctave = 10 * log10(2.0)

    /// Powers of decibel values: reference x 10^(dB / 10).
    ///
    /// - Parameters:
    ///   - decibels: Finite; any number of them.
    ///   - reference: The power of 0 dB, finite and above 0; 1 when the level is not known.
    /// - Returns: As many powers.
    /// - Throws: `SignalError.notFinite`, `.powerOverflow` or `.invalidSetting`.
    public static func power(ofDecibels decibels: [Float], reference: Float) throws(SignalError) -> [Float] {
        guard reference > 0, reference.isFinite else {
            throw .invalidSetting(name: "reference", value: "\(reference)", requirement: "finite and above 0")
        }
        try InputCheck.finite(decibels, "Decibels")
        let scale = 1 / decibelsPerOctave
        let powers = decibels.map { Float(Double(reference) * exp2(scale * Double($0))) }
        if let index = powers.firstIndex(of: .infinity) {
            let largest = Float(10 * log10(Double(Float.greatestFiniteMagnitude) / Double(reference)))
            throw .powerOverflow(index: index, decibels: decibels[index], largest: largest)
        }
        return powers
    }
}
