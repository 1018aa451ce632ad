import Foundation
import NumericCore
import TestSupport
import Testing

/// `verify --fmri` refuses what is no brain data before anything is measured.
struct ScanOptionTests {
    @Test("Brain data of no film, of another shape, with a NaN or missing is refused in a sentence")
    func refusals() throws {
        let folder = try TemporaryFolder()
        try NpyFile.write(Tensor<Float>(repeating: 0, shape: [3, 2, 2]), to: folder.path("bad.npy"))
        try NpyFile.write(Tensor<Float>([0, 1, .nan, 2], shape: [2, 2]), to: folder.path("nan.npy"))
        let clip = Repository.golden("clips/scene.m4v").path
        for (inputs, file, status, text) in [
            ([], "bad.npy", Int32(64), "name it"), ([clip], "bad.npy", 65, "[3, 2, 2]"),
            ([clip], "nan.npy", 65, "TR 1, voxel 0"), ([clip], "none.npy", 66, "none.npy"),
        ] {
            let run = try Program.run(
                ["verify"] + inputs + [
                    "--fmri", folder.path(file), "--phase", "3", "--out", folder.path("out"), "--goldens",
                    Repository.root.appendingPathComponent("GoldenData").path,
                ])
            #expect(run.status == status && run.error.contains(text), "\(file): \(run.error)")
        }
    }
}
