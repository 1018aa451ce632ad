import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport

/// `GoldenData/pipeline`, and the signal that its arrays were made of.
enum PipelineGoldens {
    static func codes(_ name: String) throws -> Tensor<Int32> {
        try NpzFile(path: Repository.golden("pipeline/codes/arrays.npz").path).array(name).int32()
    }

    static func mel(_ name: String) throws -> NumericArray {
        try NpzFile(path: Repository.golden("pipeline/mel/arrays.npz").path).array(name)
    }

    static func manifest(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: Repository.golden("pipeline/\(name)/manifest.json"))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// Two saws and noise in steps of loudness, integer for integer as the generator makes them.
    static func signal(_ count: Int) -> [Float] {
        let gates = [8, 5, 3, 0, 7, 2, 6, 1]
        var state = 1
        return (0..<count).map { n in
            state = (state * 1_664_525 + 1_013_904_223) & 0xFFFF_FFFF
            let gate = gates[n >> 12 & 7]
            let low = ((n * 577) & 0xFFFF) - 32768
            let high = ((n * (1201 + 40 * (n >> 13))) & 0xFFFF) - 32768
            let noise = (state >> 16) - 32768
            return Float((low * gate * 2 + high * gate + noise * (gate >> 1)) >> 6) / 32768
        }
    }

    /// Hands out samples in blocks of an odd length.
    static func source(_ samples: [Float]) -> EncodecModel.SampleSource {
        var position = 0
        return { buffer in
            let count = min(buffer.count, 4999, samples.count - position)
            _ = buffer.update(fromContentsOf: samples[position..<position + count])
            position += count
            return count
        }
    }

    /// The embedded codec, loaded once.
    static let mini = Result { try AudioProcessor.Codec(CodecFiles.locate("mini")) }

    static func codeProcessor(
        _ change: (inout AudioProcessor.Configuration) -> Void = { _ in }
    ) throws -> AudioProcessor {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = true
        change(&settings)
        return try AudioProcessor(settings, codec: mini.get())
    }
}
