import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct ScanCommandTests {
    /// Codes that follow from one phase of their TR.
    private func writeFeatures(_ path: String, count: Int = 60) throws {
        let values = (0..<count).flatMap { row in
            (0..<2 * 113).map { (index: Int) -> Int32 in
                let angle = Double(row) * 3.883 + Double(index / 113) * 0.7 + Double(index % 113) * 0.02
                return Int32(511.5 + 500 * sin(angle))
            }
        }
        try NpyFile.write(Tensor(values, shape: [count, 2, 113]), to: path)
    }

    @Test func `a scan in a box holds the voxels of the array, and train reads it with its mask`() throws {
        let folder = try TemporaryFolder()
        try writeFeatures(folder.path("f.npy"))
        let call = ["scan", folder.path("f.npy"), "--voxels", "50", "--snr", "4", "--seed", "3", "-o"]
        for name in ["s.npy", "s.nii", "s.nii.gz"] { try Program.succeed(call + [folder.path(name)]) }
        let array = try NpyFile.read(path: folder.path("s.npy")).float32()
        let image = try NIfTIImage.read(path: folder.path("s.nii.gz"))
        #expect(array.shape == [60, 50] && image.shape == [4, 4, 4, 60] && image.repetitionSeconds == 1.5)
        // x is outermost in the array's columns and fastest in the file.
        for (volume, voxel) in [(0, 0), (7, 1), (59, 49), (30, 22)] {
            let (x, y, z) = (voxel / 16, voxel / 4 % 4, voxel % 4)
            #expect(image.voxels[volume * 64 + x + 4 * (y + 4 * z)] == array.elements[volume * 50 + voxel])
        }
        #expect(try NIfTIImage.read(path: folder.path("s.nii")).voxels == image.voxels)
        let train = ["train", folder.path("f.npy"), "--epochs", "2", "--gap", "0", "--json", "-o"]
        func skill(_ run: String, _ scan: String) throws -> Double {
            let text = try Program.succeed(train + [folder.path(run), "--fmri", folder.path(scan)])
            let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let score = try #require(object["validation"] as? [String: Any])
            let modalities = try #require(score["modalities"] as? [String: [String: Any]])
            return try #require(modalities["voxels"]?["skill"] as? Double)
        }
        // Both forms of file are one scan; the array has no mask and so a few voxels more.
        #expect(try skill("a", "s.nii.gz") == skill("b", "s.nii"))
        let kept = try BrainMask(of: image, path: "s").timeSeries(of: image, path: "s")
        #expect(kept.shape == [60, 45])
        try NpyFile.write(kept, to: folder.path("kept.npy"))
        #expect(try skill("c", "kept.npy") == skill("d", "s.nii.gz"))
        #expect(try skill("e", "s.npy") != skill("f", "s.nii.gz"))
    }

    @Test func `wrong use of a scan ends with a sentence`() throws {
        let folder = try TemporaryFolder()
        try writeFeatures(folder.path("f.npy"), count: 12)
        let call = ["scan", folder.path("f.npy"), "-o"]
        try Program.expectFailure(call + [folder.path("s.txt")], status: 64, saying: ["neither .npy"])
        try Program.expectFailure(call + [folder.path("s.npy"), "--snr", "0"], status: 64, saying: ["ratio is 0"])
        try Program.expectFailure(call + [folder.path("s.npy"), "--voxels", "0"], status: 64, saying: ["voxels is 0"])
        try Program.expectFailure(
            call + [folder.path("s.npy"), "--voxels", "4", "--answering", "5"], status: 64,
            saying: ["answering", "0 to 4"])
        try Program.expectFailure(call + [folder.path("f.npy")], status: 64, saying: ["is the input itself"])
        try Program.succeed(call + [folder.path("s.nii"), "--tr", "2"])
        try Program.expectFailure(
            ["train", folder.path("f.npy"), "--fmri", folder.path("s.nii"), "--gap", "0", "-o", folder.path("run")],
            status: 65, saying: ["has a TR of 2 s", "--tr is 3/2"])
    }
}
