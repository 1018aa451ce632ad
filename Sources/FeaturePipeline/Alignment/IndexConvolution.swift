public import NumericCore

/// What the design document does to codes: their index numbers are convolved, rounded half to even and clipped.
///
/// Indices are labels, so the result is noise; it is here to load what was made that way and to show what it costs.
public enum IndexConvolution {
    /// The largest code of EnCodec's codebooks.
    public static let largestCode = 1023

    /// How much of the codes survived.
    public struct Damage: Sendable, Equatable, Codable {
        /// Codes that came out.
        public var count = 0
        /// Those equal to the code of the same place that went in.
        public var unchangedCount = 0
        /// Those that were above ``IndexConvolution/largestCode`` before clipping.
        public var clippedHighCount = 0
        /// Those that were below 0 before clipping.
        public var clippedLowCount = 0

        /// Share of ``unchangedCount``, 0...1; nil when nothing came out.
        public var unchangedFraction: Double? { fraction(unchangedCount) }
        /// Share of ``clippedHighCount``, 0...1; nil when nothing came out.
        public var clippedHighFraction: Double? { fraction(clippedHighCount) }
        /// Share of ``clippedLowCount``, 0...1; nil when nothing came out.
        public var clippedLowFraction: Double? { fraction(clippedLowCount) }

        private func fraction(_ part: Int) -> Double? { count > 0 ? Double(part) / Double(count) : nil }
    }

    /// Convolves index numbers.
    ///
    /// - Parameters:
    ///   - codes: (TRs, ...), each 0...1023.
    ///   - convolution: The response; the document means nilearn's kernel and ``TRConvolution/Crop/same``.
    /// - Returns: Codes of the same type and what became of them; codes past the input's last TR count as changed.
    /// - Throws: ``AlignmentError`` for a scalar or a code out of range.
    public static func convolve(
        _ codes: Tensor<Int32>, with convolution: TRConvolution
    ) throws(AlignmentError) -> (codes: Tensor<Int32>, damage: Damage) {
        try check(codes)
        let values = Tensor(codes.elements.map { Float($0) }, shape: codes.shape)
        let convolved = try convolution.plain(values)
        var damage = Damage()
        damage.count = convolved.count
        let given = codes.elements
        let result = convolved.elements.enumerated().map { index, value in
            let rounded = Int32(value.rounded(.toNearestOrEven))
            damage.clippedHighCount += rounded > Int32(largestCode) ? 1 : 0
            damage.clippedLowCount += rounded < 0 ? 1 : 0
            let code = min(max(rounded, 0), Int32(largestCode))
            damage.unchangedCount += index < given.count && given[index] == code ? 1 : 0
            return code
        }
        return (Tensor(result, shape: convolved.shape), damage)
    }

    /// Refuses codes that no codebook has.
    ///
    /// - Parameter codes: Any shape.
    /// - Throws: ``AlignmentError/codeOutOfRange(code:index:)`` for the first one.
    public static func check(_ codes: Tensor<Int32>) throws(AlignmentError) {
        if let index = codes.elements.firstIndex(where: { $0 < 0 || $0 > Int32(largestCode) }) {
            throw .codeOutOfRange(code: Int(codes.elements[index]), index: index)
        }
    }
}
