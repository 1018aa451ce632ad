import EnCodec
import Foundation
import TestSupport
import Testing

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
        struct Manifest: Decodable { let config: [String: Value] }
        enum Value: Decodable, Equatable {
            case number(Double), numbers([Double]), text(String), truth(Bool), other
            init(from decoder: any Decoder) throws {
                let box = try decoder.singleValueContainer()
                if let value = try? box.decode(Bool.self) {
                    self = .truth(value)
                } else if let value = try? box.decode(Double.self) {
                    self = .number(value)
                } else if let value = try? box.decode([Double].self) {
                    self = .numbers(value)
                } else if let value = try? box.decode(String.self) {
                    self = .text(value)
                } else {
                    self = .other
                }
            }
        }
        let data = try Data(contentsOf: Repository.golden("encodec/\(golden)/manifest.json"))
        let expected = try JSONDecoder().decode(Manifest.self, from: data).config
        let folder = try TemporaryFolder()
        try JSONSerialization.data(
            withJSONObject: try #require((try JSONSerialization.jsonObject(with: data) as? [String: Any])?["config"])
        ).write(to: folder.url.appendingPathComponent("in.json"))
        let configuration = try EncodecConfiguration(path: folder.path("in.json"))
        let written = try JSONDecoder().decode([String: Value].self, from: Data(configuration.huggingFaceJSON))
        for (name, value) in expected where !["architectures", "transformers_version"].contains(name) {
            #expect(written[name] == value, "\(name)")
        }
    }
}
