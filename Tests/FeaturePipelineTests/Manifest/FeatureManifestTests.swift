import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct FeatureManifestTests {
    private static let digest = String(repeating: "0a", count: 32)

    private static func codes() -> FeatureManifest {
        let codes = Tensor<Int32>((0..<1808).map { Int32($0 % 1024) }, shape: [2, 8, 113])
        let recipe = FeatureRecipe(
            format: .encodec, behaviour: .correct, grid: .exact, repetitionTime: .standard, sampleRate: 24_000,
            hopLength: 320,
            codec: .init(identifier: "mini \"\u{e9}\"", weightsSHA256: digest, bandwidthKbps: 6, codebookCount: 8),
            source: .init(sha256: digest, decoderBackend: "libav", resampler: "soxr-hq"))
        return FeatureManifest(
            recipe: recipe, elementType: .int32, shape: codes.shape, arraySHA256: FeatureManifest.digest(of: codes),
            framesPerTR: 113, frameCounts: [112, 113], decibelReference: nil)
    }

    private static func mel() -> FeatureManifest {
        let recipe = FeatureRecipe(
            format: .mel, behaviour: .correct, grid: .melSlots, repetitionTime: .standard, maximumTRCount: 3,
            sampleRate: 22_050, hopLength: 512, mel: .init(binCount: 2048, fftLength: 4096),
            hrf: .init(kernel: .sampled, crop: .causal, codes: nil))
        return FeatureManifest(
            recipe: recipe, elementType: .float32, shape: [0, 2048, 65], arraySHA256: digest, framesPerTR: 65,
            frameCounts: [], decibelReference: 10728.874)
    }

    @Test("Writing and reading gives the same manifest, and equal manifests equal bytes")
    func roundTrip() throws {
        for manifest in [Self.codes(), Self.mel()] {
            let bytes = try manifest.json(path: "m")
            #expect(try FeatureManifest(json: bytes, path: "m") == manifest)
            #expect(try FeatureManifest(json: bytes, path: "m").json(path: "m") == bytes)
        }
    }

    @Test("The manifest holds every key that the design names, and Python can read it")
    func keys() throws {
        let object = try JSONSerialization.jsonObject(with: Data(Self.codes().json(path: "m")))
        let keys = try #require(object as? [String: Any])
        #expect(keys["tr"] as? String == "3/2" && keys["n_frames"] as? [Int] == [112, 113])
        #expect(keys["codebooks"] as? Int == 8 && keys["bandwidth_kbps"] as? Double == 6)
        #expect(keys["db_reference"] is NSNull && keys["format"] as? String == "encodec")
        #expect(keys.count == 27)
    }

    @Test(
        "What contradicts the schema or itself is refused with the key",
        arguments: [
            ("\"schema\" : \"codecgate.features/1\"", "\"schema\" : \"codecgate.features/2\"", "features/2"),
            ("\"tr\" : \"3/2\"", "\"tr\" : \"1.5\"", "tr must be"),
            ("\"tr\" : \"3/2\"", "\"tr\" : \"3/0\"", "tr must be"),
            ("\"tr\" : \"3/2\"", "\"tr\" : \"3/2\", \"extra\" : 1", "unknown key \"extra\""),
            ("\"tr\" : \"3/2\",", "", "no key \"tr\""),
            ("\"codebooks\" : 8", "\"codebooks\" : 9", "shape"),
            ("\"codebooks\" : 8", "\"codebooks\" : null", "codebooks must be a value"),
            ("\"codebooks\" : 8", "\"codebooks\" : 8.5", "codebooks must be an integer"),
            ("\"dtype\" : \"int32\"", "\"dtype\" : \"float32\"", "dtype float32"),
            ("\"grid\" : \"exact\"", "\"grid\" : \"mel-slots\"", "grid mel-slots"),
            ("\"frames_per_tr\" : 113", "\"frames_per_tr\" : 0", "frames_per_tr 0"),
            ("\"frames_per_tr\" : 113", "\"frames_per_tr\" : 112", "112 frames"),
            ("\"sample_rate\" : 24000", "\"sample_rate\" : 0", "sample_rate 0"),
            ("\"sample_rate\" : 24000", "\"sample_rate\" : 99999999999999999999", "sample_rate must be an integer"),
            ("\"bandwidth_kbps\" : 6", "\"bandwidth_kbps\" : 1e999", "bandwidth_kbps must be a finite number"),
            ("\"db_reference\" : null", "\"db_reference\" : 1", "db_reference 1.0"),
            ("\"hrf_codes\" : null", "\"hrf_codes\" : \"skip\"", "hrf_codes must be null"),
            ("\"behaviour\" : \"correct\"", "\"behaviour\" : \"maybe\"", "correct, compat"),
        ])
    func refusals(original: String, replacement: String, says: String) throws {
        let text = String(decoding: try Self.codes().json(path: "m"), as: UTF8.self)
        try #require(text.contains(original), "\(text)")
        let changed = Array(text.replacingOccurrences(of: original, with: replacement).utf8)
        let error = #expect(throws: FeatureError.self) { try FeatureManifest(json: changed, path: "here.json") }
        let sentence = try #require(error).description
        #expect(sentence.contains(says) && sentence.contains("here.json"), "\(sentence)")
    }

    @Test(
        "Shapes that would take the machine's memory are refused",
        arguments: [[2, 8, -1], [1 << 40, 8, 113], [2, 8]])
    func hugeShapes(shape: [Int]) throws {
        var manifest = Self.codes()
        manifest.shape = shape
        #expect(throws: FeatureError.self) { try manifest.check(path: "m") }
    }

    @Test("Thousands of damaged manifests are read or refused, never a crash")
    func hostile() throws {
        var mutator = SeededMutator(seed: 7)
        var refused = 0
        for manifest in [Self.codes(), Self.mel()] {
            let bytes = try manifest.json(path: "m")
            for _ in 0..<3000 {
                do {
                    try FeatureManifest(json: mutator.mutate(bytes), path: "m").check(path: "m")
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 4000)
    }

    @Test("A changed array, or one of another shape, does not pass for the manifest's")
    func verification() throws {
        let folder = try TemporaryFolder()
        var elements = (0..<1808).map { Int32($0 % 1024) }
        let path = folder.path("a.npy")
        try NpyFile.write(Tensor(elements, shape: [2, 8, 113]), to: path)
        try Self.codes().verify(NpyFile.read(path: path))
        elements[1000] += 1
        try NpyFile.write(Tensor(elements, shape: [2, 8, 113]), to: path)
        #expect(throws: FeatureError.self) { try Self.codes().verify(NpyFile.read(path: path)) }
        try NpyFile.write(Tensor(elements, shape: [2, 113, 8]), to: path)
        #expect(throws: FeatureError.self) { try Self.codes().verify(NpyFile.read(path: path)) }
    }

    @Test(
        "The sidecar stands beside the array",
        arguments: [("a/f.npy", "a/f.json"), ("f.NPZ", "f.json"), ("f", "f.json")])
    func sidecar(array: String, manifest: String) {
        #expect(FeatureManifest.sidecarPath(of: array) == manifest)
    }

    @Test("Writing replaces a manifest only with one that makes sense")
    func writing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("m.json")
        try Self.codes().write(to: path)
        var broken = Self.codes()
        broken.arraySHA256 = "short"
        #expect(throws: FeatureError.self) { try broken.write(to: path) }
        #expect(try FeatureManifest.read(path: path) == Self.codes())
        #expect(throws: FeatureError.self) { try FeatureManifest.read(path: folder.path("none.json")) }
    }
}
