import AudioIO
import FeaturePipeline
import NumericCore
import TestSupport
import Testing

struct MelFeatureTests {
    private static let signal = PipelineGoldens.signal(3 * 33_075 + 700)

    private func features(
        _ samples: [Float], _ change: (inout AudioProcessor.Configuration) -> Void = { _ in }
    ) throws -> TRFeatures {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = false
        change(&settings)
        return try AudioProcessor(settings).features(from: PipelineGoldens.source(samples))
    }

    private func decibels(_ features: TRFeatures) throws -> Tensor<Float> {
        guard case .decibels(let decibels) = features.values else { throw FeatureError.badRequest(problem: "no mel") }
        return decibels
    }

    @Test("Mel features by TR equal librosa's, with 65 columns a TR, -80 dB where there is no frame")
    func goldenSlots() throws {
        let made = try features(Self.signal)
        let array = try decibels(made)
        #expect(array.shape == [3, 2048, 65])
        let bins = try PipelineGoldens.mel("bins").int32().elements.map { Int($0) }
        var rows: [Float] = []
        for tr in 0..<3 {
            for bin in bins { rows += array.elements[(tr * 2048 + bin) * 65..<(tr * 2048 + bin + 1) * 65] }
        }
        // GoldenData/pipeline/mel/manifest.json.
        expectClose(
            rows, try PipelineGoldens.mel("slots").float32().elements, bound: 2e-5, relativeTo: .absolute)
        #expect(made.manifest.frameCounts == [64, 65, 64])
        #expect(try PipelineGoldens.mel("n_frames").int32().elements == [64, 65, 64])
        #expect(array.elements.max() == 0, "0 dB is the film's maximum")
        let reference = try #require(made.manifest.decibelReference)
        let golden = try #require(PipelineGoldens.manifest("mel")["largest_power"] as? Double)
        #expect(abs(Double(reference) - golden) <= 1e-6 * golden)
    }

    @Test("The average of each TR equals librosa's over the TR's own frames")
    func goldenMeans() throws {
        let made = try features(Self.signal) { $0.isVectorPerTR = true }
        let means = try PipelineGoldens.mel("means").float32().elements
        expectClose(try decibels(made).elements, means, bound: 2e-5, relativeTo: .absolute)
        #expect(made.manifest.framesPerTR == nil)
    }

    @Test("Levels of the first TRs are relative to the maximum of the whole film")
    func limit() throws {
        let louder = Self.signal.map { $0 * 0.25 } + Self.signal.prefix(33_075).map { $0 * 2 }
        let whole = try decibels(features(louder))
        let some = try features(louder) { $0.maximumTRCount = 2 }
        #expect(try decibels(some).shape == [2, 2048, 65])
        #expect(try decibels(some).elements == Array(whole.elements.prefix(2 * 2048 * 65)))
        #expect(try decibels(some).elements.max() ?? 0 < -10)
    }

    @Test(
        "Whole TRs only, and sound of the correct behaviour is as long as they are",
        arguments: [(0, 0), (1, 0), (33_074, 0), (33_075, 1), (33_076, 1), (66_149, 1), (66_150, 2)])
    func lengths(sampleCount: Int, trCount: Int) throws {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = false
        let processor = try AudioProcessor(settings)
        let made = try processor.features(from: PipelineGoldens.source(Array(Self.signal.prefix(sampleCount))))
        #expect(try decibels(made).shape == [trCount, 2048, 65])
        try made.manifest.check(path: "m")
        if trCount < 2 { #expect(try processor.audio(from: made).samples.count == trCount * 33_075) }
    }

    @Test("The compatible behaviour loses level and length as the Python system does; the correct one keeps both")
    func levels() throws {
        func energy(_ samples: [Float]) -> Double { samples.reduce(0.0) { $0 + Double($1) * Double($1) } }
        let samples = Array(Self.signal.prefix(33_075))
        let expected = energy(samples)
        for (behaviour, isAverage) in [(FeatureRecipe.Behaviour.correct, false), (.compat, false), (.compat, true)] {
            var settings = AudioProcessor.Configuration()
            settings.useEncodec = false
            settings.melBehaviour = behaviour
            settings.isVectorPerTR = isAverage
            let processor = try AudioProcessor(settings)
            let made = try processor.features(from: PipelineGoldens.source(samples))
            let clip = try processor.audio(from: made, seed: 1)
            let gain = energy(clip.samples) / expected
            if behaviour == .correct {
                #expect(clip.samples.count == 33_075)
                #expect(0.5 < gain && gain < 2, "within 3 dB, gain \(gain)")
            } else {
                #expect(clip.samples.count == (isAverage ? 63 : 64) * 512)
                #expect(made.manifest.decibelReference == nil && made.manifest.frameCounts == nil)
                // 1 / 10,000 of the power, less what the average takes.
                #expect(gain < 1e-3, "gain \(gain)")
            }
        }
    }

    @Test("Silence has features and a manifest, and becomes silence")
    func silence() throws {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = false
        let processor = try AudioProcessor(settings)
        let made = try processor.features(from: PipelineGoldens.source([Float](repeating: 0, count: 33_075)))
        #expect(made.manifest.decibelReference == 1e-10)
        let samples = try processor.audio(from: made).samples
        #expect(samples.count == 33_075 && (samples.map(\.magnitude).max() ?? 1) < 1e-4)
    }

    @Test("A table and a manifest written with features bring them back from the file")
    func files() throws {
        let folder = try TemporaryFolder()
        let made = try features(Self.signal) { $0.maximumTRCount = 1 }
        let path = folder.path("f.npy")
        try made.write(to: path, metadataPath: folder.path("m.csv"))
        let manifest = try FeatureManifest.read(path: FeatureManifest.sidecarPath(of: path))
        let array = try NpyFile.read(path: path)
        try manifest.verify(array)
        #expect(manifest == made.manifest)
        #expect(try MetadataTable.read(path: folder.path("m.csv")) == made.metadata)
        let input = try FeatureInput(array, layout: .init(manifest), framesPerTR: manifest.framesPerTR ?? 1)
        #expect(input.values == made.values)
        #expect(try AudioProcessor.Configuration(manifest).maximumTRCount == 1)
    }
}
