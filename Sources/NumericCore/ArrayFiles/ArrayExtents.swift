/// Sizes that come from a file and are not yet trusted.
package enum ArrayExtents {
    /// More dimensions than any array here has; NumPy's own limit.
    package static let maximumRank = 64

    /// Bytes that an array of this shape takes.
    ///
    /// Extents of 0 count as 1 for the overflow check, so that every partial product of an accepted shape is safe.
    ///
    /// - Parameters:
    ///   - shape: Extents as read.
    ///   - elementType: The kind of number.
    ///   - path: For the error.
    /// - Returns: The number of bytes.
    /// - Throws: `ArrayFileError.malformed` for a negative extent, too many of them or an overflowing product.
    package static func byteCount(
        of shape: [Int], _ elementType: ArrayElementType, path: String
    ) throws(ArrayFileError) -> Int {
        guard shape.count <= maximumRank else {
            throw .malformed(path: path, reason: "\(shape.count) dimensions exceed \(maximumRank)")
        }
        var bound = elementType.byteCount
        for extent in shape {
            guard extent >= 0 else { throw .malformed(path: path, reason: "negative extent \(extent) in \(shape)") }
            let (product, overflow) = bound.multipliedReportingOverflow(by: max(1, extent))
            guard !overflow else { throw .malformed(path: path, reason: "shape \(shape) has too many elements") }
            bound = product
        }
        return shape.contains(0) ? 0 : bound
    }

    /// Strides of a dense array, in elements.
    ///
    /// - Parameters:
    ///   - shape: Extents with a checked product.
    ///   - isColumnMajor: First index fastest (Fortran) instead of last (C).
    /// - Returns: One stride an extent.
    package static func strides(of shape: [Int], isColumnMajor: Bool = false) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        var stride = 1
        for axis in isColumnMajor ? Array(shape.indices) : shape.indices.reversed() {
            strides[axis] = stride
            stride *= max(1, shape[axis])
        }
        return strides
    }

    /// Copies a strided array into row-major order.
    ///
    /// - Parameters:
    ///   - bytes: The storage; every addressed element lies inside (checked by the caller, and trapped here).
    ///   - offset: First element's position, in elements.
    ///   - shape: Extents.
    ///   - strides: Steps in elements, one an extent.
    ///   - size: Bytes an element.
    /// - Returns: Row-major bytes.
    package static func gather(
        _ bytes: [UInt8], offset: Int = 0, shape: [Int], strides: [Int], size: Int
    ) -> [UInt8] {
        let count = shape.reduce(1, *)
        if strides == self.strides(of: shape) { return [UInt8](bytes[offset * size..<(offset + count) * size]) }
        var result: [UInt8] = []
        result.reserveCapacity(count * size)
        var position = [Int](repeating: 0, count: shape.count)
        var element = offset
        for _ in 0..<count {
            result.append(contentsOf: bytes[element * size..<(element + 1) * size])
            for axis in shape.indices.reversed() {
                position[axis] += 1
                element += strides[axis]
                if position[axis] < shape[axis] { break }
                element -= strides[axis] * shape[axis]
                position[axis] = 0
            }
        }
        return result
    }
}
