internal import NumericCore

/// How the table's arrays are made: integer hashes of the position, so that every value is the same everywhere.
extension FormatDetectionTable {
    /// Scrambled bits of a position (the finaliser of SplitMix64).
    static func hash(_ index: Int) -> UInt64 {
        var generator = SplitMix64(seed: UInt64(bitPattern: Int64(index)))
        return generator.next()
    }

    static func filled<Element: ArrayElement>(
        _ type: Element.Type, _ shape: [Int], _ value: (Int) -> Element
    ) -> NumericArray {
        let count = shape.reduce(1, *)
        return NumericArray(Tensor((0..<count).map(value), shape: shape), origin: "table")
    }

    /// Codes 0...1023 of (TRs, codebooks, frames); codebooks from `real` on are 0.
    static func codes<Element: ArrayElement & FixedWidthInteger>(
        _ type: Element.Type, _ shape: [Int], codebooks: Int, frames: Int, real: Int? = nil, below limit: UInt64 = 1024
    ) -> NumericArray {
        filled(type, shape) { index in
            index / frames % codebooks < real ?? codebooks ? Element(truncatingIfNeeded: hash(index) % limit) : 0
        }
    }

    /// Codes of (TRs, codebooks, frames) in three dimensions.
    static func codes3D<Element: ArrayElement & FixedWidthInteger>(
        _ type: Element.Type, _ shape: [Int], real: Int? = nil, below limit: UInt64 = 1024
    ) -> NumericArray {
        codes(type, shape, codebooks: shape[1], frames: shape[2], real: real, below: limit)
    }

    /// Codes of two dimensions, codebook-major.
    static func flat<Element: ArrayElement & FixedWidthInteger>(
        _ type: Element.Type, rows: Int, codebooks: Int, frames: Int = 112, real: Int? = nil
    ) -> NumericArray {
        codes(type, [rows, codebooks * frames], codebooks: codebooks, frames: frames, real: real)
    }

    /// Floating-point codes; `fraction` is added to every second one below 1023.
    static func predictions<Element: ArrayElement & BinaryFloatingPoint>(
        _ type: Element.Type, _ shape: [Int], fraction: Element = 0
    ) -> NumericArray {
        filled(type, shape) { index in
            let code = Element(hash(index) % 1024)
            return index % 2 == 0 && code < 1023 ? code + fraction : code
        }
    }

    /// dB values from `low` to `high`, the ends among them.
    static func decibels<Element: ArrayElement & BinaryFloatingPoint>(
        _ type: Element.Type, _ shape: [Int], from low: Double = -80, to high: Double = 0
    ) -> NumericArray {
        filled(type, shape) { index in
            switch index {
            case 0: Element(low)
            case 1: Element(high)
            default: Element(low + (high - low) * Double(hash(index) % 4096) / 4096)
            }
        }
    }

    /// A copy with one element replaced.
    static func replacing<Element: ArrayElement>(
        _ array: NumericArray, at position: Int, with value: Element
    ) -> NumericArray {
        let size = MemoryLayout<Element>.size
        var bytes = array.bytes
        withUnsafeBytes(of: value) { bytes.replaceSubrange(position * size..<(position + 1) * size, with: $0) }
        return NumericArray(bytes, shape: array.shape, elementType: array.elementType, origin: array.origin)
    }

    static func layout(_ codebooks: Int, _ frames: Int = 112, padded: Int = 0) -> CodeLayout {
        CodeLayout(codebookCount: codebooks, framesPerTR: frames, zeroPaddedCodebooks: padded)
    }
}
