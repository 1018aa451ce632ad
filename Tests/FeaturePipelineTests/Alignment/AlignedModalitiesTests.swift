import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

/// The harness checks of the alignment, each on a whole alignment of several modalities.
struct AlignedModalitiesTests {
    private static func model() throws -> EncodecModel {
        try CodecFiles.locate(Repository.golden("encodec/small").path).load()
    }

    private static func features(_ modality: Modality) throws -> Tensor<Float> {
        guard case .features(let features) = modality.contents else {
            throw AlignmentError.inconsistentModalities(reason: "\(modality.name) holds codes")
        }
        return features
    }

    private static func codes(_ modality: Modality) throws -> Tensor<Int32> {
        guard case .codes(let codes) = modality.contents else {
            throw AlignmentError.inconsistentModalities(reason: "\(modality.name) holds features")
        }
        return codes
    }

    /// A film with one event at a TR, in every modality: a flash, a sound, a word and the scanner's own clock.
    private static func film(event: Int, counts: (video: Int, audio: Int, text: Int, scan: Int)) -> [Modality] {
        let silence: Int32 = 0
        let sound = (0..<counts.audio).flatMap { row in (0..<6).map { _ in row == event ? Int32(17) : silence } }
        return [
            Modality(name: "video", contents: .features(impulse(at: event, count: counts.video))),
            Modality(name: "audio", contents: .codes(Tensor(sound, shape: [counts.audio, 2, 3]))),
            Modality(name: "text", contents: .features(impulse(at: event, count: counts.text))),
            Modality(
                name: "fmri", role: .measurement,
                contents: .features(Tensor((0..<counts.scan).map { Float($0) }, shape: [counts.scan, 1]))),
        ]
    }

    @Test("B2: an impulse peaks 4 TRs later when aligned correctly and 6 TRs early in the Python system's way")
    func impulses() throws {
        let film = Self.film(event: 20, counts: (60, 60, 60, 60))
        let correct = try AlignedModalities(film, plan: .correct(model: Self.model()))
        let compat = try AlignedModalities(film, plan: .compat())
        for index in [0, 2] {
            #expect(peak(of: try Self.features(correct.modalities[index])) == 24)
            #expect(peak(of: try Self.features(compat.modalities[index])) == 14)
        }
        #expect(correct.reports[0].peakShiftTRs == 4 && compat.reports[0].peakShiftTRs == -6)
    }

    @Test("B7: one event has one lag in every stimulus; codes left alone break that, and the report says so")
    func lags() throws {
        let film = Self.film(event: 20, counts: (60, 60, 60, 60))
        let correct = try AlignedModalities(film, plan: .correct(model: Self.model()))
        // The event's latents differ from those before and after by a vector: project on it.
        let latents = try Self.features(correct.modalities[1])
        let model = try Self.model()
        let sound = try model.dequantizedLatents(Tensor([17, 17, 17, 17, 17, 17], shape: [2, 3])).elements
        let rest = try model.dequantizedLatents(Tensor([0, 0, 0, 0, 0, 0], shape: [2, 3])).elements
        let gains = (0..<60).map { row in
            sound.indices.reduce(Float(0)) { sum, index in
                sum + latents.elements[row * sound.count + index] * (sound[index] - rest[index])
            }
        }
        // The first rows of the constant background are still rising; the event stands out of row 20 on.
        let background = try Self.features(
            AlignedModalities(
                [Modality(name: "audio", contents: .codes(Tensor(repeating: 0, shape: [60, 2, 3])))],
                plan: .correct(model: model)
            ).modalities[0])
        let event = gains.indices.map { row in
            sound.indices.reduce(gains[row]) { sum, index in
                sum - background.elements[row * sound.count + index] * (sound[index] - rest[index])
            }
        }
        #expect(peak(of: Tensor(event, shape: [60, 1])) == 24)
        #expect(correct.stimuliShareOneLag)
        #expect(correct.reports.map(\.peakShiftTRs) == [4, 4, 4, 0])
        let compat = try AlignedModalities(film, plan: .compat())
        #expect(!compat.stimuliShareOneLag)
        #expect(compat.reports.map(\.peakShiftTRs) == [-6, 0, -6, 0])
        #expect(try Self.codes(compat.modalities[1]).elements[20 * 6] == 17)
    }

