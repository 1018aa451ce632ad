public import NumericCore

extension Tensor<Float> {
    /// The same numbers with the last two axes exchanged: (batch, time, channels) from (batch, channels, time) and back.
    ///
    /// - Returns: A new tensor; rank at least 2.
    public func swappingInnerAxes() -> Tensor<Float> {
        precondition(rank >= 2, "shape \(shape) has no two axes to exchange")
        let (rows, columns) = (shape[rank - 2], shape[rank - 1])
        let result = Rows.make(count: count) { output in
            Rows.lend(self) { input in
                for start in stride(from: 0, to: count, by: rows * columns) {
                    TrainingKernels.transpose(input + start, rows: rows, columns: columns, into: output + start)
                }
            }
        }
        return Tensor(result, shape: shape.dropLast(2) + [columns, rows])
    }

    /// Rows of several matrices side by side.
    ///
    /// - Parameter parts: Matrices with the same number of rows; at least one.
    /// - Returns: Their columns in order.
    public static func joiningColumns(_ parts: [Tensor<Float>]) -> Tensor<Float> {
        guard let rows = parts.first?.shape.first else { preconditionFailure("no matrix to join") }
        precondition(parts.allSatisfy { $0.rank == 2 && $0.shape[0] == rows }, "\(parts.map(\.shape)) side by side")
        let width = parts.reduce(0) { $0 + $1.shape[1] }
        let result = Rows.make(count: rows * width) { output in
            var first = 0
            for part in parts {
                let columns = part.shape[1]
                Rows.lend(part) { values in
                    for row in 0..<rows {
                        (output + row * width + first).update(from: values + row * columns, count: columns)
                    }
                }
                first += columns
            }
        }
        return Tensor(result, shape: [rows, width])
    }

    /// The inverse of ``joiningColumns(_:)``.
    ///
    /// - Parameter widths: Columns of each part; their sum is the width of this matrix.
    /// - Returns: The parts in order.
    public func splittingColumns(_ widths: [Int]) -> [Tensor<Float>] {
        precondition(rank == 2 && shape[1] == widths.reduce(0, +), "\(shape) into widths \(widths)")
        var first = 0
        return widths.map { columns in
            defer { first += columns }
            let result = Rows.make(count: shape[0] * columns) { output in
                Rows.lend(self) { values in
                    for row in 0..<shape[0] {
                        (output + row * columns).update(from: values + row * shape[1] + first, count: columns)
                    }
                }
            }
            return Tensor(result, shape: [shape[0], columns])
        }
    }

    /// The element-wise sum.
    ///
    /// - Parameter other: The same shape.
    /// - Returns: A new tensor.
    public func adding(_ other: Tensor<Float>) -> Tensor<Float> { Activation.combine(self, other) { $0 + $1 } }

    /// Every element times a number.
    ///
    /// - Parameter factor: The number.
    /// - Returns: A new tensor.
    public func scaled(by factor: Float) -> Tensor<Float> { Activation.map(self) { $0 * factor } }
}
