/// Where tensors come from: a checkpoint, or a formula.
public struct WeightSource {
    /// What to call the source in errors.
    public let name: String
    /// Every tensor's shape by its name.
    public let shapes: [String: [Int]]
    /// Row-major float32 values of one tensor.
    public let read: (_ name: String) throws(EncodecError) -> [Float]

    /// A source of tensors.
    ///
    /// - Parameters:
    ///   - name: What to call it in errors, such as a path.
    ///   - shapes: Every tensor's shape by its name.
    ///   - read: Gives the row-major values of one of these.
    public init(
        name: String, shapes: [String: [Int]], read: @escaping (_ name: String) throws(EncodecError) -> [Float]
    ) {
        self.name = name
        self.shapes = shapes
        self.read = read
    }
}

/// Takes tensors by Hugging Face's names, checks shape and finiteness, and remembers what nobody asked for.
struct WeightReader {
    let source: WeightSource
    private var untouched: Set<String>

    init(_ source: WeightSource) {
        self.source = source
        untouched = Set(source.shapes.keys)
    }

    /// One tensor of exactly this shape.
    mutating func take(_ name: String, shape: [Int]) throws(EncodecError) -> [Float] {
        guard let found = source.shapes[name] else { throw .missingTensor(name: name, source: source.name) }
        guard found == shape else {
            throw .wrongShape(name: name, expected: shape, found: found, source: source.name)
        }
        untouched.remove(name)
        let values = try source.read(name)
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteWeight(name: name, index: index, source: source.name)
        }
        return values
    }

    /// A convolution's weight: plain, or the product of a direction and a length under either spelling.
    mutating func takeConvolutionWeight(_ prefix: String, shape: [Int], isWeightNormalized: Bool)
        throws(EncodecError) -> [Float]
    {
        guard isWeightNormalized else { return try take(prefix + ".weight", shape: shape) }
        let isParametrized = source.shapes[prefix + ".weight_g"] == nil
        let (length, direction) =
            isParametrized
            ? (".parametrizations.weight.original0", ".parametrizations.weight.original1") : (".weight_g", ".weight_v")
        let lengths = try take(prefix + length, shape: [shape[0]] + shape.dropFirst().map { _ in 1 })
        let weights = Self.scaled(try take(prefix + direction, shape: shape), toLengths: lengths)
        if let index = weights.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteWeight(name: prefix + direction, index: index, source: source.name)
        }
        return weights
    }

    /// g v / |v| for each slice of the first dimension, the norm in Double.
    static func scaled(_ direction: [Float], toLengths lengths: [Float]) -> [Float] {
        let size = direction.count / lengths.count
        var weights = direction
        for (index, length) in lengths.enumerated() {
            let slice = index * size..<(index + 1) * size
            let norm = direction[slice].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            let scale = Float(Double(length) / norm)
            for position in slice { weights[position] *= scale }
        }
        return weights
    }

    /// Names that the loader knows and does not need.
    mutating func ignore(_ names: [String]) { untouched.subtract(names) }

    /// - Throws: ``EncodecError/unknownTensors(names:source:)`` when a tensor was not asked for.
    func finish() throws(EncodecError) {
        guard untouched.isEmpty else { throw .unknownTensors(names: untouched.sorted(), source: source.name) }
    }
}
