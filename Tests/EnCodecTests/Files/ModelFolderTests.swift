import Foundation
import NumericCore
import TestSupport
import Testing

@testable import EnCodec

struct ModelFolderTests {
    private static var small: EncodecConfiguration {
        var configuration = EncodecConfiguration()
        (configuration.filterCount, configuration.hiddenSize, configuration.codebookSize) = (4, 16, 64)
        configuration.upsamplingRatios = [4, 2]
        configuration.samplingRate = 1600
        configuration.targetBandwidths = [1.2, 2.4]
        return configuration
    }

    @Test("A model written as a folder loads as the same model")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let formula = FormulaWeights(modelSeed: 5)
        try formula.write(Self.small, to: folder.url.path)
        let loaded = try CodecFiles.locate(folder.url.path).load()
        #expect(loaded.configuration == Self.small)
        let original = try EncodecModel(configuration: Self.small, weights: formula.source(for: Self.small))
        let samples = (0..<3000).map { Float($0 * $0 % 201) / 201 - 0.5 }
        let codes = try original.encode(samples, bandwidthKbps: 2.4)
        #expect(Set(codes.chunks[0].codes.elements).count > 10, "the codes vary")
        #expect(try loaded.encode(samples, bandwidthKbps: 2.4) == codes)
        #expect(try loaded.decode(codes) == original.decode(codes))
    }

    @Test("config.json states every field that matters", arguments: ["full24", "full48", "full32", "small_stereo"])
    func configurationText(golden: String) throws {
        func object(_ data: Data) throws -> [String: NSObject] {
            try #require(try JSONSerialization.jsonObject(with: data) as? [String: NSObject])
        }
        let manifest = try object(try Data(contentsOf: Repository.golden("encodec/\(golden)/manifest.json")))
        let expected = try #require(manifest["config"] as? [String: NSObject])
        let folder = try TemporaryFolder()
        let input = folder.path("in.json")
        try JSONSerialization.data(withJSONObject: expected).write(to: URL(fileURLWithPath: input))
        let written = try object(Data(try EncodecConfiguration(path: input).huggingFaceJSON))
        for (name, value) in expected where !["architectures", "transformers_version"].contains(name) {
            #expect(written[name] == value, "\(name)")
        }
    }

    @Test("the digest of the embedded codec is kept from its check, others are computed when asked for")
    func digest() throws {
        let embedded = try CodecFiles.locate("mini")
        #expect(embedded.knownDigest == (try SHA256.hexadecimal(ofFile: embedded.weightsPath)))
        // Kept means that the file is not read again: this one does not exist.
        var moved = CodecFiles(
            specification: "x", configurationPath: "x", weightsPath: "/nonexistent/model.safetensors")
        #expect(throws: EncodecError.self) { try moved.weightsDigest() }
        moved.knownDigest = embedded.knownDigest
        #expect(try moved.weightsDigest() == embedded.knownDigest)
    }
}
