import Glibc

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
    ///   - leastPower: Above 0.
    ///   - rangeDB: At least 0, or nil.
    /// - Throws: `SignalError.invalidSetting`.
    public init(reference: Reference, leastPower: Float = 1e-10, rangeDB: Float? = 80) throws(SignalError) {
        guard leastPower > 0, leastPower.isFinite else {
            throw .invalidSetting(name: "leastPower", value: "\(leastPower)", requirement: "finite and above 0")
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
        try InputCheck.nonNegative(values, "Powers")
        let largest = max(leastPower, values.max() ?? 0)
        let zero: Float =
            switch reference {
            case .maximum: largest
            case .value(let power): max(leastPower, power.magnitude)
            }
        let offset = Self.decibelsPerOctave * log2(Double(zero))
        let top = Float(Self.decibelsPerOctave * log2(Double(largest)) - offset)
        let bottom = rangeDB.map { top - $0 } ?? -.infinity
        // The offset is taken off before rounding: the largest value is then exactly 0 dB.
        for index in values.indices {
            let octaves = log2(Double(max(values[index], leastPower)))
            values[index] = max(bottom, Float(Self.decibelsPerOctave * octaves - offset))
        }
        return zero
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
