/// The transposed view of a filter bank: for every spectral bin the two neighbouring filters that hold it.
///
/// Triangles that meet at their neighbours' peaks cover any frequency at most twice, so column j of the filter matrix A
/// has its weights in rows `row[j]` and `row[j] + 1` only, and A A^T is tridiagonal.
struct MelColumns: Sendable {
    let melBinCount: Int
    /// Rows of the upper weights, each below `melBinCount - 1` unless there is a single filter.
    let rows: [Int]
    let firstWeights: [Double]
    let secondWeights: [Double]

    init(_ bank: MelFilterBank) {
        melBinCount = bank.melBinCount
        var rows = [Int](repeating: 0, count: bank.spectrumBinCount)
        var first = [Double](repeating: 0, count: bank.spectrumBinCount)
        var second = first
        var isTaken = [Bool](repeating: false, count: bank.spectrumBinCount)
        for filter in 0..<bank.melBinCount {
            for index in bank.offsets[filter]..<bank.offsets[filter + 1] {
                let bin = bank.firstBins[filter] + index - bank.offsets[filter]
                let weight = Double(bank.weights[index])
                if isTaken[bin] {
                    precondition(rows[bin] == filter - 1, "bin \(bin) lies in filters \(rows[bin]) and \(filter)")
                    second[bin] = weight
                } else {
                    rows[bin] = filter
                    first[bin] = weight
                    isTaken[bin] = true
                }
            }
        }
        // A lone weight in the last filter becomes the second of a pair, so that a pair always exists.
        for bin in rows.indices where rows[bin] > 0 && rows[bin] == bank.melBinCount - 1 {
            rows[bin] -= 1
            (first[bin], second[bin]) = (0, first[bin])
        }
        (self.rows, firstWeights, secondWeights) = (rows, first, second)
    }
}
