import AudioIO
import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct MelFileTests {
    /// One changed setting.
    struct Change: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let apply: @Sendable (inout AudioProcessor.Configuration) -> Void

        init(_ name: String, _ apply: @escaping @Sendable (inout AudioProcessor.Configuration) -> Void) {
            (testDescription, self.apply) = (name, apply)
        }
    }

    static let changes: [Change] = [
        Change("the defaults") { _ in }, Change("averages") { $0.isVectorPerTR = true },
        Change("compatible") { $0.melBehaviour = .compat }, Change("one TR") { $0.maximumTRCount = 1 },
        Change("compatible averages") { ($0.melBehaviour, $0.isVectorPerTR) = (.compat, true) },
        Change("TRs of two frames and a bit") { $0.repetitionTime = RepetitionTime("0.05") ?? .standard },
        Change("averages of one or two frames") {
            ($0.repetitionTime, $0.isVectorPerTR) = (RepetitionTime("0.03") ?? .standard, true)
        },
        Change("a TR longer than the sound") { $0.repetitionTime = RepetitionTime("5") ?? .standard },
    ]

    private static func processor(_ change: Change) throws -> AudioProcessor {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = false
        change.apply(&settings)
        return try AudioProcessor(settings)
    }

    @Test(
        "Files made TR by TR have the bytes of features made in memory: array, manifest and table", arguments: changes,
        [0, 1, 33_075, 70_003])
    func sameBytes(change: Change, sampleCount: Int) throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.path("in.wav"), folder.path("f.npy"))
        let samples = PipelineGoldens.signal(sampleCount)
        let writer = try AudioWriter(path: input, sampleRate: 22_050, channelCount: 1, encoding: .float32)
        try samples.withUnsafeBufferPointer { try writer.write($0) }
        try writer.finish()
        let processor = try Self.processor(change)
        let whole = try processor.features(of: input)
        try whole.write(to: folder.path("whole.npy"), metadataPath: folder.path("whole.csv"))
        let reader = try AudioReader(path: input, sampleRate: 22_050, channels: .mono)
        let manifest = try processor.write(
            featuresOf: reader, path: input, to: output, metadataPath: folder.path("f.csv"))
        #expect(manifest == whole.manifest)
        for name in ["npy", "json", "csv"] {
            let made = try Data(contentsOf: URL(fileURLWithPath: folder.path("f." + name)))
            #expect(try made == Data(contentsOf: URL(fileURLWithPath: folder.path("whole." + name))), "\(name)")
        }
        try manifest.verify(NpyFile.read(path: output))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 7, "a file too many")
    }

    @Test("Work that is stopped, while it reads or while it converts, leaves the old files and no other")
    func stopping() throws {
        struct Stop: Error {}
        let folder = try TemporaryFolder()
        let input = folder.path("in.wav")
        let writer = try AudioWriter(path: input, sampleRate: 22_050, channelCount: 1, encoding: .float32)
        try PipelineGoldens.signal(70_003).withUnsafeBufferPointer { try writer.write($0) }
        try writer.finish()
        let old = Data("precious".utf8)
        for name in ["f.npy", "f.json"] { try old.write(to: URL(fileURLWithPath: folder.path(name))) }
        let processor = try Self.processor(Self.changes[0])
        // The last samples and the end of the sound are two calls; later ones come from the second pass.
        for limit in [20_000, 70_003] {
            let reader = try AudioReader(path: input, sampleRate: 22_050, channels: .mono)
            var calls = 0
            #expect(throws: Stop.self) {
                try processor.write(featuresOf: reader, path: input, to: folder.path("f.npy")) { count in
                    calls += count >= limit ? 1 : 0
                    if calls > (limit == 70_003 ? 2 : 0) { throw Stop() }
                }
            }
            for name in ["f.npy", "f.json"] {
                #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) == old)
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
            #expect(names == ["f.json", "f.npy", "in.wav"])
        }
    }

    /// Six minutes are 240 TRs: 128 MB of features.
    @Test("Mel features of six minutes, and their averages, are written within 32 MB", arguments: [false, true])
    func memory(isAverage: Bool) async {
        await #expect(processExitsWith: .success) { [isAverage] in
            let folder = try TemporaryFolder()
            let input = folder.path("in.wav")
            let writer = try AudioWriter(path: input, sampleRate: 22_050, channelCount: 1, encoding: .pcm16)
            let second = (0..<22_050).map { Float($0 * 577 & 0x7FFF) / 0x1p16 }
            for _ in 0..<360 { try second.withUnsafeBufferPointer { try writer.write($0) } }
            try writer.finish()
            var settings = AudioProcessor.Configuration()
            (settings.useEncodec, settings.isVectorPerTR) = (false, isAverage)
            let processor = try AudioProcessor(settings)
            let reader = try AudioReader(path: input, sampleRate: 22_050, channels: .mono)
            let start = try ProcessMemory.peakByteCount
            let manifest = try processor.write(featuresOf: reader, path: input, to: folder.path("f.npy"))
            #expect(manifest.trCount == 240)
            #expect(try ProcessMemory.peakByteCount - start < 32 << 20)
            let header = try NpyFile.header(path: folder.path("f.npy"))
            #expect(header.shape == (isAverage ? [240, 2048] : [240, 2048, 65]))
        }
    }
}
