/// Turns stored bytes into Swift numbers, a stretch at a time.
package struct ElementDecoder: Sendable {
    /// What to do with a `float64` that `Float` cannot hold.
    package enum Rounding: Sendable {
        /// Refuse it.
        case refuse
        /// Round to nearest, ties to even, as PyTorch's `.float()` does; a finite number too large is still refused.
        case nearest
    }

    /// The kind of number stored.
    package let elementType: ArrayElementType
    /// A path for errors.
    package let origin: String
    /// What may happen to doubles.
    package let rounding: Rounding

    /// Sets up a decoder.
    ///
    /// - Parameters:
    ///   - elementType: The kind of number stored.
    ///   - origin: A path for errors.
    ///   - rounding: What may happen to doubles.
    package init(elementType: ArrayElementType, origin: String, rounding: Rounding = .refuse) {
        self.elementType = elementType
        self.origin = origin
        self.rounding = rounding
    }

    /// Appends the elements of `bytes` to `output`.
    ///
    /// - Parameters:
    ///   - bytes: Whole little-endian elements.
    ///   - startIndex: Position of the first of them in the array, for errors.
    ///   - output: Receives the numbers.
    /// - Throws: `ArrayFileError.inexact`, or `.malformed` for a truth value that is neither 0 nor 1.
    package func decode<Target: ArrayElement>(
        _ bytes: [UInt8], startIndex: Int, into output: inout [Target]
    ) throws(ArrayFileError) {
        if elementType == Target.arrayElementType { return append(bytes, to: &output) }
        let failure: Int? =
            switch elementType {
            case .bool: each(bytes, UInt8.self, &output) { $0 <= 1 ? Target.exactly(UInt64($0)) : nil }
            case .int8: each(bytes, Int8.self, &output) { Target.exactly(Int64($0)) }
            case .int16: each(bytes, Int16.self, &output) { Target.exactly(Int64($0)) }
            case .int32: each(bytes, Int32.self, &output) { Target.exactly(Int64($0)) }
            case .int64: each(bytes, Int64.self, &output) { Target.exactly($0) }
            case .uint8: each(bytes, UInt8.self, &output) { Target.exactly(UInt64($0)) }
            case .uint16: each(bytes, UInt16.self, &output) { Target.exactly(UInt64($0)) }
            case .uint32: each(bytes, UInt32.self, &output) { Target.exactly(UInt64($0)) }
            case .uint64: each(bytes, UInt64.self, &output) { Target.exactly($0) }
            case .float16: each(bytes, Float16.self, &output) { Target.exactly(Double($0)) }
            case .bfloat16: each(bytes, UInt16.self, &output) { Target.exactly(Double(Self.bfloat16($0))) }
            case .float32: each(bytes, Float.self, &output) { Target.exactly(Double($0)) }
            case .float64: each(bytes, Double.self, &output) { Target.exactly(prepared($0, for: Target.self)) }
            }
        if let failure { throw error(bytes, failure, startIndex, Target.self) }
    }

    /// The elements as `Float`.
    ///
    /// Not generic, so that other modules get the specialised loop.
    ///
    /// - Parameter bytes: All elements of an array.
    /// - Returns: One number an element.
    /// - Throws: See `decode`.
    package func float32(_ bytes: [UInt8]) throws(ArrayFileError) -> [Float] {
        var elements: [Float] = []
        elements.reserveCapacity(bytes.count / elementType.byteCount)
        try decode(bytes, startIndex: 0, into: &elements)
        return elements
    }

    /// Same type: a copy into the capacity the caller reserved.
    private func append<Target: ArrayElement>(_ bytes: [UInt8], to output: inout [Target]) {
        // An array's elements start at a multiple of 16 bytes, enough for every element type.
        bytes.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: Target.self) { output.append(contentsOf: $0) }
        }
    }

    /// Appends converted elements; returns the position of the first that cannot be, or nil.
    private func each<Source: BitwiseCopyable, Target>(
        _ bytes: [UInt8], _ source: Source.Type, _ output: inout [Target], _ convert: (Source) -> Target?
    ) -> Int? {
        bytes.withUnsafeBytes { raw in
            let size = MemoryLayout<Source>.size
            for index in 0..<raw.count / size {
                let value = raw.loadUnaligned(fromByteOffset: index * size, as: Source.self)
                guard let converted = convert(value) else { return index }
                output.append(converted)
            }
            return nil
        }
    }

    private func prepared<Target>(_ value: Double, for target: Target.Type) -> Double {
        guard rounding == .nearest, target == Float.self else { return value }
        let rounded = Float(value)
        return rounded.isInfinite && value.isFinite ? value : Double(rounded)
    }

    private static func bfloat16(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

    private func error<Target: ArrayElement>(
        _ bytes: [UInt8], _ index: Int, _ startIndex: Int, _ target: Target.Type
    ) -> ArrayFileError {
        let offset = index * elementType.byteCount
        let place = startIndex + index
        func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> String {
            String(bytes.littleEndian(at: offset, as: type))
        }
        let value: String
        switch elementType {
        case .bool:
            return .malformed(path: origin, reason: "truth value \(place) is \(bytes[offset]), neither 0 nor 1")
        case .int8: value = integer(Int8.self)
        case .int16: value = integer(Int16.self)
        case .int32: value = integer(Int32.self)
        case .int64: value = integer(Int64.self)
        case .uint8: value = integer(UInt8.self)
        case .uint16: value = integer(UInt16.self)
        case .uint32: value = integer(UInt32.self)
        case .uint64: value = integer(UInt64.self)
        case .float16: value = "\(Float16(bitPattern: bytes.littleEndian(at: offset, as: UInt16.self)))"
        case .bfloat16: value = "\(Self.bfloat16(bytes.littleEndian(at: offset, as: UInt16.self)))"
        case .float32: value = "\(Float(bitPattern: bytes.littleEndian(at: offset, as: UInt32.self)))"
        case .float64: value = "\(Double(bitPattern: bytes.littleEndian(at: offset, as: UInt64.self)))"
        }
        return .inexact(path: origin, index: place, value: value, target: Target.arrayElementType.rawValue)
    }
}
