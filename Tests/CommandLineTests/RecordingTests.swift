import AudioIO
import Foundation
import NumericCore
import TestSupport
import Testing

struct RecordingTests {
    static let recordings: [String] = {
        guard let folder = Repository.sharedAudio else { return [] }
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { !$0.hasSuffix(".tsv") }.sorted().map { folder.appendingPathComponent($0).path }
    }()

    @Test(
        "A recording of n samples gives ceil(n / 320) frames, and those give 320 samples each",
        .enabled(if: Repository.sharedAudio != nil, "needs the recordings beside the checkout"),
        arguments: recordings)
    func lengths(path: String) throws {
        let folder = try TemporaryFolder()
        let codec = ["--codec", Program.small]
        let clip: AudioClip
        do { clip = try AudioClip.load(path: path, sampleRate: 24000) } catch AudioFileError.noAudioStream {
            // A film without sound must be refused as such.
            return try Program.expectFailure(
                ["encode", path, "-o", folder.path("c.npy"), "--bandwidth", "1.5"] + codec, status: 65,
                saying: ["no audio stream"])
        }
        try Program.succeed(["encode", path, "-o", folder.path("c.npy"), "--bandwidth", "1.5"] + codec)
        let frameCount = (clip.frameCount + 319) / 320
        #expect(try NpyFile.header(path: folder.path("c.npy")).shape == [4, frameCount])
        try Program.succeed(["decode", folder.path("c.npy"), "-o", folder.path("o.wav")] + codec)
        #expect(try WaveFile.samples(folder.path("o.wav")).count == 320 * frameCount)
    }
}
