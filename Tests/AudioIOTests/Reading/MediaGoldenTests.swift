import AudioIO
import Foundation
import TestSupport
import Testing

/// One fixture of `GoldenData/audio/media` and what ffmpeg says about it.
struct MediaCase: Decodable, CustomTestStringConvertible {
    let file: String
    let codec: String
    let sampleRate: Int
    let channels: Int
    let frames: Int
    var testDescription: String { file }
    var path: String { Media.path(file) }
    var isLossless: Bool { codec.hasPrefix("pcm") || codec == "flac" || codec == "alac" }
}

/// The media fixtures and the bounds their manifest states.
struct Media: Decodable {
    struct Bound: Decodable {
        let losslessDB: Double
        let lossyDB: Double
    }
    let bound: Bound
    let cases: [MediaCase]

    static func load() throws -> Media {
        try JSONDecoder().decode(Media.self, from: Data(contentsOf: Repository.golden("audio/media/manifest.json")))
    }

    static func path(_ file: String) -> String { Repository.golden("audio/media/\(file)").path }
}

@Suite("Every container and codec reads as ffmpeg decodes it")
struct MediaGoldenTests {
    /// Length, lag, level, channel order and gaps at once: all samples on the container's time axis.
    @Test("native channels agree with ffmpeg's samples", arguments: try Media.load().cases)
    func nativeSamples(_ example: MediaCase) throws {
        let clip = try AudioClip.load(path: example.path, channels: .native)
        #expect(clip.sampleRate == example.sampleRate)
        #expect(clip.channelCount == example.channels)
        try compare(clip, Repository.golden("audio/media/\(example.file).f32"), example)
    }

    @Test(
        "the mono mix agrees with libswresample's, whichever library reads the file",
        arguments: try Media.load().cases.filter { $0.channels > 1 })
    func monoSamples(_ example: MediaCase) throws {
        let clip = try AudioClip.load(path: example.path)
        #expect(clip.channelCount == 1)
        try compare(clip, Repository.golden("audio/media/\(example.file).mono.f32"), example)
    }

    private func compare(_ clip: AudioClip, _ golden: URL, _ example: MediaCase) throws {
        let expected = try AudioFixtures.floats(golden)
        #expect(clip.samples.count == expected.count)
        let bound = try Media.load().bound
        let difference = AudioFixtures.differenceDB(clip.samples, expected)
        print("media \(golden.lastPathComponent): \(String(format: "%.1f", difference)) dB, \(clip.frameCount) frames")
        #expect(difference <= (example.isLossless ? bound.losslessDB : bound.lossyDB))
    }
}
