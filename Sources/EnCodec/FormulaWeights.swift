internal import Glibc

/// Weights that both sides of a comparison compute from a formula, so that a full-size model needs no file.
///
/// Element i of tensor t is scale x v with v = (2u + 1 - 2^24) / 2^24 and u the top 24 bits of
/// mix(fnv1a64(t) ^ mix(seed) + (i + 1) x 0x9E3779B97F4A7C15), mix being SplitMix64's finaliser. The scales are
/// chosen per kind of tensor so that no activation explodes or dies and codes vary. The codec such a model makes is
/// useless for listening and as good as any for exactness and speed. GoldenData/generate/encodec/formula.py is the
/// same formula in Python.
public struct FormulaWeights: Sendable, Decodable {
    /// The constants' names in the goldens' manifests.
    private enum CodingKeys: String, CodingKey {
        case modelSeed
        case convolutionGain = "gainConv"
        case transposedGain = "gainTransposed"
        case recurrentScale = "lstmScale"
        case codebookScale = "embedScale"
        case codebookDecay = "embedDecay"
    }

    /// Changes every value.
    public var modelSeed: UInt64
    /// Gain of convolutions.
    public var convolutionGain: Double
    /// Gain of transposed convolutions.
    public var transposedGain: Double
    /// LSTM weights lie within this over the square root of the width.
    public var recurrentScale: Double
    /// Entries of the first codebook lie within this.
    public var codebookScale: Double
    /// Scale of each codebook relative to the one before.
    public var codebookDecay: Double

    /// A formula.
    ///
    /// - Parameters:
    ///   - modelSeed: Changes every value.
    ///   - convolutionGain: Gain of convolutions.
    ///   - transposedGain: Gain of transposed convolutions.
    ///   - recurrentScale: LSTM weights lie within this over the square root of the width.
    ///   - codebookScale: Entries of the first codebook lie within this.
    ///   - codebookDecay: Scale of each codebook relative to the one before.
    public init(
        modelSeed: UInt64 = 2, convolutionGain: Double = 1.2, transposedGain: Double = 1, recurrentScale: Double = 4,
        codebookScale: Double = 0.2, codebookDecay: Double = 0.96
    ) {
        self.modelSeed = modelSeed
        self.convolutionGain = convolutionGain
        self.transposedGain = transposedGain
        self.recurrentScale = recurrentScale
        self.codebookScale = codebookScale
        self.codebookDecay = codebookDecay
    }

    /// The tensors of an architecture.
    ///
    /// - Parameter configuration: Any architecture; the default constants suit the 24 kHz model.
    /// - Returns: A source for ``EncodecModel/init(configuration:weights:framesPerTile:)``.
    public func source(for configuration: EncodecConfiguration) -> WeightSource {
        let tensors = Dictionary(uniqueKeysWithValues: configuration.tensors.map { ($0.name, $0) })
        return WeightSource(name: "formula \(modelSeed)", shapes: tensors.mapValues(\.shape)) { name in
            tensors[name].map(values) ?? []
        }
    }

    /// Row-major values of one tensor.
    ///
    /// - Parameter tensor: Name, shape and role.
    /// - Returns: As many values as the shape holds.
    public func values(of tensor: TensorDescription) -> [Float] {
        let count = tensor.shape.reduce(1, *)
        switch tensor.role {
        case .kernelLength: return [Float](repeating: Float(convolutionGain), count: count)
        case .transposedKernelLength(let stride):
            return [Float](repeating: Float(transposedGain * (Double(stride) / 2).squareRoot()), count: count)
        case .normScale: return units(tensor.name, count: count).map { 1 + 0.1 * $0 }
        case .kernel where tensor.name.hasSuffix("original1"): return units(tensor.name, count: count)
        case .transposedKernel where tensor.name.hasSuffix("original1"): return units(tensor.name, count: count)
        default:
            let scale = Float(scale(of: tensor))
            return units(tensor.name, count: count).map { scale * $0 }
        }
    }

    private func scale(of tensor: TensorDescription) -> Double {
        switch tensor.role {
        case .kernel: convolutionGain * (3 / Double(tensor.shape[1] * tensor.shape[2])).squareRoot()
        case .transposedKernel: transposedGain * (3 / Double(2 * tensor.shape[0])).squareRoot()
        case .recurrent(let size): recurrentScale / Double(size).squareRoot()
        case .codebook(let index): codebookScale * Self.power(codebookDecay, index)
        default: 0.1
        }
    }

    /// Python's `base ** exponent`: the C library's power, as Python calls it.
    private static func power(_ base: Double, _ exponent: Int) -> Double { pow(base, Double(exponent)) }

    private func units(_ name: String, count: Int) -> [Float] {
        var seed = Self.fnv1a64(name) ^ Self.mix(modelSeed)
        return (0..<count).map { _ in
            seed &+= 0x9E37_79B9_7F4A_7C15
            let top = Int32(truncatingIfNeeded: Self.mix(seed) >> 40)
            return Float(2 * top + 1 - (1 << 24)) / Float(1 << 24)
        }
    }

    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    static func fnv1a64(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
