import Autoencoder
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing
import Verification

@testable import VerificationSuite

/// Synthetic brain data: found where it answers, not found where it is noise.
struct BrainChecksTests {
    private func findings(
        _ scan: SyntheticScan = BrainChecks.scan, recorded: Tensor<Float>? = nil
    ) throws -> [String: Finding] {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 4) { request in
            request.scan = recorded.map { GivenScan(label: "scan.npy", sha256: "0", series: $0) }
        }
        defer { film.close() }
        let found = try CheckRunner(BrainChecks(film: film, scan: scan).checks).run(journal: nil).findings
        return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
    }

    private func decision(_ finding: Finding?, _ gate: String) throws -> Decision? {
        let finding = try #require(finding)
        let results = RunResults(
            info: RunInfo(tool: "", command: "", seed: 0, phases: [3], facts: []), plans: [finding.plan],
            findings: [finding], timings: RunTimings(started: "", seconds: 0, checks: [:]))
        return try FilmFixture.report(results).evaluation.results.first { $0.gate.id == gate }?.decision
    }

    @Test("Voxels that answer are found and voxels of noise are not")
    func answers() throws {
        let found = try findings()
        #expect(try decision(found["training.brain.synthetic.power"], "training.brain.power") == .pass)
        #expect(try decision(found["training.brain.synthetic.false_alarms"], "training.brain.false_alarms") == .pass)
        let correlation = try #require(found["training.brain.synthetic.correlation"])
        #expect(try decision(correlation, "training.brain.correlation") == .pass)
        // Signal and noise are equally strong: no prediction can do better than the root of a half.
        guard case .value(let value) = correlation.outcome else { return }
        #expect(value > 0.4 && value < 0.72, "\(value)")
        #expect(correlation.note.contains("no brain") && correlation.note.contains("98 held out"))
    }

    @Test("A scan in which nothing answers fails the power gate, though half of its voxels are said to")
    func noAnswers() throws {
        var mute = BrainChecks.scan
        mute.signalToNoise = 1e-6
        let found = try findings(mute)
        #expect(try decision(found["training.brain.synthetic.power"], "training.brain.power") == .fail)
        #expect(try decision(found["training.brain.synthetic.correlation"], "training.brain.correlation") == .fail)
        #expect(try decision(found["training.brain.synthetic.false_alarms"], "training.brain.false_alarms") == .pass)
    }

    @Test("Voxels that answer where silence was promised are false alarms")
    func leak() throws {
        // All hundred answer, but the harness is told that the second half does not.
        var leaking = BrainChecks.scan
        leaking.answeringCount = 100
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 4)
        defer { film.close() }
        film.brainRuns[50] = Result { try film.syntheticBrain(leaking) }
        let found = try CheckRunner(BrainChecks(film: film).checks).run(journal: nil).findings
        let alarms = found.first { $0.id == "training.brain.synthetic.false_alarms" }
        #expect(try decision(alarms, "training.brain.false_alarms") == .fail)
    }

    @Test("A recorded scan too short for a held-out part is not measured")
    func shortScan() throws {
        let short = try findings(recorded: Tensor(repeating: 1, shape: [4, 3]))
        guard case .notMeasured = try #require(short["training.brain.recorded.significant"]).outcome else {
            Issue.record("four TRs of a scan say nothing")
            return
        }
    }

    @Test("Voxels that follow a film's loudness are predicted from its sound, and shuffled in time they are not")
    func recorded() throws {
        let folder = try TemporaryFolder()
        let trCount = 200
        var random = Xoshiro256(seed: 4)
        // Noise whose level holds for two to five TRs.
        let levels = SyntheticStimulus(
            trCount: trCount, bandCount: 1, columnCount: 1, sourceCount: 1, seed: 3
        ).features()
        let samples = (0..<trCount * 36_000).map { index -> Float in
            (2 * random.uniformFloat() - 1) * 0.5 * exp(levels.elements[index / 36_000] / 20)
        }
        try WAV.write(samples, to: folder.path("levels.wav"))
        var scan = SyntheticScan()
        (scan.voxelCount, scan.answeringCount) = (12, 12)
        let series = try scan.make(from: levels, repetitionTime: .standard)
        var order = Array(0..<trCount)
        order.shuffle(using: &random)
        let shuffled = Tensor(order.flatMap { series.rows($0..<$0 + 1).elements }, shape: series.shape)
        for (series, answers) in [(series, true), (shuffled, false)] {
            let film = try FilmFixture.context(in: folder.url, path: folder.path("levels.wav")) {
                $0.scan = GivenScan(label: "scan.npy", sha256: "0", series: series)
            }
            defer { film.close() }
            let checks = BrainChecks(film: film).checks.filter { $0.id == "training.brain.recorded" }
            let found = try CheckRunner(checks).run(journal: nil).findings
            let correlation = found.first { $0.id == "training.brain.recorded.correlation" }
            #expect(try decision(correlation, "training.brain.correlation") == (answers ? .pass : .fail))
            let share = try #require(found.first { $0.id == "training.brain.recorded.significant" })
            guard case .value(let value) = share.outcome else {
                Issue.record("\(share.outcome)")
                continue
            }
            #expect(answers ? value > 0.5 : value < 0.2, "\(value)")
            #expect(share.note.contains("58 held out"))
        }
    }

    @Test("Stimuli are equal for equal seeds, differ for others, and stay between -80 and 0 dB")
    func stimulus() {
        let first = SyntheticStimulus(seed: 1).features()
        #expect(first.shape == [300, 40, 8] && first == SyntheticStimulus(seed: 1).features())
        #expect(first != SyntheticStimulus(seed: 2).features())
        #expect(first.elements.allSatisfy { $0 >= -75 && $0 <= -5 })
        // Levels hold for two TRs at least, so most neighbours are nearly alike.
        let changes = (1..<300).count { abs(first.elements[$0 * 320] - first.elements[($0 - 1) * 320]) > 11 }
        #expect(changes < 150)
    }
}
