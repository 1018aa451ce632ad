import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct FeatureFileTests {
    @Test func `an array brings the manifest beside it`() throws {
        let folder = try TemporaryFolder()
        let codes = Fixture.codes([9, 600])
        try NpyFile.write(codes, to: folder.path("f.npy"))
        #expect(try FeatureFile.read(path: folder.path("f.npy"))[0].manifest == nil)
        let recipe = Fixture.recipe { $0.format = .encodecFlat }
        let manifest = Fixture.manifest(recipe, codes, framesPerTR: 75)
        try manifest.write(to: folder.path("f.json"))
        let file = try #require(FeatureFile.read(path: folder.path("f.npy")).first)
        #expect(file.manifest == manifest)
        #expect(file.detect().format == .encodecFlat(CodeLayout(codebookCount: 8, framesPerTR: 75)))
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.path("f.json")))
        #expect(throws: FeatureError.self) { try FeatureFile.read(path: folder.path("f.npy")) }
    }

    @Test func `members of an archive are read one by one or by name`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("two.npz")
        try NpzFile.write(
            [
                ("a", NpyFile.encode(Fixture.codes([4, 8, 112]))), ("b", NpyFile.encode(Fixture.mel([4, 128, 65]))),
            ], to: path)
        let both = try FeatureFile.read(path: path)
        #expect(both.map { $0.detect().format.id } == ["encodec", "mel"])
        #expect(try FeatureFile.read(path: path + "!b").map(\.label) == [path + "!b"])
        #expect(throws: FeatureError.self) { try FeatureFile.read(path: path + "!c") }
        try NpyFile.write(Fixture.codes([4, 8, 112]), to: folder.path("f.npy"))
        #expect(throws: FeatureError.self) { try FeatureFile.read(path: folder.path("f.npy") + "!a") }
    }

    @Test func `codes of a whole recording are not taken for features`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("codes.npz")
        try NpzFile.write(
            [
                ("codes", NpyFile.encode(Fixture.codes([1, 8, 112]))),
                ("sample_count", NpyFile.encode(Tensor([Int64(35_840)], shape: []))),
            ], to: path)
        let file = try #require(FeatureFile.read(path: path).first)
        guard case .unknown(let why) = file.detect().format else {
            Issue.record("\(file.detect().format)")
            return
        }
        #expect(why.contains("decode"))
    }
}
