import Foundation
import NumericCore
import TestSupport
import Testing

struct TrainCommandTests {
    /// Codes that follow from one phase of their TR.
    private func writeFeatures(_ path: String) throws {
        let count = 30
        let values = (0..<count).flatMap { row in
            (0..<4 * 113).map { (index: Int) -> Int32 in
                let angle = Double(row) * 3.883 + Double(index / 113) * 0.7 + Double(index % 113) * 0.02
                return Int32(511.5 + 500 * sin(angle))
            }
        }
        try NpyFile.write(Tensor(values, shape: [count, 4, 113]), to: path)
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func skill(_ score: Any?) throws -> Double {
        let modalities = try #require((score as? [String: Any])?["modalities"] as? [String: [String: Any]])
        return try #require(modalities["audio"]?["skill"] as? Double)
    }

    @Test func `a model is trained, judged as its training says, and predicts codes of the part`() throws {
        let folder = try TemporaryFolder()
        try writeFeatures(folder.path("f.npy"))
        let trained = try json(
            Program.succeed([
                "train", folder.path("f.npy"), "-o", folder.path("run"), "--epochs", "25", "--rate", "0.003", "--gap",
                "0", "--batch", "8", "--json",
            ]))
        #expect(trained["ending"] as? String == "finished" && trained["epochs"] as? Int == 25)
        #expect(trained["training_trs"] as? Int == 24 && trained["validation_trs"] as? Int == 6)
        #expect(try skill(trained["validation"]) > 0)
        let arguments = ["evaluate", folder.path("run"), folder.path("f.npy"), "--json"]
        let last = try json(Program.succeed(arguments + ["--last", "-o", folder.path("p.npy")]))
        #expect(try skill(last["score"]) == skill(trained["validation"]))
        #expect(last["epoch"] as? Int == 25 && last["trs"] as? Int == 6)
        let predicted = try NpyFile.read(path: folder.path("p.npy")).int32()
        #expect(predicted.shape == [6, 4, 113])
        #expect(predicted.elements.allSatisfy { (0..<1024).contains($0) } && Set(predicted.elements).count > 20)
        let best = try json(Program.succeed(arguments))
        #expect(best["epoch"] as? Int == trained["best_epoch"] as? Int)
        #expect(try skill(best["score"]) >= skill(last["score"]))
    }

    @Test func `a run that its time cut off goes on to the same files`() throws {
        let folder = try TemporaryFolder()
        try writeFeatures(folder.path("f.npy"))
        let arguments = ["train", folder.path("f.npy"), "--epochs", "3", "--gap", "0", "--quiet", "-o"]
        try Program.succeed(arguments + [folder.path("whole")])
        try Program.succeed(arguments + [folder.path("cut"), "--minutes", "0.0000001"])
        func bytes(_ run: String) throws -> Data {
            try Data(contentsOf: URL(fileURLWithPath: folder.path("\(run)/last.safetensors")))
        }
        #expect(try bytes("cut") != bytes("whole"))
        try Program.succeed(arguments + [folder.path("cut"), "--resume"])
        #expect(try bytes("cut") == bytes("whole"))
    }

    @Test func `wrong use ends with a sentence and the code of its kind`() throws {
        let folder = try TemporaryFolder()
        let (features, run) = (folder.path("f.npy"), folder.path("run"))
        try writeFeatures(features)
        let train = ["train", features, "-o", run, "--gap", "0"]
        try Program.expectFailure(["train", features, "-o", run], status: 64, saying: ["30 TRs", "smaller gap"])
        try Program.expectFailure(train + ["--epochs", "0"], status: 64, saying: ["number of epochs is 0"])
        try Program.expectFailure(train + ["--minutes", "0"], status: 64, saying: ["minutes is 0"])
        try Program.expectFailure(train + ["--resume"], status: 66, saying: ["last.safetensors"])
        try Program.expectFailure(
            train + ["--fmri", folder.path("no.npy")], status: 66, saying: [folder.path("no.npy")])
        try Program.expectFailure(
            ["train", features, "-o", folder.path("no/run"), "--gap", "0"], status: 74, saying: ["no/run"])
        try Program.succeed(train + ["--epochs", "1", "--quiet"])
        try Program.expectFailure(train + ["--epochs", "1"], status: 64, saying: ["holds a run already"])
        try Program.expectFailure(
            train + ["--epochs", "1", "--seed", "1", "--resume"], status: 64, saying: ["other settings"])
        try Program.expectFailure(
            ["evaluate", folder.path("none"), features], status: 66, saying: ["best.safetensors"])
        try NpyFile.write(
            Tensor((0..<30 * 8 * 113).map { Int32($0 * 37 % 1024) }, shape: [30, 8, 113]), to: folder.path("wide.npy"))
        try Program.expectFailure(
            ["evaluate", run, folder.path("wide.npy")], status: 65, saying: ["(batch, 4, 113)", "[30, 8, 113]"])
    }

    @Test func `a small model learns the embedded clip's codes better than a constant, within seconds`() throws {
        let folder = try TemporaryFolder()
        let clip = Repository.golden("clips/scene.m4v").path
        try Program.succeed(["features", clip, "-o", folder.path("f.npy"), "--format", "encodec", "--quiet"])
        try Program.succeed([
            "train", folder.path("f.npy"), "-o", folder.path("run"), "--gap", "0", "--epochs", "60", "--patience", "60",
            "--rate", "0.003", "--quiet",
        ])
        func skill(_ part: String, _ extra: [String]) throws -> Double {
            try self.skill(
                json(
                    Program.succeed(
                        ["evaluate", folder.path("run"), folder.path("f.npy"), "--json", "--part", part] + extra))[
                        "score"])
        }
        // 120 steps on 19 TRs: what it has seen it knows by half. Of the five TRs it has not seen, random-looking labels
        // of another second, the best model must know no less than a constant, and more is not to be had.
        #expect(try skill("training", ["--last"]) > 0.3)
        #expect(try skill("validation", []) > 0)
    }
}
