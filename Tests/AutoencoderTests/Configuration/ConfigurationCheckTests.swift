import Autoencoder
import Foundation
import Testing

struct ConfigurationCheckTests {
    @Test func `the design's and the Python system's sizes are accepted and survive JSON`() throws {
        for configuration in [AutoencoderConfiguration(), .python(audio: .designCodes), .python(audio: .legacyMel)] {
            try configuration.check()
            let data = try JSONEncoder().encode(configuration)
            #expect(try JSONDecoder().decode(AutoencoderConfiguration.self, from: data) == configuration)
        }
    }

    /// A change that makes the design's configuration wrong, and the error it must give.
    private static let faults: [(@Sendable (inout AutoencoderConfiguration) -> Void, ModelConfigurationError)] = [
        ({ $0.encoder.hiddenWidths = [] }, .size(name: "number of encoder widths", value: 0, minimum: 1)),
        ({ $0.encoder.hiddenWidths[1] = 0 }, .size(name: "encoder widths", value: 0, minimum: 1)),
        ({ $0.encoder.audio?.embeddingWidth = -4 }, .size(name: "embedding width", value: -4, minimum: 1)),
        (
            { $0.encoder.audio?.format = .mel(binCount: 0, frameCount: 65) },
            .size(name: "mel bin count", value: 0, minimum: 1)
        ),
        (
            { $0.encoder.text?.dropoutRates = [0.2] },
            .mismatch(first: "2 text widths", second: "1 dropout rates for them")
        ),
        ({ $0.encoder.video?.dropoutRates[2] = 1 }, .rate(name: "video dropout rate", value: 1)),
        ({ $0.encoder.voxelCount = 0 }, .size(name: "voxel count", value: 0, minimum: 1)),
        (
            { ($0.encoder.video, $0.encoder.audio, $0.encoder.text) = (nil, nil, nil) },
            .size(name: "number of modalities", value: 0, minimum: 1)
        ),
        ({ $0.decoder.dropoutRate = -0.1 }, .rate(name: "decoder dropout rate", value: -0.1)),
        (
            { $0.decoder.audioHead = .mel(tail: .zero) },
            .mismatch(first: "a mel audio head", second: "codes to predict")
        ),
        (
            { $0.decoder.audio = .legacyMel },
            .mismatch(first: "an audio head for codes", second: "mel features to predict")
        ),
        (
            { $0.decoder.audioHead = .factorizedClassification(width: 0) },
            .size(name: "features of a frame", value: 0, minimum: 1)
        ),
        (
            { $0.decoder.bottleneckWidth = 1024 },
            .mismatch(first: "an encoder with a bottleneck of 2048", second: "a decoder with one of 1024")
        ),
        (
            { ($0.decoder.videoCount, $0.decoder.audio, $0.decoder.textCount) = (nil, nil, nil) },
            .size(name: "number of decoded modalities", value: 0, minimum: 1)
        ),
    ]

    @Test(arguments: faults.indices)
    func `sizes that describe no model are refused with the value`(index: Int) {
        let (spoil, error) = Self.faults[index]
        var configuration = AutoencoderConfiguration()
        spoil(&configuration)
        #expect(throws: error) { try configuration.check() }
        #expect(error.description.hasSuffix("."))
    }
}
