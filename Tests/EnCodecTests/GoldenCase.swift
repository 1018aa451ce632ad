import EnCodec
import Foundation
import NeuralNetwork
import NumericCore
import TestSupport
import Testing
import Verification

extension GoldenCase {
    /// A folder of `GoldenData/encodec`.
    init(_ name: String) throws { try self.init(folder: Repository.golden("encodec/\(name)")) }

    /// The model whose weights lie in the folder.
    func storedModel(weights: String? = nil) throws -> EncodecModel {
        let files = try CodecFiles.locate(folder.path)
        guard let weights else { return try files.load() }
        let path = folder.appendingPathComponent(weights).path
        let other = CodecFiles(
            specification: path, configurationPath: files.configurationPath, weightsPath: path)
        return try other.load()
    }

    /// The model of the manifest, or of one of its models, with weights from its formula.
    func formulaModel(_ name: String? = nil, framesPerTile: Int = EncodecModel.defaultFramesPerTile) throws
        -> EncodecModel
    {
        func part(_ key: String) throws -> Data {
            try name.map { try manifestPart("models", $0, key) } ?? manifestPart(key)
        }
        let configuration = try EncodecConfiguration(json: Array(part("config")), path: folder.path)
        let weights = try JSONDecoder().decode(FormulaWeights.self, from: part("formula"))
        return try EncodecModel(
            configuration: configuration, weights: weights.source(for: configuration), framesPerTile: framesPerTile)
    }
}

/// Codes must be equal, or differ where the golden's own gap proves a tie, no more often than the golden allows.
///
/// - Returns: Ties used.
@discardableResult
func expectCodes(
    _ actual: Tensor<Int32>, _ expected: Tensor<Int32>, gaps: Tensor<Float>, bound: GoldenCase.Bound, _ label: String,
    sourceLocation: SourceLocation = #_sourceLocation
) -> Int {
    let found = GoldenComparison.codes(actual, expected, gaps: gaps, tieBound: bound.bound)
    let cap = bound.cap ?? 0
    #expect(found.unproven == 0, "\(label): \(found.first)", sourceLocation: sourceLocation)
    #expect(found.ties <= cap, "\(label): \(found.ties) ties, at most \(cap)", sourceLocation: sourceLocation)
    return found.ties
}
