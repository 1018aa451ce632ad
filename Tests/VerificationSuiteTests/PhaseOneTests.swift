import Foundation
import NumericCore
import TestSupport
import Testing
import Verification

@testable import FeaturePipeline
@testable import VerificationSuite

/// The tables of phase 1 and the caches of phase 4, each seen red.
struct PhaseOneTests {
    private func outcomes(_ check: any Check) throws -> [Finding] {
        try CheckRunner([check]).run(journal: nil).findings
    }

    @Test("Features of the legacy path, power and sound equal librosa's; a changed archive fails what it holds")
    func melGoldens() throws {
        let names = ["pipeline/mel", "signal/mel", "signal/reconstruction"]
        let folder = try TemporaryFolder()
        for name in names {
            let copy = folder.url.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: Repository.golden(name), to: copy)
        }
        func failures() throws -> [String] {
            try CheckRunner(MelGoldenChecks(goldens: folder.url).checks).run(journal: nil).findings.filter { finding in
                guard case .value(let value) = finding.outcome, let bound = finding.bound else { return true }
                return !(value <= bound.value)
            }.map(\.id)
        }
        #expect(try failures() == [])
        let archive = folder.url.appendingPathComponent("signal/mel/features.npz")
        var bytes = try Data(contentsOf: archive)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: archive)
        #expect(try failures() == ["golden.mel.spectrogram.legacy", "golden.mel.spectrogram.small"])
        let manifest = folder.url.appendingPathComponent("pipeline/mel/manifest.json")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "10728.8740234375", with: "10729.8740234375").utf8).write(to: manifest)
        #expect(try failures().contains("golden.mel.features.level"))
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("pipeline/mel/arrays.npz"))
        #expect(try failures().contains("golden.mel.features.slots"))
    }

    @Test("A row of the format table with another answer is counted and named")
    func formatTable() throws {
        let rows = FormatDetectionTable.rows
        #expect(try outcomes(FormatChecks.table(rows))[0].outcome == .value(0))
        let first = try #require(rows.first)
        let wrong = FormatDetectionTable.Row(
            "wrong", .unknown(mentioning: "nothing"), compat: first.compat, head: first.head, { first.array() })
        let found = try outcomes(FormatChecks.table(rows + [wrong]))[0]
        #expect(found.outcome == .value(1) && found.note.contains("wrong"))
    }

    @Test("Every row of the dimension table that can be measured holds; a row with another shape does not")
    func dimensions() throws {
        let findings = try CheckRunner(DimensionTable.checks).run(journal: nil).findings
        #expect(findings.count == 17 && findings.count { $0.outcome == .value(0) } == 17)
        #expect(findings.allSatisfy { if case .failed = $0.outcome { false } else { true } })
        let wrong = DimensionTable.check(("x", "x", "(1) int32", "", { "(2) int32" }))
        #expect(try outcomes(wrong)[0].outcome == .value(1))
    }

    @Test("Caches come back, damaged ones are refused; caches that are gone are counted")
    func caches() throws {
        let trial = try CacheTrial()
        #expect(trial.unreadable() == (4, []))
        #expect(try trial.accepted() == (16, []))
        trial.remove()
        #expect(trial.unreadable().failures.count == 4)
    }

    @Test("Every model gives PyTorch's outputs; other weights and other outputs do not")
    func models() throws {
        let folder = try TemporaryFolder()
        let copy = folder.url.appendingPathComponent("models")
        try FileManager.default.copyItem(at: Repository.golden("models"), to: copy)
        func failures() throws -> Set<String> {
            let findings = try CheckRunner(ModelGoldenChecks(goldens: folder.url).checks).run(journal: nil).findings
            #expect(findings.count == 6 + 2 * 5)
            return Set(
                findings.filter { finding in
                    guard case .value(let value) = finding.outcome, let bound = finding.bound else { return true }
                    return !(value <= bound.value)
                }.map(\.id))
        }
        #expect(try failures() == [])
        // The view of the design document scrambles axes: as a permuting encoder its golden is another one's.
        let manifest = copy.appendingPathComponent("audio_seed_view/manifest.json")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        let changed = text.replacingOccurrences(of: "\"seedView\"", with: "\"permute\"")
        #expect(changed != text)
        try Data(changed.utf8).write(to: manifest)
        let weights = copy.appendingPathComponent("audio_mel/model.safetensors")
        var bytes = try Data(contentsOf: weights)
        bytes[bytes.count - 3] ^= 1
        try bytes.write(to: weights)
        #expect(try failures() == ["golden.models.audio_seed_view.audio", "golden.models.audio_mel.audio"])
    }
}
