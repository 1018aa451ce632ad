import AudioIO
import Foundation
import Testing

@Suite("What is written is what is read")
struct AudioWriterTests {
    static let noise = AudioFixtures.noise(6 * 5000)

    @Test("float WAV returns every bit, beyond full scale too", arguments: [1, 2, 6])
    func floatIsExact(channels: Int) throws {
        var samples = Self.noise
        samples.replaceSubrange(0..<6, with: [3.5, -7, -0.0, .leastNonzeroMagnitude, 1e30, -1])
        let clip = AudioClip(samples: samples, sampleRate: 44100, channelCount: channels)
        let (read, clipped) = try roundTrip(clip, "clip.wav", .float32)
        #expect(read.samples.map(\.bitPattern) == samples.map(\.bitPattern))
        #expect(read.sampleRate == 44100 && read.channelCount == channels && clipped == 0)
    }

    @Test(
        "integers return within half a step, and exactly the second time",
        arguments: [
            ("clip.wav", AudioEncoding.pcm16), ("clip.WAV", .pcm24), ("clip.flac", .pcm16), ("clip.flac", .pcm24),
        ])
    func integersAreNear(name: String, encoding: AudioEncoding) throws {
        let clip = AudioClip(samples: Self.noise, sampleRate: 24000, channelCount: 2)
        let (first, clipped) = try roundTrip(clip, name, encoding)
        let halfStep: Float = encoding == .pcm16 ? 0x1p-16 : 0x1p-24
        #expect(first.samples.count == clip.samples.count && clipped == 0)
        #expect(zip(first.samples, clip.samples).allSatisfy { abs($0 - $1) <= halfStep })
        #expect(try roundTrip(first, name, encoding).0 == first)
    }

    /// The bytes are looked at without any audio library.
    @Test("16-bit WAV rounds halves to even, clips and counts")
    func stepsAndClipping() throws {
        let step: Float = 0x1p-15
        let samples = [0, 0.5 * step, 1.5 * step, -0.5 * step, -2.5 * step, 0.25, 1, 1.5, -1, -1.5, 0.99999]
        try TemporaryFolder.with { folder in
            let path = folder.appendingPathComponent("clip.wav").path
            let clipped = try AudioClip(samples: samples, sampleRate: 8000).write(to: path, encoding: .pcm16)
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let data = bytes.suffix(2 * samples.count)
            let steps = stride(from: data.startIndex, to: data.endIndex, by: 2).map {
                Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)
            }
            #expect(steps == [0, 0, 2, 0, -2, 8192, 32767, 32767, -32768, -32768, 32767])
            #expect(clipped == 4, "1, 1.5, -1.5 and 0.99999 have no step of their own")
            #expect(bytes.prefix(4) == [0x52, 0x49, 0x46, 0x46], "a small file is RIFF, not RF64")
        }
    }

    @Test("a file of no frames and of one frame can be read back", arguments: [0, 1])
    func shortest(count: Int) throws {
        for (name, encoding) in [("a.wav", AudioEncoding.float32), ("a.wav", .pcm16), ("a.flac", .pcm16)] {
            if count == 0, name == "a.flac" { continue }
            let clip = AudioClip(samples: [Float](repeating: 0.5, count: count), sampleRate: 24000)
            #expect(try roundTrip(clip, name, encoding).0 == clip, "\(name) \(encoding)")
        }
    }

    @Test("blocks of any size give the same file")
    func blocks() throws {
        try TemporaryFolder.with { folder in
            let (one, many) = (folder.appendingPathComponent("1.flac"), folder.appendingPathComponent("n.flac"))
            let clip = AudioClip(samples: Self.noise, sampleRate: 24000, channelCount: 2)
            _ = try clip.write(to: one.path, encoding: .pcm24)
            let writer = try AudioWriter(path: many.path, sampleRate: 24000, channelCount: 2, encoding: .pcm24)
            try Self.noise.withUnsafeBufferPointer { samples in
                for start in stride(from: 0, to: samples.count, by: 1234) {
                    let end = min(start + 1234, samples.count)
                    try writer.write(UnsafeBufferPointer(rebasing: samples[start..<end]))
                }
            }
            try writer.finish()
            #expect(writer.frameCount == clip.frameCount)
            #expect(try Data(contentsOf: one) == Data(contentsOf: many))
        }
    }

    /// 4.4 GB on the disk and minutes in a debug build, therefore only on request.
    @Test(
        "more than 4 GB become RF64 and keep their last sample",
        .enabled(if: ProcessInfo.processInfo.environment["CODECGATE_LARGE_FILES"] != nil, "set CODECGATE_LARGE_FILES"))
    func largeFile() throws {
        try TemporaryFolder.with { folder in
            let path = folder.appendingPathComponent("large.wav").path
            let block = [Float](repeating: 0.25, count: 1 << 22)
            let writer = try AudioWriter(path: path, sampleRate: 192_000, channelCount: 8, encoding: .float32)
            for _ in 0..<260 { try block.withUnsafeBufferPointer { try writer.write($0) } }
            try [Float](repeating: 0.75, count: 8).withUnsafeBufferPointer { try writer.write($0) }
            try writer.finish()
            let reader = try AudioReader(path: path, channels: .native)
            #expect(reader.info.declaredFrameCount == 260 << 19 | 1)
            var buffer = [Float](repeating: 0, count: 1 << 22)
            var (last, total) = (Float(0), 0)
            while true {
                let count = try buffer.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
                if count == 0 { break }
                (last, total) = (buffer[count * 8 - 1], total + count)
            }
            #expect(total == 260 << 19 | 1 && last == 0.75)
        }
    }

    private func roundTrip(_ clip: AudioClip, _ name: String, _ encoding: AudioEncoding) throws -> (AudioClip, Int) {
        try TemporaryFolder.with { folder in
            let path = folder.appendingPathComponent(name).path
            let clipped = try clip.write(to: path, encoding: encoding)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
            return (try AudioClip.load(path: path, channels: .native), clipped)
        }
    }
}
