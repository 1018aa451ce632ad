import Autoencoder
import FeaturePipeline
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

    @Test("A recorded scan is measured on the film's own features, and one too short is not measured")
    func recorded() throws {
        let short = try findings(recorded: Tensor(repeating: 1, shape: [4, 3]))
        guard case .notMeasured = try #require(short["training.brain.recorded.significant"]).outcome else {
            Issue.record("four TRs of a scan say nothing")
            return
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
