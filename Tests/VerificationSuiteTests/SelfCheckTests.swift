import TestSupport
import Testing
import Verification

@testable import VerificationSuite

/// The harness against defects of the pipeline.
struct SelfCheckTests {
    private func matrix(_ gates: GateSet, _ defects: [PipelineDefect], bandwidth: Double = 3) throws -> SelfCheck.Matrix
    {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 12) { $0.bandwidthKbps = bandwidth }
        defer { film.close() }
        return try SelfCheck(film: film, gates: gates).run(defects)
    }

    @Test("The shipped gates notice every defect, and time gates those of time")
    func shipped() throws {
        let matrix = try matrix(.shipped(), PipelineDefect.allCases)
        #expect(matrix.missed.isEmpty, "\(matrix.missed)")
        #expect(matrix.rows.map(\.defect) == PipelineDefect.allCases && matrix.rows.allSatisfy { $0.omission == nil })
        func caught(_ defect: PipelineDefect) -> [String] { matrix.rows.first { $0.defect == defect }?.caughtBy ?? [] }
        #expect(caught(.droppedFrames).contains("time.frames") && caught(.droppedFrames).contains("time.length"))
        #expect(caught(.shiftedTR).contains("time.lag"))
        #expect(caught(.zeroPadding).contains("codes.constant"))
        #expect(caught(.polarity) == ["quality.snr"] && caught(.nearestResampler) == ["features.resampler"])
        #expect(!matrix.gates.contains("quality.nothing"))
    }

    @Test("Gates that ask for nothing notice nothing, and a defect that the codec has no room for is named")
    func laxGates() throws {
        let lax = try GateSet(
            parsing: """
                schema: codecgate.gates/1
                gates:
                  - {id: lax, phase: 2, title: t, finding: versus.encodec.stoi, statistic: mean, comparison: atLeast,
                     threshold: -100, severity: block, owner: o, reason: r}
                  - {id: never, phase: 2, title: t, finding: versus.encodec.stoi, statistic: mean, comparison: atLeast,
                     threshold: 100, severity: block, owner: o, reason: r}
                """, path: "lax")
        let matrix = try matrix(lax, [.polarity, .lostLevel, .wrongCodebookTable], bandwidth: 6)
        #expect(matrix.gates == ["lax"] && matrix.idle == ["lax"])
        #expect(matrix.missed == [.polarity, .lostLevel])
        #expect(matrix.rows.last?.omission?.contains("8 codebooks") == true)
    }

    @Test("A silent film says nothing about the harness")
    func silence() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("silent.wav")
        try WAV.write([Float](repeating: 0, count: 6 * 36_000), to: path)
        let film = try FilmFixture.context(in: folder.url, path: path)
        defer { film.close() }
        #expect(throws: NotMeasurable.self) { try SelfCheck(film: film, gates: .shipped()).run([.silence]) }
    }

    @Test("A resampler that takes the nearest sample fails where the pipeline's is 90 dB or better")
    func resampler() throws {
        func worst(_ check: ResamplerCheck) throws -> Double {
            guard case .value(let value)? = try CheckRunner([check.check]).run(journal: nil).findings.first?.outcome
            else { return .nan }
            return value
        }
        let (good, bad) = (
            try worst(.pipeline),
            try worst(
                ResamplerCheck { samples, source, target in
                    DefectiveFilm.nearest(samples, from: source, to: target, count: samples.count * target / source)
                })
        )
        #expect(good > 90 && bad < 20, "\(good) dB and \(bad) dB")
    }
}
