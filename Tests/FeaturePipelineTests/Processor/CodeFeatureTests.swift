import AudioIO
import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct CodeFeatureTests {
    private static let signal = PipelineGoldens.signal(216_500)

    private func features(
        _ samples: [Float], _ change: (inout AudioProcessor.Configuration) -> Void = { _ in }
    ) throws -> TRFeatures {
        try PipelineGoldens.codeProcessor(change).features(from: PipelineGoldens.source(samples))
    }

    private func codes(_ features: TRFeatures) throws -> Tensor<Int32> {
        guard case .codes(let codes) = features.values else { throw FeatureError.badRequest(problem: "no codes") }
        return codes
    }

    /// Frames in which any code differs; a tie of float32 sums changes one frame at a time.
    private func differingFrameCount(_ a: Tensor<Int32>, _ b: Tensor<Int32>) -> Int {
        guard a.shape == b.shape, a.rank == 3 else { return .max }
        var frames: Set<Int> = []
        for index in a.elements.indices where a.elements[index] != b.elements[index] {
            frames.insert(index / (a.shape[1] * a.shape[2]) * a.shape[2] + index % a.shape[2])
        }
        return frames.count
    }

    @Test("Codes by TR equal Hugging Face's codes of the whole film, cut as the design and as fractions say")
    func goldenCodes() throws {
        for (kbps, name) in [(3.0, "3"), (6.0, "6")] {
            for (grid, prefix) in [(TRGrid.Mode.exact, "exact_"), (.seed112, "seed112_")] {
                let found = try features(Self.signal) {
                    $0.bandwidthKbps = kbps
                    $0.codeGrid = grid
                }
                let golden = try PipelineGoldens.codes(prefix + name)
                // GoldenData/pipeline/codes: at most two frames may be decided by a tie.
                #expect(try differingFrameCount(codes(found), golden) <= 2, "\(prefix)\(name)")
                #expect(found.manifest.recipe.behaviour == (grid == .exact ? .correct : .compat))
                #expect(found.metadata.map(\.startSeconds) == [0, 1.5, 3, 4.5, 6, 7.5])
                #expect(found.metadata.allSatisfy { $0.codebookCount == golden.shape[1] })
            }
        }
    }

    @Test("The first TRs of a film are the same whether or not the rest is encoded", arguments: [0, 1, 3, 6, 99])
    func limit(trCount: Int) throws {
        let whole = try codes(features(Self.signal))
        let some = try features(Self.signal) { $0.maximumTRCount = trCount }
        let count = min(trCount, 6)
        let width = whole.shape[1] * whole.shape[2]
        #expect(try codes(some).shape == [count, 8, 113])
        #expect(try codes(some).elements == Array(whole.elements.prefix(count * width)))
        #expect(some.manifest.recipe.maximumTRCount == trCount)
    }

    @Test(
        "Whole TRs only: 0, 1 sample, a TR less one sample, a TR, a TR and one sample, two TRs less one, two TRs",
        arguments: [(0, 0), (1, 0), (35_999, 0), (36_000, 1), (36_001, 1), (71_999, 1), (72_000, 2)])
    func lengths(sampleCount: Int, trCount: Int) throws {
        let made = try features(Array(Self.signal.prefix(sampleCount)))
        #expect(try codes(made).shape == [trCount, 8, 113])
        #expect(made.manifest.frameCounts == [[], [112], [112, 113]][trCount])
        #expect(made.metadata.count == trCount)
        try made.manifest.check(path: "m")
        let processor = try PipelineGoldens.codeProcessor()
        let clip = try processor.audio(from: made)
        #expect(clip.samples.count == [0, 112, 225][trCount] * 320 && clip.sampleRate == 24_000)
        #expect(processor.expectedSampleCount(of: try FeatureInput(made)) == clip.samples.count)
    }

    @Test("Sound of features on the exact grid is bit for bit the sound of the codes that were never cut")
    func exactIsLossless() throws {
        let processor = try PipelineGoldens.codeProcessor()
        let made = try processor.features(from: PipelineGoldens.source(Self.signal))
        let model = try PipelineGoldens.mini.get().model
        let stream = try #require(try model.encode(Self.signal, bandwidthKbps: 6).chunks.first?.codes)
        let kept = (0..<8).flatMap { stream.elements[$0 * stream.shape[1]..<$0 * stream.shape[1] + 675] }
        let direct = try model.decode(
            EncodedAudio(chunks: [.init(codes: Tensor(kept, shape: [8, 675]))], sampleCount: 675 * 320))
        #expect(try processor.audio(from: made).samples == direct)
    }

    @Test("Sound of the seed's grid has 112 frames a TR, as Hugging Face's")
    func seedLength() throws {
        for isFlat in [false, true] {
            let processor = try PipelineGoldens.codeProcessor {
                $0.codeGrid = .seed112
                $0.isVectorPerTR = isFlat
            }
            let made = try processor.features(from: PipelineGoldens.source(Self.signal))
            #expect(made.values.shape == (isFlat ? [6, 896] : [6, 8, 112]))
            #expect(try processor.audio(from: made).samples.count == 215_040)
        }
    }

    @Test("Predictions are rounded to even, clipped, and both are counted")
    func predictions() throws {
        let values: [Float] = [0.5, 1.5, 2.5, -0.5, -0.51, 1023.4, 1023.6, 7]
        let folder = try TemporaryFolder()
        try NpyFile.write(Tensor(values, shape: [1, 2, 4]), to: folder.path("p.npy"))
        let layout = FeatureInput.Layout(format: .encodecPredictions, grid: .exact, repetitionTime: .standard)
        let input = try FeatureInput(NpyFile.read(path: folder.path("p.npy")), layout: layout, framesPerTR: 4)
        guard case .codes(let codes) = input.values else {
            Issue.record("no codes")
            return
        }
        #expect(codes.elements == [0, 2, 2, 0, 0, 1023, 1023, 7])
        #expect(input.notes.roundedCount == 7 && input.notes.clippedCount == 2)
    }

    @Test("Integers out of range, NaN and truth values are refused with their place")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.npy")
        let layout = FeatureInput.Layout(format: .encodec, grid: .exact, repetitionTime: .standard)
        func sentence<Element: ArrayElement>(_ tensor: Tensor<Element>) throws -> String {
            try NpyFile.write(tensor, to: path)
            let error = #expect(throws: FeatureError.self) {
                try FeatureInput(NpyFile.read(path: path), layout: layout, framesPerTR: 113)
            }
            return try #require(error).description
        }
        var codes = [Int64](repeating: 5, count: 2 * 8 * 113)
        codes[(1 * 8 + 3) * 113 + 7] = 1024
        #expect(try sentence(Tensor(codes, shape: [2, 8, 113])).contains("code 1024 at TR 1, codebook 3, frame 7"))
        codes[0] = -1
        #expect(try sentence(Tensor(codes, shape: [2, 8, 113])).contains("code -1 at TR 0, codebook 0, frame 0"))
        #expect(try sentence(Tensor([Float.nan], shape: [1, 1, 1])).contains("nan at TR 0"))
        #expect(try sentence(Tensor(codes, shape: [2, 8 * 113])).contains("three dimensions"))
    }

    @Test("Codes need a codec, the codec's bandwidth and a mono codec without chunks")
    func requests() throws {
        #expect(throws: FeatureError.self) {
            var settings = AudioProcessor.Configuration()
            settings.useEncodec = true
            _ = try AudioProcessor(settings)
        }
        #expect(throws: EncodecError.self) { try PipelineGoldens.codeProcessor { $0.bandwidthKbps = 4 } }
        #expect(throws: FeatureError.self) { try PipelineGoldens.codeProcessor { $0.maximumTRCount = -1 } }
        let stereo = try AudioProcessor.Codec(
            CodecFiles.locate(Repository.golden("encodec/small_stereo").path))
        #expect(throws: FeatureError.self) {
            var settings = AudioProcessor.Configuration()
            settings.useEncodec = true
            settings.bandwidthKbps = 3
            _ = try AudioProcessor(settings, codec: stereo)
        }
        #expect(!PipelineDefaults.useEncodec, "codes become the default in the last phase only")
    }
}
