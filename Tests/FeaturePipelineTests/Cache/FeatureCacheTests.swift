import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct FeatureCacheTests {
    /// One changed setting.
    struct Change: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let apply: @Sendable (inout FeatureRecipe) -> Void

        init(_ key: String, _ apply: @escaping @Sendable (inout FeatureRecipe) -> Void) {
            (testDescription, self.apply) = (key, apply)
        }
    }

    static let other = String(repeating: "cd", count: 32)
    static let changes: [Change] = [
        Change("format") { $0.format = .encodecFlat },
        Change("behaviour") { $0.behaviour = .compat },
        Change("grid") { $0.grid = .seed112 },
        Change("tr") { $0.repetitionTime = RepetitionTime(2, over: 1) ?? .standard },
        Change("max_trs") { $0.maximumTRCount = 10 },
        Change("sample_rate") { $0.sampleRate = 12_000 },
        Change("hop_length") { $0.hopLength = 321 },
        Change("codec") { $0.codec?.identifier = "facebook/encodec_24khz" },
        Change("weights_sha256") { $0.codec?.weightsSHA256 = other },
        Change("bandwidth_kbps") { $0.codec?.bandwidthKbps = 6.5 },
        Change("codebooks") { $0.codec?.codebookCount = 4 },
        Change("mel_bins") { $0.mel = .init(binCount: 128, fftLength: 1024) },
        Change("fft_length") { $0.mel = .init(binCount: 128, fftLength: 2048) },
        Change("hrf_kernel") { $0.hrf = .init(kernel: .sampled, crop: .causal, codes: .latent) },
        Change("hrf_crop") { $0.hrf = .init(kernel: .sampled, crop: .same, codes: .latent) },
        Change("hrf_codes") { $0.hrf = .init(kernel: .sampled, crop: .causal, codes: .skip) },
        Change("source_sha256") { $0.source?.sha256 = other },
        Change("decoder_backend") { $0.source?.decoderBackend = "libsndfile" },
        Change("resampler") { $0.source?.resampler = "none" },
    ]

    @Test("A changed setting changes the name", arguments: changes)
    func names(change: Change) throws {
        let cache = try FeatureCache(folder: "cache")
        let changed = Fixture.recipe(change.apply)
        #expect(cache.fileName(for: changed) != cache.fileName(for: Fixture.recipe()))
    }

    @Test func `settings that differ from each other never share a name`() throws {
        let cache = try FeatureCache(folder: "cache")
        let recipes = Self.changes.map { Fixture.recipe($0.apply) } + [Fixture.recipe(), Fixture.melRecipe()]
        #expect(Set(recipes.map(cache.fileName)).count == recipes.count)
        let older = try FeatureCache(folder: "cache", stem: "stimulus", toolVersion: "0.0.9")
        #expect(older.fileName(for: Fixture.recipe()) != cache.fileName(for: Fixture.recipe()))
    }

    @Test func `a name says what it holds and does not change between versions of this test`() throws {
        let cache = try FeatureCache(folder: "cache", stem: "stimulus", toolVersion: "0.1.0")
        let name = cache.fileName(for: Fixture.recipe())
        // sha256sum of the fields as RecipeFields.swift writes them.
        #expect(name == "stimulus_encodec_6kbps_tr1500ms_15746d1b169f.npz")
        #expect(cache.fileName(for: Fixture.melRecipe()).hasPrefix("stimulus_mel_128bands_tr1500ms_"))
        let third = Fixture.recipe { $0.repetitionTime = RepetitionTime(4, over: 3) ?? .standard }
        #expect(cache.fileName(for: third).hasPrefix("stimulus_encodec_6kbps_tr4by3s_"))
    }

    @Test(arguments: ["", "a/b", "a_b", "é", String(repeating: "x", count: 101)])
    func `a stem that would confuse names is refused`(stem: String) {
        #expect(throws: FeatureError.self) { try FeatureCache(folder: "cache", stem: stem) }
    }

    @Test func `codes come back as they were, stored in two bytes each`() throws {
        let folder = try TemporaryFolder()
        let cache = try FeatureCache(folder: folder.path("new"))
        let codes = Fixture.codes([4, 8, 113])
        let recipe = Fixture.recipe()
        let path = try cache.store(
            Fixture.array(codes), manifest: Fixture.manifest(recipe, codes, framesPerTR: 113))
        #expect(path == cache.path(for: recipe))
        let loaded = try cache.load(recipe, minimumTRCount: 4)
        #expect(loaded.array.elementType == .uint16)
        #expect(try loaded.codes() == codes)
        #expect(try FeatureCache.open(path: path).codes() == codes)
        #expect(try NpzFile(path: path).names == ["features"])
        let detection = try #require(FeatureFile.read(path: path).first).detect()
        #expect(detection.format == .encodec(CodeLayout(codebookCount: 8, framesPerTR: 113)))
    }

    @Test func `mel features come back bit for bit`() throws {
        let folder = try TemporaryFolder()
        let cache = try FeatureCache(folder: folder.url.path)
        let mel = Fixture.mel([3, 128, 65])
        var manifest = Fixture.manifest(Fixture.melRecipe(), mel, framesPerTR: 65)
        manifest.decibelReference = 17.5
        try cache.store(Fixture.array(mel), manifest: manifest)
        let loaded = try cache.load(Fixture.melRecipe())
        #expect(try loaded.array.float32() == mel)
        #expect(loaded.manifest == manifest)
        #expect(throws: FeatureError.self) { try loaded.codes() }
    }

    @Test func `another setting finds nothing, and hears which file is near and why it is not it`() throws {
        let folder = try TemporaryFolder()
        let cache = try FeatureCache(folder: folder.url.path)
        let codes = Fixture.codes([10, 8, 113])
        let debug = Fixture.recipe { $0.maximumTRCount = 10 }
        try cache.store(Fixture.array(codes), manifest: Fixture.manifest(debug, codes, framesPerTR: 113))
        let error = try #require(throws: FeatureError.self) { try cache.load(Fixture.recipe()) }
        guard case .cacheMissing(_, let near) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(near.count == 1)
        #expect("\(error)".contains("max_trs is 10, expected none"))
        let switched = try #require(throws: FeatureError.self) { try cache.load(Fixture.melRecipe()) }
        #expect("\(switched)".contains("format is encodec, expected mel"))
    }

    @Test func `two files that were swapped are refused, by name and by content`() throws {
        let folder = try TemporaryFolder()
        let cache = try FeatureCache(folder: folder.url.path)
        let (first, second) = (Fixture.recipe(), Fixture.recipe { $0.codec?.weightsSHA256 = Self.other })
        for (seed, recipe) in [first, second].enumerated() {
            let codes = Fixture.codes([4, 8, 113], seed: UInt64(seed))
            try cache.store(Fixture.array(codes), manifest: Fixture.manifest(recipe, codes, framesPerTR: 113))
        }
        let paths = [first, second].map(cache.path)
        let contents = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        for (path, data) in zip(paths, contents.reversed()) { try data.write(to: URL(fileURLWithPath: path)) }
        let error = try #require(throws: FeatureError.self) { try cache.load(first) }
        let difference = FieldDifference(field: "weights_sha256", expected: Fixture.digest, found: Self.other)
        #expect(error == .cacheMismatch(path: paths[0], differences: [difference]))
        let byName = try #require(throws: FeatureError.self) { try FeatureCache.open(path: paths[0]) }
        #expect("\(byName)".contains("file name is"))
    }

    @Test func `features put into another cache file are refused by their checksum`() throws {
        let folder = try TemporaryFolder()
        let cache = try FeatureCache(folder: folder.url.path)
        let codes = Fixture.codes([4, 8, 113])
        let path = try cache.store(
            Fixture.array(codes), manifest: Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113))
        let archive = try ZipArchive.open(path: path)
        var writer = ZipWriter(path: path)
        let foreign = Tensor(Fixture.codes([4, 8, 113], seed: 9).elements.map { UInt16($0) }, shape: [4, 8, 113])
        try writer.add("features.npy", NpyFile.encode(foreign), method: .stored)
        try writer.add("manifest.json", archive.read("manifest.json"), method: .stored)
        try Data(writer.finished()).write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: FeatureError.self) { try cache.load(Fixture.recipe()) }
        #expect("\(error)".contains("SHA-256"))
    }

    @Test func `a cache shorter than the recording is refused unless its recipe is limited`() throws {
        let folder = try TemporaryFolder()
        let cache = try FeatureCache(folder: folder.url.path)
        for limit in [nil, 4] {
            let recipe = Fixture.recipe { $0.maximumTRCount = limit }
            let codes = Fixture.codes([4, 8, 113])
            try cache.store(Fixture.array(codes), manifest: Fixture.manifest(recipe, codes, framesPerTR: 113))
            if limit == nil {
                #expect(throws: FeatureError.self) { try cache.load(recipe, minimumTRCount: 946) }
            } else {
                #expect(try cache.load(recipe, minimumTRCount: 946).codes() == codes)
            }
        }
    }

    @Test func `what is not the manifest's array, or no code, is not stored`() throws {
        let folder = try TemporaryFolder()
        let cache = try FeatureCache(folder: folder.url.path)
        var codes = Fixture.codes([4, 8, 113])
        let manifest = Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113)
        codes.withMutableElements { $0[5] = 1024 }
        #expect(throws: FeatureError.self) { try cache.store(Fixture.array(codes), manifest: manifest) }
        let own = Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113)
        #expect(throws: FeatureError.self) { try cache.store(Fixture.array(codes), manifest: own) }
        var older = Fixture.manifest(Fixture.recipe(), Fixture.codes([4, 8, 113]), framesPerTR: 113)
        older.toolVersion = "0.0.9"
        #expect(throws: FeatureError.self) {
            try cache.store(Fixture.array(Fixture.codes([4, 8, 113])), manifest: older)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
        let lost = try FeatureCache(folder: folder.path("no/folder"))
        let good = Fixture.codes([4, 8, 113])
        #expect(throws: FeatureError.self) {
            try lost.store(
                Fixture.array(good), manifest: Fixture.manifest(Fixture.recipe(), good, framesPerTR: 113))
        }
    }

    @Test func `writers of one name at the same time leave one whole file`() async throws {
        let folder = try TemporaryFolder()
        let cache = try FeatureCache(folder: folder.url.path)
        let codes = Fixture.codes([40, 8, 113])
        let manifest = Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<5 {
                        try cache.store(Fixture.array(codes), manifest: manifest)
                        guard try cache.load(Fixture.recipe()).codes() == codes else {
                            throw FeatureError.badRequest(problem: "a reader saw other codes")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [
                cache.fileName(for: Fixture.recipe())
            ])
    }
}
