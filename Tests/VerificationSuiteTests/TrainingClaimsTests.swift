import Autoencoder
import FeaturePipeline
import Foundation
import NeuralNetwork
import NumericCore
import TestSupport
import Testing
import Verification

@testable import VerificationSuite

/// Claims about training and about calls.
struct TrainingClaimsTests {
    private func findings(_ numbers: Set<Int>, goldens: URL? = FilmFixture.goldens) throws -> [Int: Finding] {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 8) { request in
            request.training.steps = [.classification: 16, .regression: 16]
        }
        defer { film.close() }
        let audit = ClaimsAudit(
            sounds: DerivedSounds(film), pesq: nil, environment: ["HF_HOME": "/nonexistent"], goldens: goldens)
        let chosen = audit.claims.filter { numbers.contains($0.number) }
        let found = try CheckRunner(chosen.map(\.check)).run(journal: nil).findings
        return Dictionary(uniqueKeysWithValues: zip(chosen.map(\.number), found))
    }

    @Test("The document's audio encoders have the multiply-adds that a count by PyTorch's hooks gave")
    func work() {
        // 110.3 M for codes and 127.9 M for mel of 2048 bands, both with 112 and 65 frames.
        for (format, expected) in [(AudioFormat.designCodes, 110.3e6), (.legacyMel, 127.9e6)] {
            var configuration = AutoencoderConfiguration()
            configuration.encoder.audio = AudioEncoderConfiguration(format: format)
            let layout = MultimodalAutoencoder(configuration).layout
            let count = layout.entries.filter { $0.name.hasPrefix("encoder.audio_encoder.") }
                .reduce(0) { $0 + StepWork.forward($1, frames: format.frameCount) }
            #expect((Double(count) / expected - 1).magnitude < 0.001, "\(count)")
        }
    }

    @Test("Codes save work where mel is convolved and next to no weights, and gradients of embeddings are dense")
    func trainingClaims() throws {
        let found = try findings([15, 16, 20])
        #expect(try #require(found[15]).note.hasPrefix("half true"), "\(found[15]?.note ?? "")")
        // Most rows stay empty after a step, and yet all of them are stored.
        #expect(try #require(found[16]).note.hasPrefix("half true"), "\(found[16]?.note ?? "")")
        #expect(found[16]?.population == 8192 && found[16]?.outcome == .value(0))
        #expect(try #require(found[20]).note.contains("exact codes"))
    }

    @Test("Rows without a gradient are counted")
    func emptyRows() {
        #expect(ClaimsAudit.emptyRowCount(Tensor([0, 0, 1, 0, 0, 0], shape: [3, 2])) == 2)
        #expect(ClaimsAudit.emptyRowCount(Tensor([0, 1, 1, 0, .nan, 0], shape: [3, 2])) == 0)
    }

    @Test("The recorded calls say what failed; a recording in which all work holds, and a missing one breaks")
    func calls() throws {
        let found = try #require(try findings([12])[12])
        #expect(found.note.hasPrefix("half true") && found.note.contains("EncodecEncodedFrame"))
        #expect(found.population == 6 && found.outcome == .value(1))
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("api"), withIntermediateDirectories: true)
        let golden = try String(contentsOf: Repository.golden("api/calls.json"), encoding: .utf8)
        try golden.replacingOccurrences(of: "\"fails\"", with: "\"works\"")
            .write(toFile: folder.path("api/calls.json"), atomically: true, encoding: .utf8)
        #expect(try #require(try findings([12], goldens: folder.url)[12]).note.hasPrefix("holds"))
        let empty = try TemporaryFolder()
        guard case .failed = try #require(try findings([12], goldens: empty.url)[12]).outcome else {
            Issue.record("no recording is no answer")
            return
        }
    }
}
