import AudioIO
import Foundation
import Testing

@Suite("A failed write leaves the folder as it was")
struct WriteFailureTests {
    @Test("dropping a writer keeps the old file and removes the new one")
    func abandoned() throws {
        try withOldFile { path in
            let writer = try AudioWriter(path: path, sampleRate: 24000, channelCount: 1, encoding: .float32)
            try [Float](repeating: 0.5, count: 100_000).withUnsafeBufferPointer { try writer.write($0) }
        }
    }

    @Test("a FLAC file without frames is refused")
    func emptyFLAC() throws {
        try withOldFile("old.flac") { path in
            let error = #expect(throws: AudioFileError.self) {
                try AudioClip(samples: [], sampleRate: 24000).write(to: path, encoding: .pcm16)
            }
            #expect(error?.category == .usage)
        }
    }

    @Test("a sample that is not finite is named and nothing is written", arguments: [Float.nan, .infinity, -.infinity])
    func notFinite(value: Float) throws {
        try withOldFile { path in
            var samples = [Float](repeating: 0, count: 40)
            samples[27] = value
            let error = #expect(throws: AudioFileError.self) {
                try AudioClip(samples: samples, sampleRate: 24000, channelCount: 2).write(to: path, encoding: .pcm16)
            }
            #expect(error == .notFinite(path: path, frame: 13, channel: 1, value: "\(value)"))
        }
    }

    @Test(
        "impossible files are refused before anything is created",
        arguments: [
            ("a.mp3", AudioEncoding.pcm16, 24000, 1, "unknown extension \"mp3\""),
            ("a", .pcm16, 24000, 1, "extension \"\""),
            ("a.flac", .float32, 24000, 1, "FLAC cannot hold float32"), ("a.flac", .pcm16, 24000, 9, "9 channels"),
            ("a.wav", .pcm16, 0, 1, "0 Hz"), ("a.wav", .pcm16, 24000, 0, "0 channels"),
        ])
    func impossible(name: String, encoding: AudioEncoding, rate: Int, channels: Int, fragment: String) throws {
        try TemporaryFolder.with { folder in
            let error = #expect(throws: AudioFileError.self) {
                try AudioWriter(
                    path: folder.appendingPathComponent(name).path, sampleRate: rate, channelCount: channels,
                    encoding: encoding)
            }
            #expect(error?.category == .usage)
            #expect(error?.description.contains(fragment) == true, "\(String(describing: error))")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left.isEmpty)
        }
    }

    @Test("a missing folder is an output error, a folder or device in the target's place a usage error")
    func badTargets() throws {
        try TemporaryFolder.with { folder in
            let place = folder.appendingPathComponent("x.wav")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
            #expect(failure(place.path)?.category == .usage)
            let missing = failure(folder.appendingPathComponent("no/x.wav").path)
            #expect(missing?.category == .inputOutput)
            #expect(missing?.description.contains("No such file or directory (code 2)") == true)
        }
    }

    @Test(
        "a folder without write permission is an output error", .enabled(if: geteuid() != 0, "root may write anywhere"))
    func unwritableFolder() throws {
        try TemporaryFolder.with { folder in
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
            #expect(failure(folder.appendingPathComponent("x.wav").path)?.category == .inputOutput)
        }
    }

    @Test("writing through a link replaces the file and keeps the link")
    func link() throws {
        try withOldFile(expecting: nil) { path in
            let link = path + ".link.wav"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
            _ = try AudioClip(samples: [0.5], sampleRate: 24000).write(to: link, encoding: .float32)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
            #expect(try AudioClip.load(path: path).samples == [0.5])
            try FileManager.default.removeItem(atPath: link)
        }
    }

    /// A limit on file sizes stands for the full disk: the same calls fail at the same places, and no mount is needed.
    ///
    /// The limit holds for a whole process, therefore a process of its own; 1 KiB is hit while FLAC completes its file,
    /// 100 KiB while samples are written.
    @Test("a full disk is an output error and leaves the old file")
    func fullDisk() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            for kibibytes in [1, 100] {
                for name in ["a.wav", "a.flac"] {
                    let clip = AudioClip(samples: AudioFixtures.noise(kibibytes * 2048), sampleRate: 24000)
                    try WriteFailureTests().withOldFile(name) { path in
                        var limit = rlimit(rlim_cur: rlim_t(kibibytes * 1024), rlim_max: .max)
                        setrlimit(__rlimit_resource_t(1), &limit)
                        let error = #expect(throws: AudioFileError.self) {
                            try clip.write(to: path, encoding: .pcm16)
                        }
                        #expect(error?.category == .inputOutput)
                        #expect(error?.description.contains("File too large (code 27)") == true)
                    }
                }
            }
        }
    }

    private func failure(_ path: String) -> AudioFileError? {
        #expect(throws: AudioFileError.self) {
            try AudioClip(samples: [0], sampleRate: 24000).write(to: path, encoding: .pcm16)
        }
    }

    /// Runs `body` with the path of an existing file and checks that this file is all there is afterwards.
    private func withOldFile(
        _ name: String = "old.wav", expecting contents: String? = "precious", _ body: (String) throws -> Void
    ) throws {
        try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent(name)
            try Data("precious".utf8).write(to: file)
            try body(file.path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
            if let contents { #expect(try Data(contentsOf: file) == Data(contents.utf8)) }
        }
    }
}
