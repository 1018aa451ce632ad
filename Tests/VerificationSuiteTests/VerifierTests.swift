import Foundation
import TestSupport
import Testing
import Verification
import VerificationSuite

/// The suite on the repository's goldens, and on goldens that somebody broke.
@Suite(.serialized) struct VerifierTests {
    private static let goldens = Repository.golden("encodec").deletingLastPathComponent()

    private func report(_ goldens: URL = Self.goldens, phases: [Int] = [1]) throws -> RunReport {
        let options = Verifier.Options(goldens: goldens, environment: ["HF_HOME": "/nonexistent"], phases: phases)
        let today = try #require(CalendarDay("2026-06-15"))
        return RunReport(try Verifier(options).run(), gates: try .shipped(), today: today)
    }

    @Test("Every golden of EnCodec is measured and its gates pass; what is missing is named, so the verdict stays open")
    func wholeRun() throws {
        let report = try report(phases: [1, 2, 3, 4])
        let golden = report.results.findings.filter { $0.id.hasPrefix("golden.encodec.") }
        #expect(golden.count == 40)
        let gates = report.evaluation.results.filter { $0.gate.id.hasPrefix("golden.encodec.") }
        #expect(gates.count == 5 && gates.reduce(0) { $0 + $1.judgements.count } == 40)
        for gate in gates { #expect(gate.decision == .pass, "\(gate.gate.id): \(gate.reason)") }
        let open = report.evaluation.results.filter { $0.gate.phase == 1 && $0.isBlocking && $0.decision != .pass }
        #expect(
            open.map(\.gate.id) == [
                "published.encodec24.codes", "published.encodec24.error",
            ])
        #expect(open.allSatisfy { $0.decision == .notMeasured })
        #expect(report.verdict.phases.map(\.verdict) == [.cannotTell, .cannotTell, .cannotTell, .cannotTell])
        #expect(report.verdict.overall == .cannotTell && report.verdict.unjudged.isEmpty)
        #expect(report.verdict.phases[2].summary.hasPrefix("Nothing fails, but 9 of 9 blocking gates are open"))
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
        let report = try report(copy)
        let failed = Set(
            report.evaluation.results.flatMap(\.judgements).filter { $0.decision == .fail }.map(\.finding))
        #expect(failed.contains("golden.encodec.small.stages.music"))
        // The removed stages and the one array with the changed byte.
        let damaged = report.results.finding("golden.encodec.small.intact")
        #expect(damaged?.outcome == .value(Double(stageCount + 1)))
        #expect(failed.contains("golden.encodec.full24.codes.24kbps"))
        #expect(failed.contains("golden.encodec.full24.audio.6kbps"))
        #expect(!failed.contains("golden.encodec.full32.codes.2.2kbps"))
        #expect(report.verdict.overall == .doNot && report.verdict.exitCode == 1)
    }
}
