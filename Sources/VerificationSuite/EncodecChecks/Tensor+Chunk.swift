internal import NumericCore

extension Tensor {
    /// The first columns of one matrix of a stack (matrices, rows, columns).
    func chunk(_ index: Int, columns: Int) -> Tensor {
        let (rows, stored) = (shape[1], shape[2])
        var kept: [Element] = []
        for row in 0..<rows {
            let start = (index * rows + row) * stored
            kept += elements[start..<start + min(columns, stored)]
        }
        return Tensor(kept, shape: [rows, min(columns, stored)])
    }
}
