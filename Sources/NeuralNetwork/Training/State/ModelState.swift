public import NumericCore

/// The numbers of a model: parameters, running statistics and counters, each kind in one flat array.
///
/// Layers are descriptions that know their places in it, so the same layers serve any number of states.
public struct ModelState: Sendable, Equatable {
    /// What is where.
    public let layout: ParameterLayout
    /// Trained elements, entry after entry, each row-major.
    public internal(set) var parameters: [Float]
    /// Running means and variances, entry after entry.
    public internal(set) var statistics: [Float]
    /// Batches that each normalisation has seen in training.
    public internal(set) var counters: [Int64]

    /// Draws first values in the order of the layout.
    ///
    /// - Parameters:
    ///   - layout: A model's layout; its elements are allocated here, 4 bytes each.
    ///   - generator: Source of randomness.
    public init(_ layout: ParameterLayout, using generator: inout some RandomNumberGenerator) {
        self.layout = layout
        parameters = [Float](repeating: 0, count: layout.parameterCount)
        statistics = [Float](repeating: 0, count: layout.statisticCount)
        counters = [Int64](repeating: 0, count: layout.counterCount)
        for entry in layout.entries {
            let range = entry.offset..<entry.offset + entry.count
            switch entry.kind {
            case .parameter: Self.draw(entry, range, &parameters, &generator)
            case .statistic: Self.draw(entry, range, &statistics, &generator)
            case .counter: break
            }
        }
    }

    private static func draw(
        _ entry: ParameterLayout.Entry, _ range: Range<Int>, _ values: inout [Float],
        _ generator: inout some RandomNumberGenerator
    ) {
        values.withUnsafeMutableBufferPointer { all in
            entry.initializer.fill(UnsafeMutableBufferPointer(rebasing: all[range]), using: &generator)
        }
    }

    /// The values of a parameter or statistic.
    ///
    /// - Parameter name: A name in the layout.
    /// - Returns: A tensor, or nil when no parameter or statistic has that name.
    public func tensor(_ name: String) -> Tensor<Float>? {
        guard let entry = layout.entries.first(where: { $0.name == name }) else { return nil }
        let range = entry.offset..<entry.offset + entry.count
        switch entry.kind {
        case .parameter: return Tensor(Array(parameters[range]), shape: entry.shape)
        case .statistic: return Tensor(Array(statistics[range]), shape: entry.shape)
        case .counter: return nil
        }
    }

    /// Replaces the values of a parameter or statistic.
    ///
    /// - Parameters:
    ///   - name: A name in the layout.
    ///   - tensor: The shape of that entry.
    package mutating func set(_ name: String, to tensor: Tensor<Float>) {
        guard let entry = layout.entries.first(where: { $0.name == name }) else {
            preconditionFailure("no parameter is named \(name)")
        }
        precondition(entry.shape == tensor.shape, "\(name): \(tensor.shape) for \(entry.shape)")
        let range = entry.offset..<entry.offset + entry.count
        switch entry.kind {
        case .parameter: parameters.replaceSubrange(range, with: tensor.elements)
        case .statistic: statistics.replaceSubrange(range, with: tensor.elements)
        case .counter: preconditionFailure("\(name) counts batches")
        }
    }

    /// Takes over the running statistics that a training pass observed, once for each normalisation and pass.
    ///
    /// - Parameter pass: The pass after the model's forward; an evaluation pass changes nothing.
    public mutating func absorb(_ pass: ForwardPass) {
        for moments in pass.moments {
            let layer = moments.layer
            counters[layer.counter.offset] += 1
            blend(moments.mean, into: layer.runningMean, momentum: layer.momentum)
            blend(moments.unbiasedVariance, into: layer.runningVariance, momentum: layer.momentum)
        }
    }

    private mutating func blend(_ observed: [Float], into slot: ParameterSlot, momentum: Float) {
        for (index, value) in zip(slot.range, observed) {
            statistics[index] = (1 - momentum) * statistics[index] + momentum * value
        }
    }

    /// Lends a parameter's elements.
    func withParameter<Result>(_ slot: ParameterSlot, _ body: (UnsafePointer<Float>) -> Result) -> Result {
        Self.lend(parameters, slot, body)
    }

    /// Lends a statistic's elements.
    func withStatistic<Result>(_ slot: ParameterSlot, _ body: (UnsafePointer<Float>) -> Result) -> Result {
        Self.lend(statistics, slot, body)
    }

    private static func lend<Result>(
        _ values: [Float], _ slot: ParameterSlot, _ body: (UnsafePointer<Float>) -> Result
    ) -> Result {
        precondition(slot.range.upperBound <= values.count, "a slot of another layout")
        return values.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { preconditionFailure("an entry has at least one element") }
            return body(base + slot.offset)
        }
    }
}
