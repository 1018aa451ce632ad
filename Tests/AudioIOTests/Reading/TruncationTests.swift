import AudioIO
import Foundation
import TestSupport
import Testing

@Suite("A cut file is never read as a short one")
struct TruncationTests {
    @Test(
        "cutting a file anywhere is an error or loses nothing",
        arguments: try Media.load().cases.filter { !$0.file.hasSuffix(".ts") })
    func cut(_ example: MediaCase) throws {
        // Some MP3 encoders count their index frame, so one missing MPEG-2 frame passes; everything else is exact.
        let tolerance = example.codec == "mp3" ? 576 : 0
        for percent in [1, 5, 20, 40, 60, 80, 90, 97, 99] {
            let outcome = try load(example, percent: percent)
            switch outcome {
            case .success(let clip):
                #expect(clip.frameCount >= example.frames - tolerance, "\(percent) % of the bytes")
            case .failure(let error):
                #expect(error.category == .badInput, "\(percent) %: \(error)")
            }
        }
    }

    /// Transport streams are made to be cut and declare no length; what is left must still be right.
    @Test("a cut transport stream reads as far as it goes")
    func transportStream() throws {
        let example = try #require(try Media.load().cases.first { $0.file == "aac.ts" })
        let whole = try AudioClip.load(path: example.path, channels: .native)
        let part = try load(example, percent: 80).get()
        #expect(part.frameCount == 6144)
        #expect(part.samples[...] == whole.samples.prefix(part.samples.count))
    }

    private func load(_ example: MediaCase, percent: Int) throws -> Result<AudioClip, AudioFileError> {
        let whole = try Data(contentsOf: URL(fileURLWithPath: example.path))
        return try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent(example.file)
            try whole.prefix(whole.count * percent / 100).write(to: file)
            return Result { () throws(AudioFileError) in try AudioClip.load(path: file.path, channels: .native) }
        }
    }
}
