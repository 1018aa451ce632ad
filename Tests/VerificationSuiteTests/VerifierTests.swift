import Foundation
import TestSupport
import Testing
import Verification
import VerificationSuite

/// The suite on the repository's goldens, and on goldens that somebody broke.
@Suite(.serialized) struct VerifierTests {
    private static let goldens = Repository.golden("encodec").deletingLastPathComponent()

    @Test("Every golden check of EnCodec is measured and passes; what is missing is named, so the verdict stays open")
    func wholeRun() throws {
        let verifier = Verifier(goldens: Self.goldens, recordings: nil, environment: ["HF_HOME": "/nonexistent"])
        let report = try verifier.run()
        let golden = report.results.filter { $0.id.hasPrefix("encodec.") && !$0.id.hasPrefix("encodec.published") }
        #expect(golden.count == 40)
        for result in golden { #expect(result.decision == .pass, "\(result.id): \(result.measurement)") }
        let open = report.results.filter { $0.decision == .notMeasured }.map(\.id)
        #expect(open.count == 10 && open.contains("encodec.published.codes") && open.contains("mel.goldens"))
        #expect(report.verdict == .cannotTell)
    }

    @Test("A changed golden, a missing one and wrong weights each turn checks red")
    func brokenGoldens() throws {
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("goldens-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: copy) }
        try FileManager.default.copyItem(at: Self.goldens, to: copy)
        let stageCount = try GoldenCase(folder: copy.appendingPathComponent("encodec/small")).arrayNames
            .count { $0.hasPrefix("stages_music/") }
        let small = copy.appendingPathComponent("encodec/small")
        try FileManager.default.removeItem(at: small.appendingPathComponent("stages_music.npz"))
        // One byte of one stored code: the archive's checksum or the manifest's must notice.
        let codes = small.appendingPathComponent("codes.npz")
        var bytes = try Data(contentsOf: codes)
        bytes[bytes.count / 3] ^= 1
        try bytes.write(to: codes)
        // A model of another seed: its codes and stages cannot be the golden's.
        let manifest = copy.appendingPathComponent("encodec/full24/manifest.json")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        let changed = text.replacingOccurrences(of: "\"modelSeed\": 2,", with: "\"modelSeed\": 5,")
        #expect(changed != text)
        try Data(changed.utf8).write(to: manifest)
        let results = try EncodecGoldenChecks(goldens: copy).run()
        let failed = Set(results.filter { $0.decision == .fail }.map(\.id))
        #expect(failed.contains("encodec.small.stages.music"))
        let damaged = results.first { $0.id == "encodec.small.intact" }
        // The removed stages and the one array with the changed byte.
        #expect(damaged?.measurement == .value(Double(stageCount + 1)))
        #expect(failed.contains("encodec.full24.codes.24kbps") && failed.contains("encodec.full24.audio.6kbps"))
        #expect(!failed.contains("encodec.full32.codes.2.2kbps"))
    }
}
