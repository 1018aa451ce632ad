public import NumericCore

/// Dense blocks one after another.
public struct DenseStack: Sendable {
    /// The blocks in order; at least one.
    public let blocks: [DenseBlock]

    /// What `backward` needs from `forward`: one cache a block.
    public struct Cache: Sendable {
        let blocks: [DenseBlock.Cache]
    }

    /// Puts blocks in a row.
    ///
    /// - Parameter blocks: At least one; each reads as many columns as the one before writes.
    public init(_ blocks: [DenseBlock]) {
        precondition(!blocks.isEmpty, "a stack of no blocks")
        for (first, second) in zip(blocks, blocks.dropFirst()) {
            precondition(first.outputCount == second.inputCount, "\(first.outputCount) into \(second.inputCount)")
        }
        self.blocks = blocks
    }

    /// Columns of the output.
    public var outputCount: Int { blocks[blocks.count - 1].outputCount }

    /// Applies every block.
    ///
    /// - Parameters:
    ///   - input: Shape (rows, inputs of the first block); in training at least two rows.
    ///   - state: The model's numbers.
    ///   - pass: The pass.
    /// - Returns: Shape (rows, `outputCount`), and what `backward` needs.
    public func forward(
        _ input: Tensor<Float>, _ state: ModelState, _ pass: inout ForwardPass
    ) -> (output: Tensor<Float>, cache: Cache) {
        var caches: [DenseBlock.Cache] = []
        var values = input
        for block in blocks {
            let (output, cache) = block.forward(values, state, &pass)
            caches.append(cache)
            values = output
        }
        return (values, Cache(blocks: caches))
    }

    /// Adds the parameters' gradients and gives that of the input.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    /// - Returns: The gradient with respect to the input.
    public func backward(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) -> Tensor<Float> {
        zip(blocks, cache.blocks).reversed().reduce(gradient) { gradient, pair in
            pair.0.backward(gradient, pair.1, state, into: &gradients)
        }
    }

    /// Adds the parameters' gradients only, for a stack whose input needs none.
    ///
    /// - Parameters:
    ///   - gradient: With respect to the output.
    ///   - cache: From `forward`.
    ///   - state: The numbers `forward` was given.
    ///   - gradients: Receives the parameters' share.
    public func accumulate(
        _ gradient: Tensor<Float>, _ cache: Cache, _ state: ModelState, into gradients: inout Gradients
    ) {
        let inner = zip(blocks, cache.blocks).dropFirst().reversed().reduce(gradient) { gradient, pair in
            pair.0.backward(gradient, pair.1, state, into: &gradients)
        }
        blocks[0].accumulate(inner, cache.blocks[0], state, into: &gradients)
    }
}
