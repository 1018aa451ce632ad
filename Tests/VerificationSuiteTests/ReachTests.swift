import TestSupport
import Testing
import Verification

@testable import VerificationSuite

/// Gates that cannot decide anything are named.
struct ReachTests {
    private typealias Reach = ReachCheck.Reach

    @Test("A gate is useless that bad sounds pass, that the film fails, or that the codec's best fails")
    func rule() {
        func problem(_ film: Decision, _ best: Decision, _ silence: Decision, _ shuffled: Decision) -> String? {
            Reach(
                gate: "g",
                decisions: [.almostIdentical: film, .highest: best, .silence: silence, .shuffled: shuffled]
            ).problem
        }
        #expect(problem(.pass, .pass, .fail, .fail) == nil)
        #expect(problem(.pass, .pass, .pass, .fail) == nil)
        #expect(problem(.pass, .pass, .notMeasured, .fail) == nil)
        #expect(problem(.pass, .pass, .pass, .pass)?.contains("cannot fail") == true)
        #expect(problem(.fail, .fail, .fail, .fail)?.contains("cannot pass") == true)
        #expect(problem(.notMeasured, .pass, .fail, .fail)?.contains("cannot be measured") == true)
        #expect(problem(.pass, .inconclusive, .fail, .fail)?.contains("beyond this codec") == true)
    }

    @Test("On the embedded clip lines that nothing reaches and lines that everything reaches are found, others not")
    func film() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 12)
        defer { film.close() }
        func gate(_ id: String, _ finding: String, _ line: String, _ severity: String = "block") -> String {
            """
              - {id: \(id), phase: 2, title: t, finding: \(finding), statistic: mean, minCount: 5,
                 \(line), severity: \(severity), owner: o, reason: r}

            """
        }
        let against = "comparison: superiority, margin: 3, against: versus.griffinlim"
        let lines = [
            gate("sound", "quality.snr", "comparison: atLeast, threshold: 3"),
            gate("lax", "quality.snr", "comparison: atLeast, threshold: -100"),
            gate("impossible", "quality.stoi", "comparison: atLeast, threshold: 1.5"),
            gate("ambitious", "quality.stoi", "comparison: atLeast, threshold: 0.97"),
            gate("better", "versus.encodec.si_sdr", "\(against)_dense.si_sdr"),
            gate("open", "versus.encodec.si_sdr", "\(against)_bottleneck.si_sdr"),
            gate("shown", "quality.stoi", "comparison: atLeast, threshold: 1.5", "info"),
        ]
        let gates = try GateSet(
            parsing: "schema: codecgate.gates/1\ngates:\n" + lines.joined(), path: "test")
        let check = ReachCheck(sounds: DerivedSounds(film), gates: gates).check
        let finding = try #require(try CheckRunner([check]).run(journal: nil).findings.first)
        #expect(finding.outcome == .value(3) && finding.population == 5, "\(finding)")
        #expect(finding.note.contains("lax cannot fail"))
        #expect(finding.note.contains("impossible cannot pass"))
        #expect(finding.note.contains("ambitious is beyond this codec"))
    }
}
