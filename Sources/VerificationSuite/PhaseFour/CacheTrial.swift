internal import EnCodec
internal import FeaturePipeline
internal import Foundation
internal import NumericCore

/// A folder of caches: each format once, made by the pipeline of four seconds of sound.
struct CacheTrial {
    /// Caches tried, and a sentence for each that did not behave.
    typealias Outcome = (count: Int, failures: [String])

    private let folder: URL
    private let cache: FeatureCache
    private let stored: [(recipe: FeatureRecipe, features: TRFeatures)]

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("codecgate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        cache = try FeatureCache(folder: folder.path)
        let codec = try AudioProcessor.Codec(CodecFiles.locate(CodecFiles.embeddedName))
        stored = try [(true, false), (true, true), (false, false), (false, true)].map { isCodes, isVector in
            var settings = AudioProcessor.Configuration()
            (settings.useEncodec, settings.isVectorPerTR) = (isCodes, isVector)
            let features = try Self.features(AudioProcessor(settings, codec: isCodes ? codec : nil))
            return (features.manifest.recipe, features)
        }
        for (_, features) in stored { try cache.store(Self.array(features), manifest: features.manifest) }
    }

    /// What cannot be removed stays in the system's temporary folder.
    func remove() {
        do { try FileManager.default.removeItem(at: folder) } catch { return }
    }

    /// Every format must come back with the values that were stored.
    func unreadable() -> Outcome {
        let failures = stored.compactMap { recipe, features -> String? in
            do {
                let loaded = try cache.load(recipe, minimumTRCount: 2)
                switch features.values {
                case .codes(let codes):
                    guard try loaded.codes().elements == codes.elements else {
                        return "\(loaded.path) holds other codes"
                    }
                case .decibels(let decibels):
                    guard try loaded.array.float32().elements == decibels.elements else {
                        return "\(loaded.path) holds other decibels"
                    }
                }
                return nil
            } catch { return "\(error)" }
        }
        return (stored.count, failures)
    }

    /// Renamed, changed and cut files, and recipes that nobody stored: none may be accepted.
    func accepted() throws -> Outcome {
        var failures: [String] = []
        for (index, entry) in stored.enumerated() {
            let path = cache.path(for: entry.recipe)
            let bytes = try Data(contentsOf: URL(filePath: path))
            let other = try Data(contentsOf: URL(filePath: cache.path(for: stored[(index + 1) % stored.count].recipe)))
            var changed = bytes
            changed[bytes.count / 2] ^= 0x10
            for (damage, content) in [("swapped", other), ("changed", changed), ("cut", bytes.prefix(bytes.count / 2))]
            {
                try content.write(to: URL(filePath: path))
                if loads(entry.recipe) { failures.append("\(entry.recipe.format.rawValue), \(damage), was accepted") }
            }
            try bytes.write(to: URL(filePath: path))
            var foreign = entry.recipe
            foreign.source = .init(sha256: String(repeating: "0", count: 64), decoderBackend: "none", resampler: "none")
            if loads(foreign) { failures.append("\(entry.recipe.format.rawValue) of another film was accepted") }
        }
        return (4 * stored.count, failures)
    }

    private func loads(_ recipe: FeatureRecipe) -> Bool {
        do {
            _ = try cache.load(recipe)
            return true
        } catch { return false }
    }

    private static func array(_ features: TRFeatures) -> NumericArray {
        switch features.values {
        case .codes(let codes): NumericArray(codes, origin: "codes")
        case .decibels(let decibels): NumericArray(decibels, origin: "decibels")
        }
    }

    private static func features(_ processor: AudioProcessor) throws -> TRFeatures {
        let samples = GoldenSignal.samples(4 * processor.sampleRate)
        var position = 0
        return try processor.features(from: { buffer in
            let count = min(buffer.count, samples.count - position)
            _ = buffer.update(fromContentsOf: samples[position..<position + count])
            position += count
            return count
        })
    }
}
