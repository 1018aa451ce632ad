import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

/// Damaged files in a process of their own: a trap ends it, and so does taking 1 GiB more than at its start.
struct HostilePipelineFileTests {
    @Test func `damaged arrays never trap format detection`() async {
        await #expect(processExitsWith: .success) {
            let originals =
                [
                    NpyFile.encode(Fixture.codes([3, 8, 112])), NpyFile.encode(Fixture.mel([2, 40, 36])),
                    NpyFile.encode(Tensor(Fixture.codes([4, 448]).elements.map { UInt16($0) }, shape: [4, 448])),
                ]
            try fuzz(originals, seed: 1, count: 3000) { source in
                let array = try NpyFile.decode(source)
                let detection = FeatureFormat.detect(array)
                if detection.format.isDecided { _ = FeatureFormat.detectHead(array) }
            }
        }
    }

    @Test func `damaged caches of the Python system never trap`() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            try PythonFeatureCacheTests.write(PythonFeatureCacheTests.members(), to: folder.path("c.npz"))
            let original = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path("c.npz"))))
            try fuzz([original], seed: 2, count: 3000) { _ = try PythonFeatureCache.read($0) }
        }
    }

    @Test func `damaged manifests never trap and never pass for another array`() async {
        await #expect(processExitsWith: .success) {
            let codes = Fixture.codes([3, 8, 113])
            let manifest = Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113)
            let original = try manifest.json(path: "m.json")
            try fuzz([original], seed: 3, count: 3000) { source in
                let bytes = try source.read(at: 0, count: source.count, part: "the manifest")
                let read = try FeatureManifest(json: bytes, path: "m.json")
                _ = FeatureFormat.detect(Fixture.array(codes), manifest: read)
            }
        }
    }

    @Test func `damaged images never trap and never take much memory`() async {
        await #expect(processExitsWith: .success) {
            let originals = try NIfTIGoldens.load().images.map {
                try [UInt8](Data(contentsOf: NIfTIGoldens.url($0.file)))
            }
            try fuzz(originals, seed: 4, count: 4000) { source in
                let image = try NIfTIImage.decode(source)
                if image.volumeCount > 1 { _ = try BrainMask(of: image, path: "x") }
            }
        }
    }

    @Test func `an image that promises gigabytes it does not have takes no memory`() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            for name in ["a.nii", "a.nii.gz"] {
                var bytes = try NIfTIImageTests.smallImage
                for (axis, extent) in [1000, 1000, 1000, 2].enumerated() {
                    bytes.replaceSubrange(
                        42 + 2 * axis..<44 + 2 * axis, with: [UInt8(extent & 255), UInt8(extent >> 8)])
                }
                let file = name.hasSuffix(".gz") ? NIfTIImageTests.storedGzip(bytes) : bytes
                try Data(file).write(to: URL(fileURLWithPath: folder.path(name)))
            }
            try ProcessMemory.limit(extraByteCount: 1 << 30)
            for name in ["a.nii", "a.nii.gz"] {
                let error = #expect(throws: FeatureError.self) { try NIfTIImage.read(path: folder.path(name)) }
                try #require(error.map { "\($0)".contains("the voxels needs 8000000000 bytes") } == true)
            }
        }
    }

    @Test func `damaged cache files never trap and never give other codes`() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let cache = try FeatureCache(folder: folder.url.path)
            let codes = Fixture.codes([3, 8, 113])
            let manifest = Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113)
            let path = try cache.store(Fixture.array(codes), manifest: manifest)
            let original = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
            try fuzz([original], seed: 5, count: 1500) { source in
                let bytes = try source.read(at: 0, count: source.count, part: "the cache")
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                let loaded = try cache.load(Fixture.recipe())
                try #require(loaded.codes() == codes, "damaged codes were taken")
            }
        }
    }
}

/// Reads `count` damaged copies; errors of the modules are what is wanted, and some must occur.
private func fuzz(
    _ originals: [[UInt8]], seed: UInt64, count: Int, read: (ByteSource) throws -> Void
) throws {
    try ProcessMemory.limit(extraByteCount: 1 << 30)
    var mutator = SeededMutator(seed: seed)
    var refusals = 0
    for index in 0..<count {
        let source = ByteSource(mutator.mutate(originals[index % originals.count]), label: "x")
        do { try read(source) } catch is ArrayFileError { refusals += 1 } catch is FeatureError { refusals += 1 }
    }
    try #require(refusals > count / 4, "only \(refusals) of \(count) damaged files were refused")
}
