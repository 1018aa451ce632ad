import AudioIO
import Foundation
import Testing

@Suite("Bad inputs are errors with a sentence")
struct BadInputTests {
    @Test("a missing file")
    func missing() {
        let error = failure("/nonexistent/film.mp4")
        #expect(error == .noSuchFile(path: "/nonexistent/film.mp4"))
        #expect(error?.category == .missingInput)
        #expect(failure("")?.category == .missingInput)
        #expect(failure("http://localhost/film.mp4")?.category == .missingInput)
        #expect(failure("a\0b.wav")?.category == .missingInput)
    }

    @Test("a folder, a device and a pipe")
    func notFiles() throws {
        try TemporaryFolder.with { folder in
            let pipe = folder.appendingPathComponent("pipe.wav").path
            try #require(mkfifo(pipe, 0o600) == 0)
            for path in [folder.path, "/dev/null", pipe] { #expect(failure(path) == .notARegularFile(path: path)) }
        }
    }

    @Test(
        "an empty file, text, a playlist, noise",
        arguments: [
            ("empty.wav", ""), ("notes.txt", "Dear diary,\nnothing was recorded today.\n"),
            ("list.m3u8", "#EXTM3U\n#EXTINF:1,\nhttp://localhost/a.ts\n"), ("short.wav", "RIFF"),
            ("x.mp3", "\u{1}\u{2}\u{3}"),
        ])
    func notAudio(name: String, contents: String) throws {
        try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent(name)
            try Data(contents.utf8).write(to: file)
            let error = failure(file.path)
            #expect(error?.category == .badInput)
            #expect(error?.description.hasPrefix(file.path + ": ") == true)
            if contents.isEmpty { #expect(error == .emptyFile(path: file.path)) }
        }
    }

    @Test("a film without sound says what it holds")
    func videoOnly() {
        let path = Media.path("video-only.mp4")
        #expect(failure(path) == .noAudioStream(path: path, streams: ["video"]))
    }

    @Test("a sample that is not finite is named by frame and channel", arguments: [Float.nan, .infinity])
    func notFinite(value: Float) throws {
        try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent("bad.wav")
            var samples = [Float](repeating: 0.1, count: 2 * 20000)
            samples[2 * 12345 + 1] = value
            samples[2 * 15000] = .nan
            try WaveBytes.float32(samples, rate: 24000, channels: 2).write(to: file)
            for rate in [nil, 44100] {
                let error = #expect(throws: AudioFileError.self) {
                    try AudioClip.load(path: file.path, sampleRate: rate, channels: .stereo)
                }
                #expect(error == .notFinite(path: file.path, frame: 12345, channel: 1, value: "\(value)"))
            }
        }
    }

    @Test("an error is thrown again by the next read")
    func errorsStay() throws {
        try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent("bad.wav")
            try WaveBytes.float32([.nan, 0, 0], rate: 24000, channels: 1).write(to: file)
            let reader = try AudioReader(path: file.path)
            var buffer: [Float] = [9]
            for _ in 0..<3 {
                #expect(throws: AudioFileError.notFinite(path: file.path, frame: 0, channel: 0, value: "nan")) {
                    try buffer.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
                }
            }
            #expect(buffer == [9])
        }
    }

    @Test("channels without known speakers can be read but not mixed")
    func unknownSpeakers() throws {
        try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent("array.wav")
            try WaveBytes.float32([Float](repeating: 0.5, count: 22), rate: 24000, channels: 11).write(to: file)
            #expect(try AudioClip.load(path: file.path, channels: .native).frameCount == 2)
            let error = #expect(throws: AudioFileError.self) { try AudioClip.load(path: file.path, channels: .mono) }
            #expect(error?.description.contains("11 channels") == true)
            #expect(error?.category == .badInput)
        }
    }

    @Test("an impossible target rate is a usage error")
    func impossibleRate() {
        let error = #expect(throws: AudioFileError.self) {
            try AudioReader(path: Media.path("pcm24.wav"), sampleRate: 0)
        }
        #expect(error?.category == .usage)
    }

    /// Damage of any kind ends in samples or in an error, never in a crash or in a value that is not finite.
    @Test("files with flipped bytes are read or refused", arguments: try Media.load().cases)
    func damaged(_ example: MediaCase) throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: example.path))
        var state: UInt32 = 2024
        func random(_ bound: Int) -> Int {
            state = 1_664_525 &* state &+ 1_013_904_223
            return Int(state >> 8) % bound
        }
        try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent(example.file)
            for round in 0..<12 {
                var bytes = whole
                // Half of the rounds hit the headers.
                for _ in 0..<4 { bytes[random(round % 2 == 0 ? bytes.count : 200)] = UInt8(random(256)) }
                try bytes.write(to: file)
                switch Result(catching: { () throws(AudioFileError) in try AudioClip.load(path: file.path) }) {
                case .success(let clip): #expect(clip.samples.allSatisfy { $0.isFinite })
                case .failure(let error): #expect(error.description.hasPrefix(file.path))
                }
            }
        }
    }

    private func failure(_ path: String) -> AudioFileError? {
        #expect(throws: AudioFileError.self) { try AudioClip.load(path: path) }
    }
}

/// WAV files made byte by byte, so that no library stands between a test and its samples.
enum WaveBytes {
    /// A 32-bit float file.
    static func float32(_ samples: [Float], rate: Int, channels: Int) -> Data {
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
        let format =
            little(3, 2) + little(channels, 2) + little(rate, 4) + little(rate * channels * 4, 4)
            + little(channels * 4, 2) + little(32, 2)
        let data = samples.flatMap { little(Int($0.bitPattern), 4) }
        return Data(
            Array("RIFF".utf8) + little(36 + data.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + format
                + Array("data".utf8) + little(data.count, 4) + data)
    }
}
