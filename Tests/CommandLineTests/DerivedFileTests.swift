import Foundation
import NumericCore
import TestSupport
import Testing

/// Files that hrf and resample-trs make of features, read again by the other commands.
struct DerivedFileTests {
    private func writeFeatures(_ folder: borrowing TemporaryFolder, _ format: String) throws {
        let samples = (0..<110_400).map { (index: Int) -> Float in
            0.1 * Float(sin(Double(index) * (0.05 + 1e-7 * Double(index)))) * Float(index / 3000 % 4)
        }
        try WaveFile.write(samples, rate: 24_000, to: folder.path("in.wav"))
        try Program.succeed(["features", folder.path("in.wav"), "-o", folder.path("f.npy"), "--format", format])
    }

    private func json(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("Codes that were cut, or convolved and made codes again, are recognised and become sound")
    func codes() throws {
        let folder = try TemporaryFolder()
        try writeFeatures(folder, "encodec")
        let cut = folder.path("cut.npy")
        try Program.succeed(["resample-trs", folder.path("f.npy"), "-o", cut, "--to", "2", "--codes", "truncate"])
        let manifest = try json(folder.path("cut.json"))
        #expect(manifest["operation"] as? String == "resample-trs" && manifest["source_trs"] as? Int == 3)
        #expect(
            try manifest["source_sha256"] as? String == SHA256.hexadecimal(ofFile: folder.path("f.npy")))
        #expect(try Program.succeed(["detect", cut]).contains("made by resample-trs (truncate, 3 to 2 TRs)"))
        try Program.succeed(["reconstruct", cut, "-o", folder.path("cut.wav")])
        #expect(try WaveFile.samples(folder.path("cut.wav")).count == 225 * 320)
        let again = folder.path("again.npy")
        try Program.succeed(["hrf", cut, "-o", again, "--codes", "latent", "--requantize"])
        #expect(try json(folder.path("again.json"))["requantized"] as? Bool == true)
        try Program.succeed(["reconstruct", again, "-o", folder.path("again.wav")])
        #expect(try WaveFile.samples(folder.path("again.wav")).count == 225 * 320)
        let long = folder.path("long.npy")
        try Program.succeed(["resample-trs", cut, "-o", long, "--to", "8", "--codes", "nearest"])
        let trained = try Program.succeed([
            "train", long, "-o", folder.path("model"), "--epochs", "1", "--gap", "0", "--json",
        ])
        #expect(trained.contains("training_trs"))
    }

    @Test("Latents say that they are latents, and do not become sound or training data")
    func latents() throws {
        let folder = try TemporaryFolder()
        try writeFeatures(folder, "encodec")
        let latents = folder.path("latents.npy")
        try Program.succeed(["hrf", folder.path("f.npy"), "-o", latents, "--codes", "latent"])
        let manifest = try json(folder.path("latents.json"))
        #expect(manifest["holds"] as? String == "latents" && (manifest["weights_sha256"] as? String)?.count == 64)
        #expect(try Program.run(["detect", latents]).output.contains("holds latents of codes"))
        try Program.expectFailure(
            ["reconstruct", latents, "-o", folder.path("no.wav")], status: 65, saying: ["latents", "--requantize"])
        try Program.expectFailure(
            ["train", latents, "-o", folder.path("model"), "--gap", "0"], status: 65, saying: ["latents"])
        #expect(!FileManager.default.fileExists(atPath: folder.path("no.wav")))
    }

    @Test("Convolved mel features are still known as mel features with their level")
    func mel() throws {
        let folder = try TemporaryFolder()
        try writeFeatures(folder, "mel-2d")
        try Program.succeed(["hrf", folder.path("f.npy"), "-o", folder.path("h.npy")])
        let manifest = try json(folder.path("h.json"))
        let features = try #require(manifest["features"] as? [String: Any])
        let source = try json(folder.path("f.json"))
        #expect(features["db_reference"] as? Double == source["db_reference"] as? Double)
        #expect(features["hrf_kernel"] as? String == "sampled" && features["format"] as? String == "mel-2d")
        #expect(try Program.succeed(["detect", folder.path("h.npy")]).contains("mel-2d, 2048 bands"))
    }

    @Test(
        "Arrays that were swapped, or changed after they were made, are refused by every command, and nothing is written"
    )
    func swapped() throws {
        let folder = try TemporaryFolder()
        try writeFeatures(folder, "encodec")
        for (name, count) in [("a", 3), ("b", 3)] {
            let method = name == "a" ? "truncate" : "linear"
            try Program.succeed([
                "resample-trs", folder.path("f.npy"), "-o", folder.path(name + ".npy"), "--to", "\(count)", "--codes",
                method,
            ])
        }
        // Equal rows make equal arrays; one other code tells them apart.
        var codes = try NpyFile.read(path: folder.path("b.npy")).int32().elements
        codes[7] ^= 1
        try NpyFile.write(Tensor(codes, shape: [3, 8, 113]), to: folder.path("b.npy"))
        let before = try FailureTests.contents(folder.url)
        let (changed, output) = (folder.path("b.npy"), folder.path("x"))
        for call in [
            ["reconstruct", changed, "-o", output + ".wav"], ["train", changed, "-o", output, "--gap", "0"],
            ["hrf", changed, "-o", output + ".npy", "--codes", "seed"],
            ["resample-trs", changed, "-o", output + ".npy", "--to", "2", "--codes", "truncate"],
        ] { try Program.expectFailure(call, status: 65, saying: ["b.npy", "SHA-256"]) }
        #expect(try Program.run(["detect", changed]).output.contains("SHA-256"))
        #expect(try FailureTests.contents(folder.url) == before)
        // A JSON file that is no manifest is not replaced.
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.path("y.json")))
        try Program.expectFailure(
            ["hrf", folder.path("a.npy"), "-o", folder.path("y.npy"), "--codes", "seed"], status: 74,
            saying: ["y.json", "no manifest"])
    }
}
