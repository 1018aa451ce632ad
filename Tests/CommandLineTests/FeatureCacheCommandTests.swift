import Foundation
import NumericCore
import TestSupport
import Testing

/// `features --cache`.
struct FeatureCacheCommandTests {
    private func writeInput(_ path: String, gain: Float = 0.1) throws {
        let samples = (0..<110_400).map { (index: Int) -> Float in
            gain * Float(sin(Double(index) * (0.05 + 1e-7 * Double(index)))) * Float(index / 3000 % 4)
        }
        try WaveFile.write(samples, rate: 24_000, to: path)
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    private func use(_ arguments: [String]) throws -> (use: String, path: String) {
        let text = try Program.succeed(arguments + ["--json"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let cache = try #require(object["cache"] as? [String: Any])
        return (try #require(cache["use"] as? String), try #require(cache["path"] as? String))
    }

    @Test(
        "The second run takes array, manifest and table from the cache, byte for byte",
        arguments: [
            ["encodec"], ["encodec", "--grid", "seed112"], ["encodec-flat"], ["mel"], ["mel-2d"],
            ["mel", "--behaviour", "compat"], ["mel", "--max-trs", "1"], ["encodec", "--max-trs", "0"],
        ])
    func second(options: [String]) throws {
        let folder = try TemporaryFolder()
        try writeInput(folder.path("in.wav"))
        func call(_ name: String) -> [String] {
            [
                "features", folder.path("in.wav"), "-o", folder.path(name + ".npy"), "--metadata",
                folder.path(name + ".csv"), "--cache", folder.path("cache"), "--format",
            ] + options
        }
        let first = try use(call("a"))
        let second = try use(call("b"))
        #expect(first.use == "stored" && second.use == "found" && first.path == second.path)
        for suffix in [".npy", ".json", ".csv"] {
            #expect(try bytes(folder.path("a" + suffix)) == bytes(folder.path("b" + suffix)), "\(suffix)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("cache")).count == 1)
        #expect(try NpzFile(path: first.path).names == ["features"])
        let text = try Program.succeed(call("c"))
        #expect(text.contains("taken from the cache '\(first.path)'") && !text.contains("real time"))
        #expect(try Program.succeed(["detect", first.path]).contains(options[0]) || options.contains("0"))
    }

    @Test("Another setting or another file is another name in the cache")
    func misses() throws {
        let folder = try TemporaryFolder()
        try writeInput(folder.path("in.wav"))
        try writeInput(folder.path("other.wav"), gain: 0.2)
        var paths: [String] = []
        for (input, options) in [
            ("in.wav", ["--format", "encodec"]), ("in.wav", ["--format", "encodec", "--bandwidth", "3"]),
            ("in.wav", ["--format", "encodec", "--tr", "2"]), ("in.wav", ["--format", "encodec", "--grid", "seed112"]),
            ("in.wav", ["--format", "mel", "--max-trs", "1"]), ("other.wav", ["--format", "encodec"]),
            ("in.wav", ["--format", "encodec", "--max-trs", "2"]),
        ] {
            let found = try use(
                ["features", folder.path(input), "-o", folder.path("f.npy"), "--cache", folder.path("cache")] + options)
            #expect(found.use == "stored", "\(options)")
            paths.append(found.path)
        }
        #expect(Set(paths).count == paths.count)
        // Everything but the name is the same file: content decides, not the path.
        try FileManager.default.copyItem(atPath: folder.path("in.wav"), toPath: folder.path("copy.wav"))
        let copy = try use([
            "features", folder.path("copy.wav"), "-o", folder.path("f.npy"), "--cache", folder.path("cache"),
            "--format", "encodec",
        ])
        #expect(copy.use == "found" && copy.path == paths[0])
    }

    @Test(
        "A damaged or swapped entry is refused with its reason, leaves the outputs, and is made anew only when told",
        arguments: ["encodec", "mel"], ["flipped", "cut", "swapped"])
    func damage(format: String, damage: String) throws {
        let folder = try TemporaryFolder()
        try writeInput(folder.path("in.wav"))
        try writeInput(folder.path("other.wav"), gain: 0.2)
        func call(_ input: String) -> [String] {
            [
                "features", folder.path(input), "-o", folder.path("f.npy"), "--cache", folder.path("cache"), "--format",
                format,
            ]
        }
        let other = try use(call("other.wav")).path
        let path = try use(call("in.wav")).path
        let (whole, array) = (try bytes(path), try bytes(folder.path("f.npy")))
        var changed = whole
        if damage == "flipped" { changed[whole.count / 3] ^= 0x10 }
        if damage == "cut" { changed = whole.prefix(whole.count / 2) }
        if damage == "swapped" { changed = try bytes(other) }
        try changed.write(to: URL(fileURLWithPath: path))
        let before = try FailureTests.contents(folder.url)
        let reason = ["flipped": format == "mel" ? "SHA-256" : "CRC", "cut": "zip", "swapped": "source_sha256"][damage]
        try Program.expectFailure(
            call("in.wav"), status: 65, saying: [path, "refused", reason ?? "", "--renew-cache"])
        #expect(try FailureTests.contents(folder.url) == before, "files changed")
        #expect(try use(call("in.wav") + ["--renew-cache"]).use == "stored")
        #expect(try bytes(path) == whole && bytes(folder.path("f.npy")) == array)
        #expect(try use(call("in.wav")).use == "found")
    }

    @Test("A cache that cannot be written is said before the work, and renewing needs one")
    func unusable() throws {
        let folder = try TemporaryFolder()
        try writeInput(folder.path("in.wav"))
        let call = ["features", folder.path("in.wav"), "-o", folder.path("f.npy"), "--format", "mel"]
        try Program.expectFailure(
            call + ["--cache", folder.path("no/cache")], status: 74, saying: ["no/cache"])
        try Program.expectFailure(call + ["--cache", folder.path("in.wav")], status: 74, saying: ["in.wav"])
        #expect(!FileManager.default.fileExists(atPath: folder.path("f.npy")))
        #expect(try Program.run(call + ["--renew-cache"]).status == 64)
    }
}
