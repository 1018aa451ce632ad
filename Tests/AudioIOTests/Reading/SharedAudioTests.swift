import AudioIO
import Foundation
import TestSupport
import Testing

/// A recording beside the checkout and the length of its audio in seconds, by an outside measure.
struct Recording: CustomTestStringConvertible, Sendable {
    let file: String
    let seconds: Double
    var isSilent = false
    var testDescription: String { file }

    /// Lengths are ffprobe's durations; for MP3, where those include encoder delay, the length that ffmpeg decodes.
    static let all = [
        Recording(file: "env_crying_baby_44k1.wav", seconds: 5), Recording(file: "env_dog_bark_44k1.wav", seconds: 5),
        Recording(file: "env_humpback_whale_44k1.ogg", seconds: 64.809002),
        Recording(file: "env_robin_44k1.ogg", seconds: 2.698617),
        Recording(file: "env_t-rex-roar_44k1.mp3", seconds: 2.074218),
        Recording(file: "music_jazz_vibe_ace_44k1.ogg", seconds: 61.458866),
        Recording(file: "music_string_orchestra_brahms_44k1.ogg", seconds: 45.844898),
        Recording(file: "music_trumpet_solo_44k1.ogg", seconds: 5.333356),
        Recording(file: "ref_pesq_speech_16k.wav", seconds: 3.1),
        Recording(file: "ref_pesq_speech_bab_0dB_16k.wav", seconds: 3.1),
        Recording(file: "speech_jfk_16k_mono.mp3", seconds: 11),
        Recording(file: "speech_librispeech_1272-128104-0000_16k.wav", seconds: 5.855),
        Recording(file: "speech_librispeech_198-209-0000_16k_female.ogg", seconds: 13.910063),
        Recording(file: "speech_librispeech_3436-172162-0000_16k_male.ogg", seconds: 16.745),
        Recording(file: "video_big_buck_bunny_30s_44k1.webm", seconds: 30.003),
        Recording(file: "video_big_buck_bunny_51_48k.mp4", seconds: 5.312),
        Recording(file: "video_flower_silent_48k.mp4", seconds: 5.055, isSilent: true),
        Recording(file: "video_friday_44k1.mp4", seconds: 6.153288),
    ]
}

@Suite("Real recordings read whole", .enabled(if: Repository.sharedAudio != nil, "no recordings beside the checkout"))
struct SharedAudioTests {
    @Test("24 kHz mono has the right length and a signal", arguments: Recording.all)
    func reads(_ recording: Recording) throws {
        let folder = try #require(Repository.sharedAudio)
        let clip = try AudioClip.load(path: folder.appendingPathComponent(recording.file).path, sampleRate: 24000)
        print("recording \(recording.file): \(clip.durationSeconds) s of \(recording.seconds) s")
        // One AAC packet at 44.1 kHz is 23 ms: containers may round the end to packets.
        #expect(abs(clip.durationSeconds - recording.seconds) <= 0.024)
        let peak = clip.samples.map(abs).max() ?? .nan
        #expect(recording.isSilent ? peak == 0 : peak > 0.01)
    }

    @Test("the table names every recording")
    func tableIsComplete() throws {
        let folder = try #require(Repository.sharedAudio)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(".tsv") }
        #expect(Set(files) == Set(Recording.all.map(\.file)))
    }
}
