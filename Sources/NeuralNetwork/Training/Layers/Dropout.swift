public import NumericCore

/// Drops elements in training and scales the others by 1 / (1 - rate), as PyTorch's `Dropout`.
public struct Dropout: Sendable, Equatable {
    /// Probability of dropping an element, 0 ..< 1; rounded to a multiple of 1/65536.
    public let rate: Double

    /// The factors of one pass; nil where every element was kept.
    public struct Cache: Sendable {
        let mask: [Float]?

        /// Factors that somebody else drew.
        ///
        /// - Parameter mask: One factor an element, 0 or 1 / (1 - rate); nil keeps everything.
        public init(mask: [Float]?) { self.mask = mask }
    }

    /// Describes a dropout.
    ///
    /// - Parameter rate: 0 ..< 1.
    public init(rate: Double) {
        precondition(rate >= 0 && rate < 1, "a dropout rate of \(rate)")
        self.rate = rate
    }

    /// Draws a mask and applies it; in evaluation nothing happens.
    ///
    /// - Parameters:
    ///   - input: Any shape.
    ///   - pass: Gives the randomness.
    /// - Returns: The same shape, and what `backward` needs.
    public func forward(_ input: Tensor<Float>, _ pass: inout ForwardPass) -> (output: Tensor<Float>, cache: Cache) {
        let cache = Cache(mask: pass.dropoutMask(rate: rate, count: input.count))
        return (apply(cache, to: input), cache)
    }

    /// Multiplies by a mask: the forward pass with given factors, and the backward pass.
    ///
    /// - Parameters:
    ///   - cache: The factors.
    ///   - values: The input, or the gradient with respect to the output.
    /// - Returns: The product.
    public func apply(_ cache: Cache, to values: Tensor<Float>) -> Tensor<Float> {
        guard let mask = cache.mask else { return values }
        return Activation.combine(values, Tensor(mask, shape: values.shape)) { $0 * $1 }
    }
}
