import Autoencoder
import NeuralNetwork
import Testing

/// Totals recorded for the Python system and computed by PyTorch for the design document's parts; nothing is allocated.
struct ParameterCountTests {
    private static func python(
        _ audio: AudioFormat = .designCodes, frames: Int = 10, text: Int = 3072, voxels: Int
    ) -> MultimodalAutoencoder {
        MultimodalAutoencoder(
            .python(audio: audio, videoFrameCount: frames, textCount: text, voxelCount: voxels))
    }

    @Test(arguments: [
        (python(voxels: 83_138), 3_235_947_138, 264_241_152, 3_500_188_290, 162),
        (python(voxels: 77_347), 3_141_061_603, 264_241_152, 3_405_302_755, 162),
        (python(frames: 38, voxels: 77_347), 8_095_583_203, 264_241_152, 8_359_824_355, 162),
        (python(.legacyMel, frames: 19, text: 1024, voxels: 85_810), 4_938_902_770, 356_811_904, 5_295_714_674, 185),
    ])
    func `whole models have the recorded totals`(
        model: MultimodalAutoencoder, encoder: Int, decoder: Int, total: Int, entries: Int
    ) {
        #expect(model.layout.parameterCount(under: "encoder") == encoder)
        #expect(model.layout.parameterCount(under: "decoder") == decoder)
        #expect(model.layout.parameterCount == total)
        #expect(model.layout.entries.count == entries)
    }

    @Test(arguments: [
        ("encoder.feature_conv", 2_363_904), ("encoder.layer5", 6_303_744), ("encoder.layer6", 32_792_000),
        ("encoder.layer7_bottleneck", 16_390_144), ("encoder.bottleneck_to_voxels", 1_395_819_714),
        ("encoder.video_encoder", 1_779_979_264), ("encoder.audio_encoder", 592_128),
        ("encoder.text_encoder", 1_706_240), ("decoder.layer8", 16_408_000), ("decoder.layer9", 32_780_288),
        ("decoder.layer10", 8_394_752), ("decoder.layer11", 3_150_336), ("decoder.layer12_video", 11_552_768),
        ("decoder.layer12_audio", 7_352_320), ("decoder.layer12_text", 2_627_584),
        ("decoder.layer13_video", 176_990_400), ("decoder.layer13_audio", 1_835_904),
        ("decoder.layer13_text", 3_148_800),
    ])
    func `parts have the recorded sizes`(name: String, count: Int) {
        #expect(Self.python(voxels: 83_138).layout.parameterCount(under: name) == count)
    }

    @Test func `the shapes are the state_dict's`() {
        let shapes = Dictionary(
            uniqueKeysWithValues: Self.python(.legacyMel, frames: 19, text: 1024, voxels: 85_810).layout.entries.map {
                ($0.name, $0.shape)
            })
        #expect(shapes["encoder.video_encoder.fc1.weight"] == [4096, 820_800])
        #expect(shapes["encoder.audio_encoder.fc1.weight"] == [512, 133_120])
        #expect(shapes["encoder.bottleneck_to_voxels.4.bias"] == [85_810])
        #expect(shapes["decoder.layer12_audio.5.running_var"] == [2048])
        #expect(shapes["decoder.layer13_video.0.weight"] == [43_200, 4096])
        #expect(shapes["decoder.layer13_audio.weight"] == [16_384, 2048])
        #expect(shapes["decoder.audio_temporal_upsample.6.weight"] == [2048, 2048, 4])
        #expect(shapes["decoder.audio_temporal_upsample.7.num_batches_tracked"] == [])
        #expect(shapes["decoder.audio_temporal_adjust.weight"] == [2048, 2048, 3])
    }

    @Test func `the audio encoders have the design document's and the first implementation's sizes`() {
        func count(_ configuration: AudioEncoderConfiguration) -> ParameterLayout {
            var layout = ParameterLayout()
            _ = AudioEncoder(configuration, in: &layout)
            return layout
        }
        let design = count(AudioEncoderConfiguration())
        #expect(design.parameterCount == 1_673_344)
        #expect(design.parameterCount(under: "embeddings") == 524_288)
        #expect(design.parameterCount(under: "temporal_conv_k7") == 458_880)
        #expect(design.entries.count == 8 + 3 * 2 + 3 * 5 + 2 + 5 + 2)
        var shared = AudioEncoderConfiguration()
        shared.tables = .shared
        #expect(count(shared).parameterCount == 1_214_592)
        #expect(count(shared).parameterCount(under: "code_embedding") == 65_536)
        #expect(
            count(AudioEncoderConfiguration(format: .mel(binCount: 2048, frameCount: 65))).parameterCount == 2_082_368)
        func linear(_ format: AudioFormat) -> Int {
            count(AudioEncoderConfiguration(format: format, design: .linear)).parameterCount
        }
        #expect(linear(.designCodes) == 592_128)
        #expect(linear(.codes(codebookCount: 4, frameCount: 112, vocabularySize: 1024)) == 362_752)
        #expect(linear(.legacyMel) == 68_290_816)
        #expect(linear(.mel(binCount: 2048, frameCount: 1)) == 1_181_952)
        #expect(linear(.mel(binCount: 128, frameCount: 1)) == 198_912)
    }

    @Test func `the classification head as drawn has 1_88 billion weights, the factorised one 15 million`() {
        func head(_ head: AudioHead) -> ParameterLayout {
            var configuration = DecoderConfiguration()
            configuration.audioHead = head
            var layout = ParameterLayout()
            _ = MultimodalDecoder(configuration, in: &layout)
            return layout
        }
        #expect(head(.classification).parameterCount(under: "layer13_audio") == 917_504 * 2049)
        let factorized = head(.factorizedClassification(width: 64))
        #expect(factorized.parameterCount(under: "layer13_audio") == 112 * 64 * 2049)
        #expect(factorized.parameterCount(under: "code_heads") == 8 * 1024 * 65)
    }
}
