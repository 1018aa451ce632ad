import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct CodeTreatmentTests {
    struct Manifest: Decodable {
        struct Counts: Decodable {
            let unchanged: Int
            let clippedHigh: Int
            let clippedLow: Int
            let count: Int
        }
        struct Large: Decodable {
            let seed: UInt32
            let shape: [Int]
            let inputSha256: String
            let seedSha256: String
            let counts: Counts
        }
        struct Small: Decodable { let counts: Counts }
        let large: Large
        let small: Small
    }

    private static func expect(_ damage: IndexConvolution.Damage, _ counts: Manifest.Counts) {
        #expect(damage.count == counts.count && damage.unchangedCount == counts.unchanged)
        #expect(damage.clippedHighCount == counts.clippedHigh && damage.clippedLowCount == counts.clippedLow)
    }

    private static func hash(_ codes: Tensor<Int32>) -> String {
        SHA256.hexadecimal(of: codes.elements.withUnsafeBytes { [UInt8]($0) })
    }

    @Test("Convolved indices are the design document's to the last code")
    func small() throws {
        let golden = try AlignmentGolden("convolved_codes", Manifest.self)
        let convolution = TRConvolution(try HemodynamicResponse(.nilearn), crop: .same)
        let result = try IndexConvolution.convolve(golden.codes("small_input"), with: convolution)
        expectEqual(result.codes.elements, try golden.codes("small_seed").elements)
        Self.expect(result.damage, golden.manifest.small.counts)
    }

    @Test("Of 920 x 896 random codes 41 % clip high, 2.3 % clip low and 0.09 % survive")
    func large() throws {
        let golden = try AlignmentGolden("convolved_codes", Manifest.self)
        let large = golden.manifest.large
        // NumPy's RandomState.randint(0, 1024) keeps the last ten bits of each word.
        var generator = MersenneTwister(seed: large.seed)
        let values = (0..<large.counts.count).map { _ in Int32(generator.nextWord() & 1023) }
        let codes = Tensor(values, shape: large.shape)
        try #require(Self.hash(codes) == large.inputSha256)
        let convolution = TRConvolution(try HemodynamicResponse(.nilearn), crop: .same)
        let (result, damage) = try IndexConvolution.convolve(codes, with: convolution)
        expectEqual(Array(result.elements[400 * 896..<401 * 896]), try golden.codes("large_seed_row_400").elements)
        #expect(Self.hash(result) == large.seedSha256)
        Self.expect(damage, large.counts)
        #expect(((damage.clippedHighFraction ?? 0) - 0.4125).magnitude < 0.0015)
        #expect(((damage.clippedLowFraction ?? 0) - 0.0229).magnitude < 0.0005)
        #expect(((damage.unchangedFraction ?? 0) - 0.0009).magnitude < 0.0001)
    }

    @Test("Every constant code from 568 on saturates")
    func saturation() throws {
        let convolution = TRConvolution(try HemodynamicResponse(.nilearn), crop: .same)
        for (code, expected) in [(567, 1022), (568, 1023), (1023, 1023)] as [(Int32, Int32)] {
            let given = Tensor(repeating: code, shape: [60, 1])
            let (codes, _) = try IndexConvolution.convolve(given, with: convolution)
            #expect(codes.elements[30] == expected && codes.elements[59] == 0)
        }
    }

    @Test("A code outside 0...1023 is refused with its place", arguments: [-1, 1024] as [Int32])
    func range(code: Int32) throws {
        let convolution = TRConvolution(try HemodynamicResponse())
        let codes = Tensor([1, 2, code, 3], shape: [4, 1])
        #expect(throws: AlignmentError.codeOutOfRange(code: Int(code), index: 2)) {
            try IndexConvolution.convolve(codes, with: convolution)
        }
    }

    @Test("Without TRs nothing is damaged, and there is no share of nothing")
    func none() throws {
        let convolution = TRConvolution(try HemodynamicResponse())
        let (codes, damage) = try IndexConvolution.convolve(Tensor([], shape: [0, 8, 113]), with: convolution)
        #expect(codes.shape == [0, 8, 113] && damage.count == 0 && damage.unchangedFraction == nil)
    }

    @Test("Latents are summed codebook entries convolved over the TRs, and quantise to NumPy's codes")
    func latents() throws {
        struct Bounds: Decodable {
            let latents: Double
            let margin: Double
        }
        struct Manifest: Decodable {
            let leastMargin: Double
            let bounds: Bounds
        }
        let golden = try AlignmentGolden("latents", Manifest.self)
        let model = try CodecFiles.locate(Repository.golden("encodec/small").path).load()
        let convolution = TRConvolution(try HemodynamicResponse())
        let codes = try golden.codes("codes")
        let latents = try LatentConvolution.convolve(codes, model: model, with: convolution, threadCount: 2)
        let expected = try golden.floats("latents")
        #expect(latents.shape == expected.shape)
        expectClose(latents.elements, expected.elements, bound: golden.manifest.bounds.latents, relativeTo: .peak)
        try #require(golden.manifest.leastMargin >= golden.manifest.bounds.margin)
        let again = try LatentConvolution.requantize(latents, model: model, codebookCount: 4)
        expectEqual(again.elements, try golden.codes("requantized").elements)
        // An unblurred latent finds its own codes again only where the first codebook wins back its entry: not here.
        #expect(again.elements != codes.elements)
    }

    @Test("Latents need three dimensions and codes of the codec")
    func latentErrors() throws {
        let model = try CodecFiles.locate(Repository.golden("encodec/small").path).load()
        let convolution = TRConvolution(try HemodynamicResponse())
        #expect(throws: AlignmentError.self) {
            try LatentConvolution.convolve(Tensor([1, 2], shape: [2, 1]), model: model, with: convolution)
        }
        #expect(throws: EncodecError.codeOutOfRange(code: 32, codebook: 0, frame: 0, size: 32)) {
            try LatentConvolution.convolve(Tensor([32], shape: [1, 1, 1]), model: model, with: convolution)
        }
        let none = try LatentConvolution.convolve(Tensor([], shape: [0, 4, 113]), model: model, with: convolution)
        #expect(none.shape == [0, model.configuration.hiddenSize, 113])
    }
}
