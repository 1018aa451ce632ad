public import NumericCore

/// A table of vectors looked up by code, as PyTorch's `Embedding`.
public struct EmbeddingLayer: Sendable {
    /// Rows of the table.
    public let vocabularySize: Int
    /// Columns of the table.
    public let width: Int
    let weight: ParameterSlot

    /// Adds `NAME.weight` (vocabulary, width), standard normal at first, to a layout.
    ///
    /// - Parameters:
    ///   - name: The module's name.
    ///   - vocabularySize: At least 1.
    ///   - width: At least 1.
    ///   - layout: The model's layout.
    public init(_ name: String, vocabularySize: Int, width: Int, in layout: inout ParameterLayout) {
        self.vocabularySize = vocabularySize
        self.width = width
        weight = layout.add(
            "\(name).weight", shape: [vocabularySize, width], initializer: .normal(standardDeviation: 1))
    }

    /// Looks codes up.
    ///
    /// - Parameters:
    ///   - codes: Any shape, each 0 ..< `vocabularySize`.
    ///   - state: The model's numbers.
    /// - Returns: The shape of `codes` with `width` appended.
    public func forward(_ codes: Tensor<Int32>, _ state: ModelState) -> Tensor<Float> {
        let result = Rows.make(count: codes.count * width) { output in
            lookUp(codes.elements[...], state, into: output, rowStride: width)
        }
        return Tensor(result, shape: codes.shape + [width])
    }

    /// Adds the table's gradient.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - codes: What `forward` was given.
    ///   - gradients: Receives the table's share; dense, as PyTorch's default.
    public func backward(_ gradient: Tensor<Float>, codes: Tensor<Int32>, into gradients: inout Gradients) {
        precondition(rowCount(of: gradient, columns: width) == codes.count, "\(gradient.shape) for \(codes.shape)")
        Rows.lend(gradient) { accumulate($0, rowStride: width, codes: codes.elements[...], into: &gradients) }
    }

    /// Writes one vector a code, `rowStride` floats apart.
    package func lookUp(
        _ codes: ArraySlice<Int32>, _ state: ModelState, into output: UnsafeMutablePointer<Float>, rowStride: Int
    ) {
        state.withParameter(weight) { table in
            var target = output
            for code in codes {
                target.update(from: table + checked(code) * width, count: width)
                target += rowStride
            }
        }
    }

    /// Adds one gradient vector a code, `rowStride` floats apart.
    package func accumulate(
        _ gradient: UnsafePointer<Float>, rowStride: Int, codes: ArraySlice<Int32>, into gradients: inout Gradients
    ) {
        gradients.accumulate(weight) { table, beta in
            if beta == 0 { table.update(repeating: 0, count: vocabularySize * width) }
            var source = gradient
            for code in codes {
                let row = table + checked(code) * width
                for column in 0..<width { row[column] += source[column] }
                source += rowStride
            }
        }
    }

    private func checked(_ code: Int32) -> Int {
        precondition(code >= 0 && Int(code) < vocabularySize, "code \(code) in a vocabulary of \(vocabularySize)")
        return Int(code)
    }
}
