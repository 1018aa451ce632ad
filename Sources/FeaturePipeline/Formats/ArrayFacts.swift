public import NumericCore

/// What one pass over an array finds out: everything format detection by content rests on.
///
/// Extremes and counts are over finite elements; an empty array has neither minimum nor maximum.
public struct ArrayFacts: Sendable, Hashable {
    /// Codes of EnCodec's codebooks.
    public static let codeRange = 0.0...1023.0
    /// The lowest value of a mel spectrogram in dB below its largest value (librosa's `top_db`).
    public static let floorDB = -80.0
    /// How far float32 arithmetic may carry a dB value beyond 0 or the floor.
    static let toleranceDB = 1e-3

    /// A count and where the first of them is.
    public struct Occurrences: Sendable, Hashable {
        /// How many elements.
        public private(set) var count = 0
        /// Row-major position of the first.
        public private(set) var firstIndex: Int?
        /// Value of the first.
        public private(set) var firstValue: Double?

        mutating func add(_ index: Int, _ value: Double) {
            if count == 0 { (firstIndex, firstValue) = (index, value) }
            count += 1
        }
    }

    /// Extents, outermost first.
    public let shape: [Int]
    /// The kind of number stored.
    public let elementType: ArrayElementType
    /// Number of elements.
    public let count: Int
    /// Smallest finite element.
    public private(set) var minimum: Double?
    /// Largest finite element.
    public private(set) var maximum: Double?
    /// NaN and infinities.
    public private(set) var notFinite = Occurrences()
    /// Finite elements that are not whole numbers.
    public private(set) var fractional = Occurrences()
    /// Finite elements outside 0...1023.
    public private(set) var outsideCodes = Occurrences()

    /// Looks at every element once.
    ///
    /// - Parameter array: Any array; integers beyond 2^53 are looked at as the nearest Double.
    public init(_ array: NumericArray) {
        shape = array.shape
        elementType = array.elementType
        count = array.count
        var (low, high) = (Double.infinity, -Double.infinity)
        var (notFinite, fractional, outsideCodes) = (Occurrences(), Occurrences(), Occurrences())
        array.scan { index, value in
            guard value.isFinite else { return notFinite.add(index, value) }
            low = min(low, value)
            high = max(high, value)
            if value != value.rounded(.towardZero) { fractional.add(index, value) }
            if !Self.codeRange.contains(value) { outsideCodes.add(index, value) }
        }
        (self.notFinite, self.fractional, self.outsideCodes) = (notFinite, fractional, outsideCodes)
        if low <= high { (minimum, maximum) = (low, high) }
    }

    /// Whether every element is 0; false for an empty array.
    public var isAllZero: Bool { minimum == 0 && maximum == 0 && notFinite.count == 0 }

    /// Whether every element is a whole number in 0...1023; false for an empty array.
    public var holdsOnlyCodes: Bool {
        count > 0 && notFinite.count == 0 && fractional.count == 0 && outsideCodes.count == 0
    }

    /// A row-major position as indices, such as "[3, 7, 111]".
    ///
    /// - Parameter index: 0 ..< count.
    /// - Returns: One number an axis.
    public func place(_ index: Int) -> String {
        var rest = index
        var indices: [Int] = []
        for extent in shape.reversed() where extent > 0 {
            indices.append(rest % extent)
            rest /= extent
        }
        return "\(Array(indices.reversed()))"
    }
}

extension NumericArray {
    /// Calls `body` with every element in row-major order.
    ///
    /// - Parameter body: Receives the position and the value; truth values are 0 and 1 (any other byte is 1).
    @inline(__always)
    func scan(_ body: (Int, Double) -> Void) {
        switch elementType {
        case .bool: each(UInt8.self) { body($0, $1 == 0 ? 0 : 1) }
        case .int8: each(Int8.self) { body($0, Double($1)) }
        case .int16: each(Int16.self) { body($0, Double($1)) }
        case .int32: each(Int32.self) { body($0, Double($1)) }
        case .int64: each(Int64.self) { body($0, Double($1)) }
        case .uint8: each(UInt8.self) { body($0, Double($1)) }
        case .uint16: each(UInt16.self) { body($0, Double($1)) }
        case .uint32: each(UInt32.self) { body($0, Double($1)) }
        case .uint64: each(UInt64.self) { body($0, Double($1)) }
        case .float16: each(Float16.self) { body($0, Double($1)) }
        case .bfloat16: each(UInt16.self) { body($0, Double(Float(bitPattern: UInt32($1) << 16))) }
        case .float32: each(Float.self) { body($0, Double($1)) }
        case .float64: each(Double.self) { body($0, $1) }
        }
    }

    @inline(__always)
    private func each<Element: BitwiseCopyable>(_ type: Element.Type, _ body: (Int, Element) -> Void) {
        bytes.withUnsafeBytes { raw in
            let size = MemoryLayout<Element>.size
            for index in 0..<raw.count / size {
                body(index, raw.loadUnaligned(fromByteOffset: index * size, as: Element.self))
            }
        }
    }
}
