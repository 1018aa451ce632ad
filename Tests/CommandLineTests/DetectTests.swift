import Foundation
import NumericCore
import TestSupport
import Testing

struct DetectTests {
    /// Codes by formula; the last `padded` codebooks are 0.
    private func codes(_ shape: [Int], frames: Int, codebooks: Int, padded: Int = 0) -> Tensor<Int64> {
        let count = shape.reduce(1, *)
        return Tensor(
            (0..<count).map { $0 / frames % codebooks < codebooks - padded ? Int64($0 * 7919 % 1021) : 0 }, shape: shape
        )
    }

    @Test func `a decided file exits with 0 and shows format, evidence and the other rules' answers`() throws {
        let folder = try TemporaryFolder()
        try NpyFile.write(codes([6, 896], frames: 112, codebooks: 8, padded: 4), to: folder.path("flat.npy"))
        let text = try Program.succeed(["detect", folder.path("flat.npy")])
        #expect(text.contains("encodec-flat, 8 codebooks (4 of them zero padding) x 112 frames"), "\(text)")
        #expect(text.contains("because  "))
        #expect(text.contains("look at  decode only the first 4 codebooks"))
        #expect(text.contains("design document's rule says mel_2d"))
    }

    @Test func `an ambiguous or unknown file exits with 3 and says what to do`() throws {
        let folder = try TemporaryFolder()
        try NpyFile.write(codes([9, 600], frames: 75, codebooks: 8), to: folder.path("open.npy"))
        try NpyFile.write(codes([9, 8, 112], frames: 112, codebooks: 8), to: folder.path("good.npy"))
        let outcome = try Program.run(["detect", folder.path("good.npy"), folder.path("open.npy")])
        #expect(outcome.status == 3)
        #expect(outcome.error.isEmpty)
        #expect(outcome.output.contains("good.npy: encodec, 8 codebooks x 112 frames"))
        #expect(outcome.output.contains("give the TR or the manifest"))
        let told = try Program.succeed(["detect", "--tr", "1", folder.path("open.npy")])
        #expect(told.contains("encodec-flat, 8 codebooks x 75 frames"))
    }

    @Test func `JSON has the numbers a script needs, for every member of an archive`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("two.npz")
        let mel = Tensor((0..<3 * 128 * 65).map { -Float($0 % 79) - 0.5 }, shape: [3, 128, 65])
        try NpzFile.write(
            [
                ("a", NpyFile.encode(codes([3, 16, 112], frames: 112, codebooks: 16, padded: 8))),
                ("b", NpyFile.encode(mel)),
            ],
            to: path)
        let output = try Program.succeed(["detect", "--json", path])
        let answers = try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
        #expect(answers.map { $0["format"] as? String } == ["encodec", "mel"])
        #expect(answers.map { $0["file"] as? String } == [path + "!a", path + "!b"])
        #expect(answers[0]["codebooks"] as? Int == 16)
        #expect(answers[0]["real_codebooks"] as? Int == 8)
        #expect(answers[0]["frames_per_tr"] as? Int == 112)
        #expect(answers[1]["mel_bands"] as? Int == 128)
        #expect(answers[1]["mel_columns"] as? Int == 65)
        #expect(answers[1]["design_rule"] as? String == "mel_3d")
    }

    @Test func `missing and damaged files have their own exit codes`() throws {
        let folder = try TemporaryFolder()
        try Data("no array".utf8).write(to: URL(fileURLWithPath: folder.path("text.npy")))
        try NpyFile.write(codes([9, 8, 112], frames: 112, codebooks: 8), to: folder.path("good.npy"))
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.path("good.json")))
        try Program.expectFailure(["detect", folder.path("none.npy")], status: 66, saying: ["none.npy"])
        try Program.expectFailure(["detect", folder.path("text.npy")], status: 65, saying: ["text.npy"])
        try Program.expectFailure(["detect", folder.path("good.npy")], status: 65, saying: ["good.json", "schema"])
        try Program.expectFailure(["detect", folder.path("good.npy!a")], status: 64, saying: ["no .npz"])
        #expect(try Program.run(["detect", "--tr", "x", "a.npy"]).status == 64)
    }
}
