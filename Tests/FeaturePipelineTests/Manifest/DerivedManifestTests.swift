import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct DerivedManifestTests {
    /// Codes of 6 TRs with their manifest beside them, frames 112 and 113 in turn.
    private func writeCodes(_ folder: borrowing TemporaryFolder, _ name: String = "in", seed: UInt64 = 1) throws
        -> Tensor<Int32>
    {
        let codes = Fixture.codes([6, 8, 113], seed: seed)
        var manifest = Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113)
        manifest.frameCounts = [112, 113, 112, 113, 112, 113]
        try NpyFile.write(codes, to: folder.path(name + ".npy"))
        try manifest.write(to: folder.path(name + ".json"))
        return codes
    }

    private func resample(
        _ folder: borrowing TemporaryFolder, _ method: TRResampling.Method, to count: Int
    ) throws -> DerivedManifest {
        let resampling = try TRResampling(method, from: 6, to: count)
        let provenance = try Provenance(.resample(resampling), of: folder.path("in.npy"))
        try AlignmentFile.resample(
            folder.path("in.npy"), to: folder.path("out.npy"), with: resampling, provenance: provenance)
        return try #require(try ArrayManifest.readSidecar(of: folder.path("out.npy"))?.derivation)
    }

    @Test("The manifest of chosen rows is the source's with these rows, and knows the source file")
    func chosenRows() throws {
        let folder = try TemporaryFolder()
        let codes = try writeCodes(folder)
        let made = try resample(folder, .nearest, to: 4)
        let array = try NpyFile.read(path: folder.path("out.npy"))
        #expect(try made.sourceSHA256 == SHA256.hexadecimal(ofFile: folder.path("in.npy")))
        #expect(made.arraySHA256 == FeatureManifest.digest(of: try array.int32()))
        #expect(made.step == .resample(try TRResampling(.nearest, from: 6, to: 4)) && !made.holdsLatents)
        // Rows 0, 1.67, 3.33 and 5, rounded.
        #expect(made.features?.frameCounts == [112, 112, 113, 113])
        #expect(made.features?.recipe == Fixture.recipe())
        #expect(try array.int32().elements == [0, 2, 3, 5].flatMap { codes.elements[$0 * 904..<($0 + 1) * 904] })
        try ArrayManifest.derived(made).verify(array)
        let detection = try #require(FeatureFile.read(path: folder.path("out.npy")).first).detect()
        #expect(detection.format == .encodec(CodeLayout(codebookCount: 8, framesPerTR: 113)))
        #expect(detection.evidence.contains { $0.contains("resample-trs (nearest, 6 to 4 TRs)") })
        #expect(try Dataset.Inputs.read(audio: folder.path("out.npy")).manifest == made.features)
    }

    @Test("Steps follow each other, and every manifest names the file before it")
    func chain() throws {
        let folder = try TemporaryFolder()
        _ = try writeCodes(folder)
        _ = try resample(folder, .truncate, to: 5)
        let convolution = TRConvolution(try HemodynamicResponse())
        let step = DerivedManifest.Step.hrf(.init(convolution, codes: .seed))
        let provenance = try Provenance(step, of: folder.path("out.npy"))
        let codes = try IndexConvolution.convolve(AlignmentFile.codes(folder.path("out.npy")), with: convolution).codes
        try AlignmentFile.write(codes, to: folder.path("hrf.npy"), provenance: provenance)
        let made = try #require(try ArrayManifest.readSidecar(of: folder.path("hrf.npy"))?.derivation)
        #expect(try made.sourceSHA256 == SHA256.hexadecimal(ofFile: folder.path("out.npy")))
        #expect(made.features?.recipe.hrf == .init(kernel: .sampled, crop: .causal, codes: .seed))
        #expect(made.features?.frameCounts == [112, 113, 112, 113, 112])
        // A recipe has words for one response only.
        let again = try Provenance(step, of: folder.path("hrf.npy"))
        try AlignmentFile.write(codes, to: folder.path("again.npy"), provenance: again)
        let last = try #require(try ArrayManifest.readSidecar(of: folder.path("again.npy")))
        #expect(last.features == nil && last.derivation?.sourceSHA256.count == 64)
    }

    @Test("Latents are said to be latents, and no step makes features of them")
    func latents() throws {
        let folder = try TemporaryFolder()
        _ = try writeCodes(folder)
        let response = DerivedManifest.Response(
            TRConvolution(try HemodynamicResponse()), codes: .latent,
            codec: .init(identifier: "mini", weightsSHA256: Fixture.digest))
        let path = folder.path("latents.npy")
        let latents = Fixture.mel([6, 128, 113])
        try AlignmentFile.write(
            latents, to: path, provenance: Provenance(.hrf(response), of: folder.path("in.npy")))
        let cut = try TRResampling(.truncate, from: 6, to: 4)
        try AlignmentFile.resample(
            path, to: folder.path("cut.npy"), with: cut, provenance: Provenance(.resample(cut), of: path))
        for path in [path, folder.path("cut.npy")] {
            let detection = try #require(FeatureFile.read(path: path).first).detect()
            #expect(detection.format.id == "unknown" && "\(detection.format)".contains("latents"))
            let error = #expect(throws: FeatureError.self) { try Dataset.Inputs.read(audio: path) }
            #expect(try #require(error).description.contains("--requantize"))
        }
    }

    @Test("Arrays that were swapped or changed are refused wherever a manifest is read")
    func swapped() throws {
        let folder = try TemporaryFolder()
        _ = try writeCodes(folder)
        let first = try resample(folder, .truncate, to: 4)
        let out = folder.path("out.npy")
        var codes = try NpyFile.read(path: out).int32().elements
        codes[100] ^= 1
        try NpyFile.write(Tensor(codes, shape: [4, 8, 113]), to: out)
        let step = DerivedManifest.Step.resample(try TRResampling(.truncate, from: 4, to: 2))
        for error in [
            #expect(throws: FeatureError.self) { try Provenance(step, of: out) },
            #expect(throws: FeatureError.self) { try Dataset.Inputs.read(audio: out) },
            #expect(throws: FeatureError.self) { try ArrayManifest.derived(first).verify(NpyFile.read(path: out)) },
        ] { #expect(try #require(error).description.contains("SHA-256")) }
        let detection = try #require(FeatureFile.read(path: out).first).detect()
        #expect("\(detection.format)".contains("SHA-256"))
        // Another shape is seen before any byte is read.
        try NpyFile.write(Tensor(Array(codes.prefix(3 * 904)), shape: [3, 8, 113]), to: out)
        let error = #expect(throws: FeatureError.self) { try Provenance(step, of: out) }
        #expect(try #require(error).description.contains("[3, 8, 113]"))
    }

    @Test("An array without a manifest has one afterwards that leaves the format open")
    func undescribed() throws {
        let folder = try TemporaryFolder()
        try NpyFile.write(Fixture.codes([6, 8, 113]), to: folder.path("in.npy"))
        let made = try resample(folder, .truncate, to: 3)
        #expect(made.features == nil && made.shape == [3, 8, 113])
        let detection = try #require(FeatureFile.read(path: folder.path("out.npy")).first).detect()
        #expect(detection.evidence.contains { $0.contains("resample-trs") })
    }

    @Test("Reading a manifest gives what was written, and equal manifests give equal bytes")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        _ = try writeCodes(folder)
        let made = try resample(folder, .nearest, to: 9)
        let bytes = try made.json(path: "m")
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path("m.json")))
        #expect(try ArrayManifest.read(path: folder.path("m.json")) == .derived(made))
    }

    @Test(
        "What contradicts the schema or itself is refused with the key",
        arguments: [
            ("codecgate.derived/1", "codecgate.derived/2", "derived/2"),
            ("\"method\" : \"truncate\"", "\"method\" : \"guess\"", "method must be"),
            ("\"method\" : \"truncate\"", "\"method\" : null", "method must be"),
            ("\"operation\" : \"resample-trs\"", "\"operation\" : \"hrf\"", "hrf_kernel must be"),
            ("\"source_trs\" : 6", "\"source_trs\" : 3", "source_trs must be"),
            ("\"source_trs\" : 6", "\"source_trs\" : 6, \"extra\" : 1", "unknown key \"extra\""),
            ("\"holds\" : \"features\"", "\"holds\" : \"latents\"", "latents"),
            ("\"holds\" : \"features\",", "", "no key \"holds\""),
            ("\"requantized\" : null", "\"requantized\" : true", "requantized must be"),
        ])
    func contradictions(old: String, new: String, part: String) throws {
        let folder = try TemporaryFolder()
        _ = try writeCodes(folder)
        let text = String(decoding: try resample(folder, .truncate, to: 4).json(path: "m"), as: UTF8.self)
        try #require(text.contains(old))
        let path = folder.path("m.json")
        try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: FeatureError.self) { try ArrayManifest.read(path: path) }
        #expect(try #require(error).description.contains(part), "\(String(describing: error))")
    }

    @Test("Features inside must describe the same array")
    func otherFeatures() throws {
        let folder = try TemporaryFolder()
        _ = try writeCodes(folder)
        var made = try resample(folder, .truncate, to: 4)
        made.arraySHA256 = Fixture.digest
        let error = #expect(throws: FeatureError.self) { try made.json(path: "m") }
        #expect(try #require(error).description.contains("another array"))
    }
}
