import EnCodec
import FeaturePipeline
import NumericCore
import TestSupport
import Testing
import Verification

@testable import VerificationSuite

/// The claims audit: verdicts follow from what is measured, and turn when the film or the codec does.
struct ClaimsTests {
    private func claim(_ direction: Claim.Direction, _ parts: [(Double, Double)]) -> Finding {
        let claim = Claim(
            number: 3, name: "probe", phase: 2, text: "t", unit: "u", variant: "v", direction: direction, advice: "a"
        ) { .init(parts: []) }
        let measured = parts.map { Claim.Part(name: "p", value: $0.0, line: $0.1) }
        return claim.finding(claim.plan, .init(parts: measured))
    }

    @Test(
        "A claim holds when all its parts do, is half true when some do, and the finding shows the first that does not")
    func rule() throws {
        let holds = claim(.higher, [(5, 3), (4, 4)])
        #expect(holds.note.hasPrefix("holds") && holds.outcome == .value(5) && holds.bound?.value == 3)
        let half = claim(.higher, [(5, 3), (2, 4)])
        #expect(half.note.hasPrefix("half true") && half.outcome == .value(2) && half.bound?.value == 4)
        #expect(claim(.lower, [(5, 3), (7, 4)]).note.hasPrefix("fails"))
        #expect(claim(.lower, [(.nan, 3)]).note.hasPrefix("fails"))
        #expect(claim(.higher, [(.nan, 3), (4, 3)]).note.hasPrefix("half true"))
        let none = claim(.lower, [])
        #expect(none.outcome == .failed(reason: "the claim was measured by nothing"))
    }

    @Test("The gate passes exactly the claims that hold")
    func gate() throws {
        let held = [claim(.higher, [(5, 3)]), claim(.higher, [(5, 3), (2, 4)]), claim(.lower, [(1, 3)])].map {
            finding in
            let results = RunResults(
                info: RunInfo(tool: "", command: "", seed: 0, phases: [2], facts: []), plans: [finding.plan],
                findings: [finding], timings: RunTimings(started: "", seconds: 0, checks: [:]))
            return try? FilmFixture.report(results).evaluation.results.first { $0.gate.id == "claims" }?.decision
        }
        #expect(held == [.pass, .fail, .pass])
    }

