import FeaturePipeline
import NumericCore
import TestSupport
import Testing
import Verification

@testable import VerificationSuite

/// The loss-attribution ladder.
struct LadderTests {
    @Test("Every step of the ladder is measured over the same segments, and losses come where they belong")
    func film() throws {
        let folder = try TemporaryFolder()
        // More TRs than one stretch of the mel path, so that a seam is in it.
        let film = try FilmFixture.context(in: folder.url, trs: 13) { $0.training.steps = [.classification: 16] }
        defer { film.close() }
        let found = try CheckRunner(LadderChecks(DerivedSounds(film)).checks).run(journal: nil).findings
        #expect(found.count == (6 + 3 + 5) * 3)
        let paths = found.map { $0.id.split(separator: ".") }
        for path in ["mel", "codec"] {
            let stages = paths.filter { $0[1] == path }.map { String($0[2]) }
            #expect(stages == stages.sorted() && !stages.isEmpty)
        }
        func mean(_ id: String) throws -> Double {
            let finding = try #require(found.first { $0.id == "ladder.\(id)" })
            let values = try #require(finding.outcome.segments, "\(id): \(finding.outcome)")
            #expect(values.map(\.start) == film.segments.map { Double($0.range.lowerBound) / 24_000 })
            return try #require(SegmentMean(values)).value
        }
        let (resampled, spectra) = (try mean("mel.01_resampled.si_sdr"), try mean("mel.02_spectra.si_sdr"))
        // Spectra and back lose nothing but float32: what is lost is what resampling lost.
        #expect(abs(spectra - resampled) < 0.1, "\(spectra) after \(resampled)")
        #expect(resampled > 30, "\(resampled)")
        let (bands, average) = (try mean("mel.03_mel_bands.estoi"), try mean("mel.04_mel_average.estoi"))
        #expect(bands > 0.9 && average < bands - 0.2, "\(bands), then \(average)")
        let (bandError, dense) = (try mean("mel.03_mel_bands.si_sdr"), try mean("mel.05_griffinlim_dense.si_sdr"))
        #expect(bandError < spectra - 3 && dense < bandError - 10, "\(bandError), then \(dense)")
        let (denseWords, meanWords) = (
            try mean("mel.05_griffinlim_dense.estoi"), try mean("mel.06_griffinlim_average.estoi")
        )
        #expect(denseWords > meanWords + 0.3, "\(denseWords), then \(meanWords)")
        let codec = try ["11_encodec_6kbps", "12_encodec_3kbps", "13_encodec_1_5kbps"]
            .map { try mean("codec.\($0).si_sdr") }
        #expect(codec == codec.sorted(by: >), "\(codec)")
        let (whole, exact) = (try mean("codec.11_encodec_6kbps.estoi"), try mean("codec.21_grid_exact.estoi"))
        #expect(abs(whole - exact) < 0.01, "\(whole), then \(exact)")
        let (exactError, seedError) = (try mean("codec.21_grid_exact.si_sdr"), try mean("codec.22_grid_seed112.si_sdr"))
        #expect(seedError < exactError - 3, "\(exactError), then \(seedError)")
        for name in ["codec.23_hrf_indices", "codec.24_hrf_latents"] {
            let left = try mean("\(name).estoi")
            #expect(left < exact - 0.3, "\(name): \(left)")
        }
        // A model of a few minutes' training is further from the film than any codec.
        let predicted = try mean("codec.25_predicted.si_sdr")
        #expect(predicted < exactError - 10, "\(predicted) after \(exactError)")
    }

    @Test("A seam between stretches is not heard: the film in one stretch and in two is the same")
    func seam() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 14)
        defer { film.close() }
        func samples(_ trsPerStretch: Int) throws -> [[Float]] {
            var result = [[Float]](repeating: [], count: MelRungs.Step.allCases.count)
            try MelRungs(film, trsPerStretch: trsPerStretch).run { stretch in
                for (index, samples) in stretch.samples.enumerated() { result[index] += samples }
            }
            return result
        }
        let (whole, cut) = (try samples(14), try samples(5))
        let wanted = try film.sound(.atMelRate(.original)).sampleCount
        for (step, (a, b)) in zip(MelRungs.Step.allCases, zip(whole, cut)) {
            #expect(a.count == wanted && b.count == wanted, "\(step)")
            let largest = zip(a, b).map { abs($0 - $1) }.max() ?? 1
            #expect(largest < 1e-5, "\(step): \(largest)")
        }
    }

    @Test("The mean over seeds is taken segment by segment, and a segment that one seed lacks has none")
    func means() {
        func run(_ values: [Double?]) -> [SegmentValue] {
            values.enumerated().map { index, value in
                SegmentValue(
                    start: Double(index), end: Double(index) + 1, label: .mix,
                    result: value.map { .value($0) } ?? .failed(reason: "gone"))
            }
        }
        let mean = LadderChecks.mean([run([1, 2, nil]), run([3, nil, 5]), run([5, 2, 5])])
        #expect(mean.map(\.number) == [3, nil, nil])
        #expect(LadderChecks.mean([run([1, 2])]) == run([1, 2]))
    }
}
