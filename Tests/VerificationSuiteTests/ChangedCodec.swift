import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport

/// The embedded codec with its codebooks replaced, stored as a folder like a user's own.
enum ChangedCodec {
    /// Writes the codec with another value for each entry of each codebook.
    ///
    /// - Parameters:
    ///   - folder: Gets config.json and model.safetensors.
    ///   - bandwidths: Replaces the list of bandwidths, or nil.
    ///   - entry: Codebook, entry, place and old value give the new value.
    /// - Returns: The codec.
    /// - Throws: What reading and writing throws.
    static func make(
        in folder: URL, bandwidths: [Double]? = nil,
        entry: (_ book: Int, _ entry: Int, _ place: Int, _ old: Float) -> Float
    ) throws -> AudioProcessor.Codec {
        let source = try CodecFiles.locate("mini")
        var settings = try String(contentsOfFile: source.configurationPath, encoding: .utf8)
        if let bandwidths {
            let pattern = /"target_bandwidths": \[[^\]]*\]/
            settings = settings.replacing(pattern, with: "\"target_bandwidths\": \(bandwidths)")
        }
        try Data(settings.utf8).write(to: folder.appendingPathComponent("config.json"))
        let weights = try SafetensorsFile(path: source.weightsPath)
        var writer = SafetensorsWriter()
        let bookCount = bandwidths?.last.map { Int($0 / 0.75) } ?? .max
        for name in weights.names {
            let parts = name.split(separator: ".")
            if parts[0] == "quantizer", let book = Int(parts[2]), book >= bookCount { continue }
            var tensor = try weights.float32(name)
            if name.hasSuffix("codebook.embed"), let book = Int(parts[2]) {
                let width = tensor.shape[1]
                let old = tensor.elements
                tensor.withMutableElements { values in
                    for index in values.indices {
                        values[index] = entry(book, index / width, index % width, old[index])
                    }
                }
            }
            writer.add(tensor, as: name)
        }
        try writer.write(to: folder.appendingPathComponent("model.safetensors").path)
        return try AudioProcessor.Codec(CodecFiles.locate(folder.path))
    }

    /// Entries on a line in the order of their numbers.
    static func ordered(in folder: URL) throws -> AudioProcessor.Codec {
        try make(in: folder) { book, entry, place, _ in
            place == 0 ? Float(entry - 512) / Float(100 << (2 * book)) : 0
        }
    }
}
