import NumericCore

/// Checks that the innermost extent is `columns` and counts the rows above it.
func rowCount(of tensor: Tensor<Float>, columns: Int) -> Int {
    precondition(tensor.shape.last == columns, "shape \(tensor.shape) where rows of \(columns) are wanted")
    return tensor.count / columns
}

/// Loops over dense rows that several layers share.
enum Rows {
    /// An array that `fill` writes completely.
    static func make(count: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress, count > 0 { fill(base) }
            initialized = count
        }
    }

    /// Lends a tensor's elements; an empty tensor lends nothing.
    static func lend(_ tensor: Tensor<Float>, _ body: (UnsafePointer<Float>) -> Void) {
        tensor.elements.withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
    }

    /// Every row becomes `row`.
    static func fill(_ output: UnsafeMutablePointer<Float>, rows: Int, columns: Int, with row: UnsafePointer<Float>) {
        for index in 0..<rows { (output + index * columns).update(from: row, count: columns) }
    }

    /// Adds `row` to every row.
    static func add(
        _ row: UnsafePointer<Float>, toRowsOf output: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        for index in 0..<rows {
            let output = output + index * columns
            for column in 0..<columns { output[column] += row[column] }
        }
    }

    /// target = beta target + the sum over rows; sums run in Double.
    static func addColumnSums(
        _ values: UnsafePointer<Float>, rows: Int, columns: Int, into target: UnsafeMutablePointer<Float>, beta: Float
    ) {
        var sums = [Double](repeating: 0, count: columns)
        sums.withUnsafeMutableBufferPointer { sums in
            for row in 0..<rows {
                let values = values + row * columns
                for column in 0..<columns { sums[column] += Double(values[column]) }
            }
            for column in 0..<columns {
                target[column] = (beta == 0 ? 0 : target[column]) + Float(sums[column])
            }
        }
    }
}
