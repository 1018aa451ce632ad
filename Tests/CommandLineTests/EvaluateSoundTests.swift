import AudioIO
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct EvaluateSoundTests {
    /// Features of the clip, and a model of one epoch.
    private func prepare(_ folder: borrowing TemporaryFolder, format: String) throws -> [String] {
        let clip = Repository.golden("clips/scene.m4v").path
        try Program.succeed(
            ["features", clip, "-o", folder.path("f.npy"), "--format", format, "--max-trs", "10", "--quiet"])
        try Program.succeed([
            "train", folder.path("f.npy"), "-o", folder.path("run"), "--epochs", "1", "--gap", "0", "--quiet",
        ])
        return ["evaluate", folder.path("run"), folder.path("f.npy"), "--audio", clip]
    }

    private func sound(_ text: String) throws -> [String: (predicted: Double?, ceiling: Double?)] {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let entries = try #require(object["sound"] as? [[String: [String: Any]]])
        return Dictionary(
            uniqueKeysWithValues: entries.map { entry in
                let value = { (name: String) in entry[name]?["value"] as? Double }
                return (entry["metric"]?["id"] as? String ?? "", (value("predicted"), value("ceiling")))
            })
    }

    private func samples(_ path: String, rate: Int) throws -> [Float] {
        let reader = try AudioReader(path: path, sampleRate: rate)
        var samples = [Float](repeating: 0, count: 1 << 20)
        let count = try samples.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
        return Array(samples[..<count])
    }

    @Test func `predicted codes are decoded at the part's own seconds, below what the features give`() throws {
        let folder = try TemporaryFolder()
        let call = try prepare(folder, format: "encodec")
        let found = try sound(Program.succeed(call + ["--json", "--wav", folder.path("p.wav")]))
        let distortion = try #require(found["si_sdr.zm"])
        let ceiling = try #require(distortion.ceiling)
        // Frames of the wrong second, or of the wrong parity of the grid, would put the ceiling far below 0.
        #expect(ceiling > 2, "\(found)")
        #expect(try #require(distortion.predicted) < ceiling - 5)
        let stoi = try #require(found["stoi.taal2011@10k"])
        #expect(try #require(stoi.predicted) < (try #require(stoi.ceiling)))
        // TRs 8 and 9: two TRs are 225 frames.
        #expect(try samples(folder.path("p.wav"), rate: 24000).count == 225 * 320)
        // The sound is what reconstruct makes of the stored prediction.
        try Program.succeed(Array(call.prefix(3)) + ["-o", folder.path("p.npy")])
        try Program.succeed([
            "reconstruct", folder.path("p.npy"), "-o", folder.path("r.wav"), "--format", "encodec", "--grid", "exact",
            "--quiet",
        ])
        #expect(try samples(folder.path("r.wav"), rate: 24000) == samples(folder.path("p.wav"), rate: 24000))
    }

    @Test func `predicted mel features go through Griffin-Lim`() throws {
        let folder = try TemporaryFolder()
        let call = try prepare(folder, format: "mel")
        let found = try sound(Program.succeed(call + ["--json", "--wav", folder.path("p.wav")]))
        let mel = try #require(found.first { $0.key.hasPrefix("mel") }?.value)
        #expect(try #require(mel.predicted) > (try #require(mel.ceiling)))
        // 3 s less the frame that the part's last TR may lack.
        let count = try samples(folder.path("p.wav"), rate: 22_050).count
        #expect((66_150 - 1024...66_150).contains(count), "\(count)")
        let text = try Program.succeed(call)
        // TR 8 begins in frame floor(8 x 33075 / 512) = 516.
        #expect(text.contains("features decoded") && text.contains("from 11.98 s on at 22050 Hz"))
    }

    @Test func `what cannot be compared ends with a sentence`() throws {
        let folder = try TemporaryFolder()
        let call = try prepare(folder, format: "encodec")
        try WaveFile.write([Float](repeating: 0.1, count: 24000), rate: 24000, to: folder.path("short.wav"))
        let short = Array(call.dropLast()) + [folder.path("short.wav")]
        try Program.expectFailure(short, status: 65, saying: ["1.00 s of sound", "ends at 15.00 s"])
        try Program.expectFailure(call + ["--wav", folder.path("p.mp3")], status: 64, saying: ["is not .wav"])
        try Program.expectFailure(
            Array(call.dropLast(2)) + ["--wav", folder.path("p.wav")], status: 64, saying: ["are for --audio"])
        // Silence has no signal to compare with: the table says so instead of a number.
        try WaveFile.write([Float](repeating: 0, count: 24000 * 16), rate: 24000, to: folder.path("silent.wav"))
        let text = try Program.succeed(Array(call.dropLast()) + [folder.path("silent.wav")])
        #expect(text.contains("not measurable") && text.contains("silent"))
    }
}
