public import NumericCore

extension TRConvolution {
    /// The same convolution by its definition, in double: the oracle of the fast one, and exact enough to round after.
    ///
    /// - Parameter features: (TRs, ...), any rank from 1 on.
    /// - Returns: The rows that the crop keeps.
    /// - Throws: ``AlignmentError/wrongShape(what:found:requirement:)`` for a scalar.
    public func plain<Number: BinaryFloatingPoint & Sendable>(
        _ features: Tensor<Number>
    ) throws(AlignmentError) -> Tensor<Number> {
        guard let rowCount = features.shape.first else {
            throw .wrongShape(what: "the array", found: [], requirement: "its first axis must be the TRs")
        }
        var shape = features.shape
        shape[0] = outputCount(forRows: rowCount)
        let columnCount = shape.dropFirst().reduce(1, *)
        let (taps, elements, start) = (response.taps, features.elements, skippedCount)
        var result: [Number] = []
        result.reserveCapacity(shape[0] * columnCount)
        for row in start..<start + shape[0] {
            let reach = max(0, row - rowCount + 1)..<max(max(0, row - rowCount + 1), min(row + 1, taps.count))
            for column in 0..<columnCount {
                var sum = 0.0
                for tap in reach { sum += taps[tap] * Double(elements[(row - tap) * columnCount + column]) }
                result.append(Number(sum))
            }
        }
        return Tensor(result, shape: shape)
    }
}
