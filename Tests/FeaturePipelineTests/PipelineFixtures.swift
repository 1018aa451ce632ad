import FeaturePipeline
import NumericCore

/// Small features with manifests.
enum Fixture {
    static let digest = String(repeating: "ab", count: 32)

    /// The recipe most tests start from: codes of `mini` at 6 kbps, TR 1.5 s.
    static func recipe(_ change: (inout FeatureRecipe) -> Void = { _ in }) -> FeatureRecipe {
        var recipe = FeatureRecipe(
            format: .encodec, behaviour: .correct, grid: .exact, repetitionTime: .standard, sampleRate: 24_000,
            hopLength: 320,
            codec: .init(identifier: "mini", weightsSHA256: digest, bandwidthKbps: 6, codebookCount: 8),
            source: .init(sha256: digest, decoderBackend: "libav", resampler: "soxr-hq"))
        change(&recipe)
        return recipe
    }

    static func melRecipe() -> FeatureRecipe {
        FeatureRecipe(
            format: .mel, behaviour: .correct, grid: .melSlots, repetitionTime: .standard, sampleRate: 22_050,
            hopLength: 512, mel: .init(binCount: 128, fftLength: 1024),
            source: .init(sha256: digest, decoderBackend: "libav", resampler: "soxr-hq"))
    }

    /// Codes (TRs, codebooks, frames) that differ from place to place and from seed to seed.
    static func codes(_ shape: [Int], seed: UInt64 = 1) -> Tensor<Int32> {
        var generator = SplitMix64(seed: seed)
        return Tensor((0..<shape.reduce(1, *)).map { _ in Int32(generator.next() % 1024) }, shape: shape)
    }

    /// dB values in -79...-1.
    static func mel(_ shape: [Int], seed: UInt64 = 1) -> Tensor<Float> {
        var generator = SplitMix64(seed: seed)
        return Tensor(
            (0..<shape.reduce(1, *)).map { _ in -1 - Float(generator.next() % 7800) / 100 }, shape: shape)
    }

    static func array<Element: ArrayElement>(_ tensor: Tensor<Element>) -> NumericArray {
        NumericArray(tensor, origin: "fixture")
    }

    static func manifest<Element: ArrayElement>(
        _ recipe: FeatureRecipe, _ tensor: Tensor<Element>, framesPerTR: Int?
    ) -> FeatureManifest {
        FeatureManifest(
            recipe: recipe, elementType: Element.arrayElementType, shape: tensor.shape,
            arraySHA256: FeatureManifest.digest(of: tensor), framesPerTR: framesPerTR, frameCounts: nil,
            decibelReference: nil)
    }
}
