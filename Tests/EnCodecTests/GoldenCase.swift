import EnCodec
import Foundation
import NeuralNetwork
import NumericCore
import TestSupport
import Testing

/// One folder of `GoldenData/encodec`: its manifest and arrays, read with the product's own readers.
struct GoldenCase {
    struct Bound: Decodable {
        let bound: Double
        let cap: Int?
    }

    struct Manifest: Decodable {
        struct Formula: Decodable {
            let modelSeed: UInt64
            let gainConv, gainTransposed, lstmScale, embedScale, embedDecay: Double
        }
        struct Model: Decodable {
            let formula: Formula
        }
        struct Entry: Decodable {
            let file: String
            let entry: String?
        }
        let formula: Formula?
        let models: [String: Model]?
        let bounds: [String: Bound]
        let arrays: [String: Entry]
    }

    let name: String
    let manifest: Manifest

    init(_ name: String) throws {
        self.name = name
        let data = try Data(contentsOf: Repository.golden("encodec/\(name)/manifest.json"))
        manifest = try JSONDecoder().decode(Manifest.self, from: data)
    }

    var folder: String { Repository.golden("encodec/\(name)").path }

    /// An array by its key in the manifest, such as `codes/speech_codes_1.5`.
    func array(_ key: String) throws -> NumericArray {
        let entry = try #require(manifest.arrays[key], "\(name): no array \(key)")
        let path = folder + "/" + entry.file
        guard let member = entry.entry else { return try NpyFile.read(path: path) }
        return try NpzFile(path: path).array(member)
    }

    /// Interleaved samples of an input stored as (samples) or (channels, samples).
    func samples(_ key: String) throws -> [Float] {
        let stored = try array(key).float32()
        return stored.rank == 1 ? stored.elements : stored.transposed.elements
    }

    func codes(_ key: String) throws -> Tensor<Int32> { try array(key).int32() }

    /// The model whose weights lie in the folder.
    func storedModel(weights: String? = nil) throws -> EncodecModel {
        let files = try CodecFiles.locate(folder)
        guard let weights else { return try files.load() }
        let other = CodecFiles(
            specification: folder, configurationPath: files.configurationPath, weightsPath: folder + "/" + weights)
        return try other.load()
    }

    /// The configuration inside the manifest, written where the product reads it from.
    func formulaModel(_ model: String? = nil, framesPerTile: Int = EncodecModel.defaultFramesPerTile) throws
        -> EncodecModel
    {
        let data = try Data(contentsOf: Repository.golden("encodec/\(name)/manifest.json"))
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let holder = try #require(model.map { (root["models"] as? [String: Any])?[$0] as? [String: Any] } ?? root)
        let config = try JSONSerialization.data(withJSONObject: try #require(holder["config"]))
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("config-\(UUID().uuidString).json")
        try config.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = try EncodecConfiguration(path: file.path)
        let formula = try #require(model.map { manifest.models?[$0]?.formula } ?? manifest.formula)
        let weights = FormulaWeights(
            modelSeed: formula.modelSeed, convolutionGain: formula.gainConv, transposedGain: formula.gainTransposed,
            recurrentScale: formula.lstmScale, codebookScale: formula.embedScale, codebookDecay: formula.embedDecay)
        return try EncodecModel(
            configuration: configuration, weights: weights.source(for: configuration), framesPerTile: framesPerTile)
    }

    func bound(_ key: String) throws -> Bound { try #require(manifest.bounds[key], "\(name): no bound \(key)") }
}

/// Codes must be equal, or differ where the stored gap of the two best distances proves a tie; after a tie the later
/// codebooks of that frame quantise another residual and are not compared.
///
/// - Returns: Ties used.
@discardableResult
func expectCodes(
    _ actual: Tensor<Int32>, _ expected: Tensor<Int32>, gaps: Tensor<Float>, bound: GoldenCase.Bound, _ label: String,
    sourceLocation: SourceLocation = #_sourceLocation
) -> Int {
    guard actual.shape == expected.shape else {
        Issue.record("\(label): shape \(actual.shape), not \(expected.shape)", sourceLocation: sourceLocation)
        return 0
    }
    var ties = 0
    for frame in 0..<actual.shape[1] {
        for codebook in 0..<actual.shape[0] where actual[codebook, frame] != expected[codebook, frame] {
            let gap = Double(gaps[codebook, frame])
            if gap.magnitude < bound.bound {
                ties += 1
            } else {
                Issue.record(
                    "\(label): codebook \(codebook), frame \(frame): \(actual[codebook, frame]), not \(expected[codebook, frame]) (gap \(gap))",
                    sourceLocation: sourceLocation)
            }
            break
        }
    }
    let cap = bound.cap ?? 0
    #expect(ties <= cap, "\(label): \(ties) ties, at most \(cap)", sourceLocation: sourceLocation)
    return ties
}
