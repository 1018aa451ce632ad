public import NumericCore

/// The gradient of a loss with respect to every parameter of a model, in the layout of its parameters.
///
/// A parameter that no backward pass has reached has no gradient, which is not the same as a gradient of 0: optimisers
/// leave it alone, as PyTorch does.
public struct Gradients: Sendable, Equatable {
    /// What is where.
    public let layout: ParameterLayout
    var values: [Float]
    private var isPresent: [Bool]

    /// Gradients of a model before any backward pass.
    ///
    /// - Parameter layout: The model's.
    public init(_ layout: ParameterLayout) {
        self.layout = layout
        values = [Float](repeating: 0, count: layout.parameterCount)
        isPresent = [Bool](repeating: false, count: layout.entries.count)
    }

    /// Forgets all gradients; the memory is kept.
    public mutating func reset() {
        for index in isPresent.indices { isPresent[index] = false }
    }

    /// The gradient of a parameter.
    ///
    /// - Parameter name: A name in the layout.
    /// - Returns: nil when no parameter has that name or no backward pass has reached it.
    public func tensor(_ name: String) -> Tensor<Float>? {
        guard let index = layout.entries.firstIndex(where: { $0.name == name }), isPresent[index] else { return nil }
        let entry = layout.entries[index]
        return Tensor(Array(values[entry.offset..<entry.offset + entry.count]), shape: entry.shape)
    }

    /// Positions in `layout.entries` of the parameters that have a gradient.
    public var presentIndices: [Int] { isPresent.indices.filter { isPresent[$0] } }

    /// Ranges of `values` that hold gradients, neighbours joined.
    var presentRanges: [Range<Int>] {
        var ranges: [Range<Int>] = []
        for index in presentIndices {
            let entry = layout.entries[index]
            if let last = ranges.last, last.upperBound == entry.offset {
                ranges[ranges.count - 1] = last.lowerBound..<entry.offset + entry.count
            } else {
                ranges.append(entry.offset..<entry.offset + entry.count)
            }
        }
        return ranges
    }

    /// Lends the place of a parameter's gradient for `body` to add to.
    ///
    /// - Parameters:
    ///   - slot: The parameter.
    ///   - body: Receives the elements and beta: 1 when they already hold a sum, 0 when their contents mean nothing.
    mutating func accumulate(_ slot: ParameterSlot, _ body: (UnsafeMutablePointer<Float>, _ beta: Float) -> Void) {
        precondition(slot.range.upperBound <= values.count, "a slot of another layout")
        let beta: Float = isPresent[slot.index] ? 1 : 0
        isPresent[slot.index] = true
        values.withUnsafeMutableBufferPointer { all in
            guard let base = all.baseAddress else { preconditionFailure("an entry has at least one element") }
            body(base + slot.offset, beta)
        }
    }

    /// The Euclidean norm over all present gradients, summed in Double over interleaved lanes.
    public var globalNorm: Double {
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return 0 }
            let sum = presentRanges.reduce(0.0) { sum, range in
                sum + TrainingKernels.squareSum(base + range.lowerBound, count: range.count)
            }
            return sum.squareRoot()
        }
    }

    /// Scales all gradients so that their global norm does not exceed a bound, as `clip_grad_norm_` does.
    ///
    /// The factor is bound / (norm + 1e-6), at most 1; a NaN norm makes every gradient NaN.
    ///
    /// - Parameter maximumNorm: The bound, above 0.
    /// - Returns: The norm before scaling.
    @discardableResult
    public mutating func clip(toGlobalNorm maximumNorm: Double) -> Double {
        let norm = globalNorm
        let factor = Float(maximumNorm / (norm + 1e-6))
        guard !(factor >= 1) else { return norm }
        let ranges = presentRanges
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for range in ranges {
                TrainingKernels.scale(base + range.lowerBound, by: factor, count: range.count)
            }
        }
        return norm
    }
}