    @Test("B6: modalities cut to one length begin and end together; stretched ones are off by what is reported")
    func times() throws {
        let film = Self.film(event: 30, counts: (950, 948, 947, 946))
        let plan = try AlignmentPlan(lengths: .cut, convolution: nil, codes: .skip, repetitionTime: .standard)
        let cut = try AlignedModalities(film, plan: plan)
        #expect(cut.rowCount == 946)
        for report in cut.reports {
            #expect(report.count == 946 && report.startSeconds == 0 && report.endSeconds == 1419)
            #expect(report.largestErrorSeconds == 0)
        }
        for index in [0, 2] { #expect(peak(of: try Self.features(cut.modalities[index])) == 30) }
        let stretched = try AlignedModalities(film, plan: .compat())
        #expect(stretched.reports.map(\.largestErrorSeconds) == [6, 3, 1.5, 0])
        #expect(stretched.reports.map(\.endSeconds) == [1425, 1422, 1420.5, 1419])
        #expect(stretched.reports.map(\.sourceCount) == [950, 948, 947, 946])
        #expect(stretched.reports[1].skippedCount == 2)
        #expect(try Self.features(stretched.modalities[3]) == Self.features(cut.modalities[3]))
        // A measurement that is longer is cut in the Python system too.
        let long = try AlignedModalities(Self.film(event: 30, counts: (90, 90, 90, 100)), plan: .compat())
        #expect(try Self.features(long.modalities[3]).elements == (0..<90).map { Float($0) })
        #expect(long.reports[3].largestErrorSeconds == 0)
    }

    @Test("B5: codes that are cut and skipped are the first rows byte for byte; stretched ones are not")
    func codesStay() throws {
        var generator = SplitMix64(seed: 8)
        let codes = Tensor((0..<100 * 6).map { _ in Int32(generator.next() % 1024) }, shape: [100, 2, 3])
        let modalities = [
            Modality(name: "audio", contents: .codes(codes)),
            Modality(name: "fmri", role: .measurement, contents: .features(noise([90, 2]))),
        ]
        let response = TRConvolution(try HemodynamicResponse())
        let plan = try AlignmentPlan(lengths: .cut, convolution: response, codes: .skip, repetitionTime: .standard)
        let cut = try AlignedModalities(modalities, plan: plan)
        #expect(try Self.codes(cut.modalities[0]).elements == Array(codes.elements.prefix(90 * 6)))
        let stretched = try AlignedModalities(modalities, plan: .compat())
        #expect(try Self.codes(stretched.modalities[0]).elements != Array(codes.elements.prefix(90 * 6)))
    }

    @Test("B4: features within 0...1 leave that range by the declared gain, and measurements stay as they are")
    func ranges() throws {
        let scan = noise([80, 5])
        let modalities = [
            Modality(name: "video", contents: .features(Tensor(repeating: 1, shape: [80, 3]))),
            Modality(name: "fmri", role: .measurement, contents: .features(scan)),
        ]
        let plan = try AlignmentPlan.compat()
        let aligned = try AlignedModalities(modalities, plan: plan)
        let video = try Self.features(aligned.modalities[0]).elements
        #expect((Double(video[40]) - (plan.convolution?.response.gain ?? 0)).magnitude < 1e-6)
        #expect((video.max() ?? 0) > 2 && (video.min() ?? 0) < -1)
        #expect(try Self.features(aligned.modalities[1]) == scan)
    }

    @Test("Convolved indices come with what they lost, per modality")
    func damage() throws {
        let film = Self.film(event: 20, counts: (60, 60, 60, 60))
        let response = TRConvolution(try HemodynamicResponse(.nilearn), crop: .same)
        let plan = try AlignmentPlan(lengths: .stretch, convolution: response, codes: .seed, repetitionTime: .standard)
        let aligned = try AlignedModalities(film, plan: plan)
        let damage = try #require(aligned.reports[1].damage)
        // 17 times the kernel rounds to 1, 11, 17, 13 and 5 at five taps and below 0 at seven; and the 17 itself is gone.
        #expect(damage.count == 360 && damage.clippedLowCount == 6 * 7 && damage.clippedHighCount == 0)
        #expect(damage.unchangedCount == 360 - 6 * 6)
        #expect(aligned.reports[0].damage == nil && aligned.stimuliShareOneLag)
    }

    @Test("Nothing, a scalar, a modality without rows and plans that contradict themselves are answered")
    func edges() throws {
        let plan = try AlignmentPlan.compat()
        #expect(throws: AlignmentError.self) { try AlignedModalities([], plan: plan) }
        let scalar = Modality(name: "clock", contents: .features(Tensor([1], shape: [])))
        #expect(throws: AlignmentError.self) { try AlignedModalities([scalar], plan: plan) }
        var film = Self.film(event: 2, counts: (5, 5, 5, 5))
        film[0].contents = .features(Tensor([], shape: [0, 1]))
        let none = try AlignedModalities(film, plan: plan)
        #expect(none.rowCount == 0 && none.modalities.map(\.rowCount) == [0, 0, 0, 0])
        #expect(none.reports.map(\.endSeconds) == [0, 0, 0, 0])
        let response = try HemodynamicResponse()
        #expect(throws: AlignmentError.self) {
            try AlignmentPlan(
                lengths: .cut, convolution: TRConvolution(response, crop: .full), codes: .skip,
                repetitionTime: .standard)
        }
        let other = try repetitionTime("2")
        #expect(throws: AlignmentError.self) {
            try AlignmentPlan(
                lengths: .cut, convolution: TRConvolution(response), codes: .skip, repetitionTime: other)
        }
    }
}
