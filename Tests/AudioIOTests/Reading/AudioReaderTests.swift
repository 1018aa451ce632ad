import AudioIO
import Foundation
import TestSupport
import Testing

@Suite("The reader says what a file is and converts it")
struct AudioReaderTests {
    @Test("the contents decide the library, not the name")
    func facts() throws {
        let mp3 = try AudioReader(path: Media.path("mp3-named.wav")).info
        #expect(mp3.backend == .libsndfile && mp3.encoding.contains("Layer III"))
        #expect(mp3.sampleRate == 16000 && mp3.channelCount == 2 && mp3.declaredFrameCount == 6400)
        let eight = try AudioReader(path: Media.path("pcm8.wav")).info
        #expect(eight.container.hasPrefix("WAV") && eight.encoding == "Unsigned 8 bit PCM")
        #expect(eight.declaredFrameCount == 6400 && eight.startOffsetFrameCount == 0)
        let film = try AudioReader(path: Media.path("aac-late.mp4"), sampleRate: 24000).info
        #expect(film.backend == .libav && film.container.contains("mp4") && film.encoding == "aac")
        // ffprobe: start_time 0.236, duration 0.464 at 16 kHz.
        #expect(film.startOffsetFrameCount == 3776 && film.declaredFrameCount == 7424)
        #expect(film.sampleRate == 16000, "the file's own rate, not the one asked for")
    }

    @Test("a late start is silence up to the first sample, exactly")
    func lateStart() throws {
        // ffprobe: the stream starts at 0.25 s; the source is the formula in make_media.sh, lossless but 16 bits.
        let clip = try AudioClip.load(path: Media.path("flac-late.mkv"))
        #expect(clip.samples[..<4000].allSatisfy { $0 == 0 })
        for index in [1, 2, 100, 6399] {
            let t = Double(index) / 16000
            let expected = 0.4 * sin(2 * .pi * 440 * t) + 0.2 * sin(2 * .pi * (300 + 900 * t) * t)
            #expect(abs(Double(clip.samples[4000 + index]) - expected) <= 0x1p-15, "frame \(index)")
        }
    }

    @Test("a missing packet is silence of its own length")
    func gap() throws {
        let clip = try AudioClip.load(path: Media.path("pcm-gap.mkv"))
        #expect(clip.samples[3072..<5120].allSatisfy { $0 == 0 })
        #expect(clip.samples[3071] != 0 && clip.samples[5120] != 0)
    }

    @Test("more than 16 bits survive", arguments: ["alac24.m4a", "pcm24.wav", "flac24.flac", "pcm-gap.mkv"])
    func precision(file: String) throws {
        let clip = try AudioClip.load(path: Media.path(file), channels: .native)
        let finer = clip.samples.filter { ($0 * 32768).rounded() != $0 * 32768 }
        #expect(finer.count > clip.samples.count / 4)
    }

    @Test("stereo from mono is twice the channel, from 5.1 it is left and right of the matrix")
    func stereo() throws {
        let mono = try AudioClip.load(path: Media.path("pcm24.wav"))
        let doubled = try AudioClip.load(path: Media.path("pcm24.wav"), channels: .stereo)
        #expect(doubled.channel(0) == mono.samples && doubled.channel(1) == mono.samples)
        let six = try AudioClip.load(path: Media.path("surround.wav"), channels: .native)
        let two = try AudioClip.load(path: Media.path("surround.wav"), channels: .stereo)
        // 1 : 0.7071 : 0.7071 for front, centre and back, divided by their sum; channels FL FR FC LFE BL BR.
        let (front, other) = (1 / (1 + 2.0.squareRoot()), 0.5.squareRoot() / (1 + 2.0.squareRoot()))
        for frame in stride(from: 0, to: six.frameCount, by: 97) {
            let expected =
                front * Double(six.samples[6 * frame]) + other * Double(six.samples[6 * frame + 2])
                + other * Double(six.samples[6 * frame + 4])
            #expect(abs(Double(two.samples[2 * frame]) - expected) <= 1e-6)
        }
    }

    @Test(
        "reading at another rate is reading and then resampling",
        arguments: ["surround.mp4", "rate192k.wav", "tone.mp3"])
    func rate(file: String) throws {
        let native = try AudioClip.load(path: Media.path(file))
        #expect(try AudioClip.load(path: Media.path(file), sampleRate: 24000) == native.resampled(to: 24000))
    }

    @Test("buffers of any size deliver the same samples", arguments: ["aac-late.mp4", "pcm-gap.mkv", "vorbis.ogg"])
    func buffers(file: String) throws {
        let whole = try AudioClip.load(path: Media.path(file), sampleRate: 24000, channels: .stereo)
        let reader = try AudioReader(path: Media.path(file), sampleRate: 24000, channels: .stereo)
        var samples: [Float] = []
        var turn = 0
        while true {
            // The odd sample has no room for a frame and stays unused.
            var buffer = [Float](repeating: .nan, count: [2, 3, 1001, 40000][turn % 4])
            let count = try buffer.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
            if count == 0 { break }
            samples += buffer[..<(2 * count)]
            turn += 1
        }
        #expect(samples == whole.samples)
    }

    /// libsndfile closes descriptors that it was told to leave alone; then one file's end is another's bad descriptor.
    @Test("files that are read at the same time do not disturb each other")
    func concurrency() async throws {
        let (film, sound) = (Media.path("video-only.mp4"), Media.path("rate8k.wav"))
        let expected = try AudioClip.load(path: sound)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<200 {
                        #expect(throws: AudioFileError.noAudioStream(path: film, streams: ["video"])) {
                            try AudioClip.load(path: film)
                        }
                        let clip = try AudioClip.load(path: sound)
                        #expect(clip == expected)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
