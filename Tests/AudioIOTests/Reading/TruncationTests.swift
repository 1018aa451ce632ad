import AudioIO
import Foundation
import TestSupport
import Testing

@Suite("A cut file is never read as a short one")
struct TruncationTests {
    @Test(
        "cutting a file anywhere is an error or loses nothing",
        arguments: try Media.load().cases.filter { !$0.file.hasPrefix("open-") })
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
        let example = try #require(try Media.load().cases.first { $0.file == "open-aac.ts" })
        let whole = try AudioClip.load(path: example.path, channels: .native)
        let part = try load(example, percent: 80).get()
        #expect(part.frameCount == 6144)
        #expect(part.samples[...] == whole.samples.prefix(part.samples.count))
    }

    /// The boxes agree with the length of the file here; only the table of samples knows that some are missing.
    @Test("an MP4 whose sample table points beyond the file is an error", arguments: ["aac-late.mp4", "pcm.mov"])
    func sampleTable(file: String) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: Media.path(file)))
        let mdat = try #require(bytes.range(of: Data("mdat".utf8))).lowerBound
        for length in stride(from: mdat + 104, to: bytes.count - 1, by: 97).reversed() {
            bytes = bytes.prefix(length)
            withUnsafeBytes(of: UInt32(length - mdat + 4).bigEndian) { size in
                bytes.replaceSubrange((mdat - 4)..<mdat, with: size)
            }
            let error = try #require(throws: AudioFileError.self) { try load(bytes, as: "cut.mp4").get() }
            switch error {
            case .damaged, .truncated: break
            default: Issue.record("\(length) bytes: \(error)")
            }
        }
    }

    @Test("a Matroska file of unknown size that ends before its declared duration is an error")
    func containerDuration() throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: Media.path("silence.mkv")))
        #expect(try load(bytes, as: "whole.mkv").get().frameCount == 32000)
        let segment = try #require(bytes.range(of: Data([0x18, 0x53, 0x80, 0x67]))).upperBound
        bytes.replaceSubrange(segment..<(segment + 8), with: [0x01] + [UInt8](repeating: 0xff, count: 7))
        #expect(try load(bytes, as: "live.mkv").get().frameCount == 32000)
        let cut = try load(bytes.prefix(bytes.count * 6 / 10), as: "cut.mkv")
        guard case .failure(.truncated(_, let read, let declared)) = cut else {
            Issue.record("\(cut)")
            return
        }
        #expect(read > 0.5 && read < 3 && abs(declared - 4) <= 0.001)
    }

    private func load(_ example: MediaCase, percent: Int) throws -> Result<AudioClip, AudioFileError> {
        let whole = try Data(contentsOf: URL(fileURLWithPath: example.path))
        return try load(whole.prefix(whole.count * percent / 100), as: example.file)
    }

    private func load(_ bytes: Data, as name: String) throws -> Result<AudioClip, AudioFileError> {
        try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent(name)
            try bytes.write(to: file)
            return Result { () throws(AudioFileError) in try AudioClip.load(path: file.path, channels: .native) }
        }
    }
}
