import EnCodec
import FeaturePipeline
import Foundation
import TestSupport
import Testing
import Verification
import VerificationSuite

/// Phase 2 on the embedded clip, and what turns it red.
@Suite(.serialized) struct FilmVerdictTests {
    /// One run over the whole clip for all tests that only look at it.
    private static let whole = Result { () throws -> RunResults in
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url)
        defer { film.close() }
        return try FilmFixture.results(film, phases: [2])
    }

    private func decision(_ gate: String, _ report: RunReport) -> Decision? {
        report.evaluation.results.first { $0.gate.id == gate }?.decision
    }

    @Test("Every gate of phase 2 is judged, time and controls pass, and a line moved turns red")
    func wholeClip() throws {
        let results = try Self.whole.get()
        let report = try FilmFixture.report(results)
        // Probe, ladder, claims and reach have tests of their own.
        let shown = ["probe", "ladder", "claims", "reach"]
        let open = report.evaluation.results.filter { $0.gate.phase == 2 && $0.decision == .notMeasured }.map(\.gate.id)
            .filter { id in !shown.contains { id.hasPrefix($0) } }
        #expect(open.isEmpty, "\(open)")
        for gate in ["time.length", "time.frames", "time.lag", "time.drift", "codes.count", "control", "better.si_sdr"]
        {
            #expect(decision(gate, report) == .pass, "\(gate)")
        }
        #expect(decision("time.frames.seed112", report) == .fail)
        #expect(results.finding("time.seed112.lost_frames")?.outcome == .value(12))
        let strict = try FilmFixture.gates("margin: 3\n", "margin: 300\n")
        #expect(decision("better.si_sdr", try FilmFixture.report(results, gates: strict)) == .fail)
    }

    @Test("Bandwidths are ordered by every metric of the panel")
    func bandwidths() throws {
        let results = try Self.whole.get()
        func mean(_ id: String) throws -> Double {
            let values = try #require(results.finding(id)?.outcome.segments).compactMap(\.number)
            return values.reduce(0, +) / Double(values.count)
        }
        for (metric, sign) in [("stoi", 1.0), ("estoi", 1), ("snr", 1), ("si_sdr", 1), ("mel", -1), ("mrstft", -1)] {
            let means = try ["1.5", "3", "6"].map { sign * (try mean("roundtrip.encodec.\($0)kbps.\(metric)")) }
            #expect(means == means.sorted(), "\(metric): \(means)")
        }
        #expect(try mean("roundtrip.grid.seed112.realigned.stoi") > mean("roundtrip.grid.seed112.stoi") + 0.2)
        #expect(try mean("roundtrip.resampled.snr") > 40)
    }

    @Test("Controls pass gates that ask for nothing, and are red then")
    func laxGates() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 8)
        defer { film.close() }
        let lax = try GateSet(
            parsing: """
                schema: codecgate.gates/1
                gates:
                  - {id: quality.snr, phase: 2, title: t, finding: quality.snr, statistic: mean, comparison: atLeast,
                     threshold: -100, severity: block, owner: o, reason: r}
                  - {id: control, phase: 2, title: t, finding: control.*, statistic: value, comparison: atMost,
                     threshold: 0, severity: block, owner: o, reason: r}
                """, path: "lax")
        let report = try FilmFixture.report(try FilmFixture.results(film, phases: [2], gates: lax), gates: lax)
        #expect(decision("control", report) == .fail)
        for version in FilmVersion.controls {
            #expect(report.results.finding("control.\(version.id)")?.outcome == .value(1), "\(version)")
        }
    }

    @Test("Two runs with one seed have the same findings and verdict, whatever the threads; another seed has others")
    func determinism() throws {
        func bytes(seed: UInt64, threads: Int) throws -> Data {
            let folder = try TemporaryFolder()
            let film = try FilmFixture.context(in: folder.url, trs: 4) {
                ($0.seed, $0.threadCount, $0.reportFolder) = (seed, threads, folder.url)
            }
            defer { film.close() }
            let results = try FilmFixture.results(film, phases: [2])
            #expect(results.timings.checks.keys.contains("speed.griffinlim.dense"))
            let timeless = RunResults(
                info: results.info, plans: results.findings.map(\.plan), findings: results.findings,
                timings: RunTimings(started: "", seconds: 0, checks: [:]))
            return try FilmFixture.report(timeless).json()
        }
        let first = try bytes(seed: 3, threads: 2)
        #expect(try bytes(seed: 3, threads: 1) == first)
        #expect(try bytes(seed: 4, threads: 2) != first)
    }

    @Test("The worst segments can be heard: WAV files inside the report's folder, at most six segments")
    func sounds() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 8) { $0.reportFolder = folder.url }
        defer { film.close() }
        let quality = try FilmFixture.results(film, phases: [2]).finding("quality.stoi")
        let sounds = try #require(quality?.attachments)
        // The median is one of the five worst where there are few segments.
        let shown = Set(sounds.compactMap(\.segment)).count
        #expect((5...6).contains(shown) && sounds.count == 5 * shown)
        for sound in sounds {
            let file = folder.url.appendingPathComponent(sound.path)
            #expect(try Data(contentsOf: file).count > 2 * 24_000 / 3)
        }
        let values = try #require(quality?.outcome.segments).enumerated().compactMap { index, value in
            value.number.map { (index, $0) }
        }
        #expect(sounds.first?.segment == values.min { $0.1 < $1.1 }?.0)
        try FilmContext.removeSnippets(in: folder.url)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("sounds")).isEmpty)
    }

    @Test("A silent film is CANNOT TELL with a remedy, and nothing breaks")
    func silence() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("silent.wav")
        try WAV.write([Float](repeating: 0, count: 8 * 24_000), to: path)
        let film = try FilmFixture.context(in: folder.url, path: path)
        defer { film.close() }
        let report = try FilmFixture.report(try FilmFixture.results(film, phases: [2]))
        #expect(report.verdict.overall == .cannotTell)
        #expect(report.verdict.nextMeasurement?.contains("film with sound") == true)
        let broken = report.results.findings.filter { if case .failed = $0.outcome { true } else { false } }
        #expect(broken.isEmpty, "\(broken.map(\.id))")
    }

    @Test("Features that lack frames fail in time; features of the exact grid measure what the codec itself does")
    func givenFeatures() throws {
        for (mode, isRight) in [(TRGrid.Mode.exact, true), (.seed112, false)] {
            let folder = try TemporaryFolder()
            let film = try FilmFixture.context(in: folder.url, trs: 8) { request in
                var settings = AudioProcessor.Configuration()
                (settings.useEncodec, settings.codeGrid, settings.maximumTRCount) = (true, mode, 8)
                let processor = try AudioProcessor(settings, codec: request.codec)
                let made = try processor.features(of: request.path)
                let path = folder.path("f.npy")
                try made.write(to: path)
                let detection = try #require(try FeatureFile.read(path: path).first).detect()
                request.features = GivenFeatures(
                    label: "f.npy", sha256: "", detection: detection, input: try FeatureInput(made),
                    processor: processor)
            }
            defer { film.close() }
            let report = try FilmFixture.report(try FilmFixture.results(film, phases: [2]))
            for gate in ["time.length", "time.lag", "time.drift"] {
                #expect(decision(gate, report) == (isRight ? .pass : .fail), "\(mode) \(gate)")
            }
            let direct = report.results.finding("roundtrip.encodec.6kbps.snr")?.outcome
            #expect((report.results.finding("quality.snr")?.outcome == direct) == isRight)
            #expect(report.results.finding("given.rows")?.outcome == .value(0))
        }
    }
}
