/// Why a signal or an array of features could not be processed.
///
/// `description` is one sentence with the value and the remedy.
public enum SignalError: Error, Equatable, Sendable {
    /// A setting that has no meaning; `requirement` says what would have.
    case invalidSetting(name: String, value: String, requirement: String)
    /// NaN or infinity among the input; `index` counts from the start of the signal or array.
    case notFinite(what: String, index: Int, value: String)
    /// A negative number where a power or a magnitude is wanted.
    case negative(what: String, index: Int, value: Float)
    /// An input of the wrong size; `requirement` says what would fit.
    case wrongSize(what: String, found: String, requirement: String)
    /// A decibel value whose power a `Float` cannot hold.
    case powerOverflow(index: Int, decibels: Float, largest: Float)
}

extension SignalError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .invalidSetting(let name, let value, let requirement):
            "\(name) is \(value), but must be \(requirement)."
        case .notFinite(let what, let index, let value):
            "\(what) hold \(value) at index \(index); repair or cut out what is not finite."
        case .negative(let what, let index, let value):
            "\(what) hold \(value) at index \(index), but must not be negative; pass power or magnitude, not decibels."
        case .wrongSize(let what, let found, let requirement):
            "\(what): found \(found), but \(requirement)."
        case .powerOverflow(let index, let decibels, let largest):
            "\(decibels) dB at index \(index) exceed \(largest) dB, the most a 32-bit power holds;"
                + " check that the array holds decibels and not codes."
        }
    }
}

/// Checks at the module's border.
enum InputCheck {
    /// Throws for the first NaN or infinity.
    static func finite(_ values: [Float], _ what: String, startIndex: Int = 0) throws(SignalError) {
        // Whole passes over the bits vectorise; the index is only wanted when something is wrong.
        var isUnfit: UInt32 = 0
        for value in values { isUnfit |= (value.bitPattern & 0x7FFF_FFFF) >= infinity ? 1 : 0 }
        if isUnfit == 0 { return }
        guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
        throw .notFinite(what: what, index: startIndex + index, value: "\(values[index])")
    }

    /// Throws for the first NaN, infinity or negative number.
    static func nonNegative(_ values: UnsafeBufferPointer<Float>, _ what: String) throws(SignalError) {
        var isUnfit: UInt32 = 0
        // A set sign bit makes the number larger than infinity's; only -0 is let through.
        for value in values {
            let bits = value.bitPattern == 0x8000_0000 ? 0 : value.bitPattern
            isUnfit |= bits >= infinity ? 1 : 0
        }
        if isUnfit == 0 { return }
        guard let index = values.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) else { return }
        if values[index].isFinite { throw .negative(what: what, index: index, value: values[index]) }
        throw .notFinite(what: what, index: index, value: "\(values[index])")
    }

    /// Throws for the first NaN, infinity or negative number.
    static func nonNegative(_ values: [Float], _ what: String) throws(SignalError) {
        try values.withUnsafeBufferPointer { (all) throws(SignalError) in try nonNegative(all, what) }
    }

    private static let infinity = Float.infinity.bitPattern
}