    /// All findings of the audit on a film.
    private func findings(
        codec: AudioProcessor.Codec? = nil, path: String = FilmFixture.clip, tr: RepetitionTime? = nil,
        bandwidth: Double? = nil, only numbers: Set<Int> = []
    ) throws -> [Int: Finding] {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, path: path, trs: 6) { request in
            request.codec = codec ?? request.codec
            request.repetitionTime = tr ?? request.repetitionTime
            request.bandwidthKbps = bandwidth ?? request.bandwidthKbps
        }
        defer { film.close() }
        let audit = ClaimsAudit(
            sounds: DerivedSounds(film), pesq: nil, environment: ["HF_HOME": "/nonexistent"])
        let chosen = audit.claims.filter { numbers.isEmpty || numbers.contains($0.number) }
        let found = try CheckRunner(chosen.map(\.check)).run(journal: nil).findings
        return Dictionary(uniqueKeysWithValues: zip(chosen.map(\.number), found))
    }

    private func verdict(_ finding: Finding?) -> String {
        guard let finding else { return "missing" }
        guard case .value = finding.outcome else { return finding.outcome.reason == nil ? "?" : "open" }
        return String(finding.note.prefix { $0 != ":" })
    }

    @Test("All 30 claims are there, each with advice, and on the embedded clip they are what they are known to be")
    func embeddedClip() throws {
        let found = try findings()
        #expect(Set(found.keys) == Set(1...30))
        let expected = [
            1: "open", 2: "open", 3: "half true", 4: "half true", 5: "fails", 6: "fails", 7: "fails", 8: "fails",
            9: "half true", 10: "holds", 11: "fails", 12: "open", 13: "fails", 14: "half true", 15: "half true",
            16: "open", 17: "holds", 18: "fails", 20: "open", 21: "half true", 22: "fails", 23: "holds", 24: "holds",
            25: "holds", 27: "half true", 28: "half true", 29: "fails", 30: "holds",
        ]
        for (number, wanted) in expected.sorted(by: { $0.key < $1.key }) {
            #expect(verdict(found[number]) == wanted, "claim \(number): \(String(describing: found[number]))")
        }
        for (number, finding) in found {
            if case .notMeasured(_, let remedy) = finding.outcome { #expect(remedy != nil, "claim \(number)") }
            if case .failed(let reason) = finding.outcome { Issue.record("claim \(number): \(reason)") }
        }
        #expect(found[8]?.outcome == .value(3) && found[11]?.outcome == .value(2))
        #expect(found[18]?.population == 983_424 && found[17]?.population == 524_288)
        #expect(found[29]?.outcome == .value(64))
    }

    @Test("With an ordered codebook codes are ordinal")
    func ordered() throws {
        let folder = try TemporaryFolder()
        let codec = try ChangedCodec.ordered(in: folder.url)
        #expect(verdict(try findings(codec: codec, bandwidth: 1.5, only: [5])[5]) == "holds")
    }

    @Test("With a codec that has one bandwidth the default is right, and with another table the counts are not")
    func otherBandwidths() throws {
        let folder = try TemporaryFolder()
        let codec = try ChangedCodec.make(in: folder.url, bandwidths: [6]) { _, _, _, old in old }
        let found = try findings(codec: codec, only: [10, 11])
        #expect(verdict(found[11]) == "holds" && found[11]?.outcome == .value(8))
        #expect(verdict(found[10]) == "holds")
        let other = try TemporaryFolder()
        let without = try ChangedCodec.make(in: other.url, bandwidths: [3]) { _, _, _, old in old }
        #expect(verdict(try findings(codec: without, bandwidth: 3, only: [10])[10]) == "open")
    }

    @Test("With a TR of whole frames 112 is no loss, and 23 minutes have other counts")
    func otherTR() throws {
        let tr = try #require(RepetitionTime(2, over: 1))
        let found = try findings(tr: tr, only: [8, 9, 14])
        #expect(verdict(found[8]) == "holds" && found[8]?.outcome == .value(0))
        #expect(found[9]?.outcome == .value(Double(920 - 690) / 690))
        // 1200 codes are 41 % fewer than 2048 values and 99 % fewer than all frames.
        #expect(verdict(found[14]) == "fails")
    }

    @Test("A loud film's errors all exceed 0.01; at the embedded clip's level silence passes")
    func loudFilm() throws {
        var random = Xoshiro256(seed: 5)
        let folder = try TemporaryFolder()
        try WAV.write((0..<6 * 36_000).map { _ in 1.6 * random.uniformFloat() - 0.8 }, to: folder.path("loud.wav"))
        #expect(verdict(try findings(path: folder.path("loud.wav"), only: [19])[19]) == "holds")
        #expect(verdict(try findings(only: [19])[19]) != "holds")
    }

    @Test("A cache name that leaves out a setting is found")
    func cacheNames() throws {
        let recipe = FeatureRecipe(
            format: .encodec, behaviour: .correct, grid: .exact, repetitionTime: .standard, sampleRate: 24_000,
            hopLength: 320,
            codec: .init(identifier: "mini", weightsSHA256: "0", bandwidthKbps: 6, codebookCount: 8))
        let changes = ClaimsAudit.changes(of: recipe)
        #expect(changes.allSatisfy { $0.recipe != recipe })
        let silent = ClaimsAudit.silent(changes, of: recipe) { "\($0.format) \($0.codec?.bandwidthKbps ?? 0)" }
        #expect(silent == ["behaviour", "grid", "TR", "TR limit", "codec's weights", "response", "film"])
    }

    @Test("A reshape that keeps frames apart draws on one frame a column")
    func reshape() {
        #expect(ClaimsAudit.framesPerColumn(codebookCount: 8, frameCount: 112, width: 64) == 64)
        #expect(ClaimsAudit.framesPerColumn(codebookCount: 8, frameCount: 1, width: 64) == 1)
        #expect(ClaimsAudit.framesPerColumn(codebookCount: 8, frameCount: 112, width: 1) == 1)
    }

    @Test("Codes are corrupted in the share asked for, never into themselves")
    func corruption() {
        let codes = Tensor((0..<10_000).map { Int32($0 % 1024) }, shape: [1, 10_000])
        for share in [0, 0.2, 1] {
            let changed = ClaimsAudit.corrupted(codes, share: share, entryCount: 1024, seed: 1)
            let count = zip(changed.elements, codes.elements).count { $0 != $1 }
            #expect(abs(Double(count) / 10_000 - share) < 0.02 && changed.elements.allSatisfy { 0 <= $0 && $0 < 1024 })
        }
    }
}
