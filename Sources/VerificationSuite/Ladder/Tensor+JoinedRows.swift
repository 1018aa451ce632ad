internal import NumericCore

extension Tensor {
    /// (TRs, values, frames) as (values, all frames), without the columns that fill TRs up.
    ///
    /// - Parameter frameCounts: Valid columns of each TR.
    /// - Returns: One row a value.
    func joined(frameCounts: [Int]) -> Tensor {
        precondition(rank == 3 && frameCounts.count == shape[0], "\(frameCounts.count) counts for \(shape)")
        let (valueCount, width) = (shape[1], shape[2])
        var result: [Element] = []
        result.reserveCapacity(valueCount * frameCounts.reduce(0, +))
        for value in 0..<valueCount {
            for (tr, count) in frameCounts.enumerated() {
                let start = (tr * valueCount + value) * width
                result += elements[start..<start + count]
            }
        }
        return Tensor(result, shape: [valueCount, frameCounts.reduce(0, +)])
    }
}
