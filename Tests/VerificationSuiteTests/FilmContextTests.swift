import AudioIO
import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing
import Verification
import VerificationSuite

/// A film's versions are those that the pipeline itself makes.
@Suite(.serialized) struct FilmContextTests {
    @Test("Griffin-Lim in a stream gives the bits of the pipeline's features and sound", arguments: [false, true])
    func griffinLim(isAverage: Bool) throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 3) { $0.seed = 5 }
        defer { film.close() }
        let input = try film.sound(.atMelRate(.original))
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = false
        settings.isVectorPerTR = isAverage
        let processor = try AudioProcessor(settings)
        let expected = try processor.audio(from: processor.features(from: input.makeSource()), seed: 5).samples
        let found = try film.sound(.griffinLim(isAverage ? .average : .dense)).allSamples()
        #expect(found.count == 3 * 33_075)
        #expect(found == expected)
    }

    @Test("Codes of a lower bandwidth are what the codec gives at that bandwidth, and the sound is the codec's")
    func codes() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 4)
        defer { film.close() }
        let samples = try film.original.allSamples()
        #expect(samples.count == 4 * 36_000)
        let model = try FilmFixture.mini.get().model
        for kbps in [1.5, 3, 6] {
            let encoded = try model.encode(samples, bandwidthKbps: kbps)
            #expect(try film.codes(kbps).elements == encoded.chunks[0].codes.elements)
            #expect(
                try film.sound(.encodec(kbps: kbps)).allSamples() == Array(model.decode(encoded).prefix(samples.count)))
        }
    }

    @Test("The exact grid gives the direct sound; the other one is a frame earlier every two TRs, and as much shorter")
    func grids() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url)
        defer { film.close() }
        #expect(film.trCount == 24)
        let direct = try film.sound(.encodec(kbps: 6)).allSamples()
        #expect(try film.sound(.grid(.exact)).allSamples() == direct)
        #expect(try film.sound(.grid(.seed112)).sampleCount == direct.count - 12 * 320)
        let lags = try film.lags(of: .grid(.seed112)).compactMap { value in value.number.map { (value.start, $0) } }
        #expect(lags.count > 15)
        // At second t, floor(t / 3) frames are missing; most segments must say so to the sample or two.
        let near = lags.count { start, lag in abs(lag + 320 * Double(Int(start / 3))) < 325 }
        #expect(Double(near) >= 0.8 * Double(lags.count), "\(lags)")
    }

    @Test("Segments cover the film, end at label changes, and at least 18 of the clip's have sound")
    func segments() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url)
        defer { film.close() }
        #expect(film.segments.first?.range.lowerBound == 0)
        #expect(film.segments.last?.range.upperBound == film.original.sampleCount)
        #expect(zip(film.segments, film.segments.dropFirst()).allSatisfy { $0.range.upperBound == $1.range.lowerBound })
        #expect(film.segments.count { !$0.isSilent } >= 18)
        #expect(film.segments.contains { $0.range.lowerBound == Int(0.8 * 24_000) && $0.label == .speech })
        #expect(film.segments.filter(\.isSilent).allSatisfy { $0.label == .silence })
        let plain = try FilmFixture.context(in: folder.url) { $0.labelsPath = nil }
        defer { plain.close() }
        #expect(Set(plain.segments.map(\.label)) == [.mix, .silence])
    }

    @Test("Controls are what they say")
    func controls() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 4)
        defer { film.close() }
        let original = try film.original.allSamples()
        func level(_ samples: [Float]) -> Double { samples.reduce(0) { $0 + Double($1 * $1) }.squareRoot() }
        #expect(try film.sound(.silence).allSamples() == [Float](repeating: 0, count: original.count))
        #expect(abs(level(try film.sound(.noise).allSamples()) / level(original) - 1) < 0.02)
        let direct = try film.sound(.encodec(kbps: 6)).allSamples()
        #expect(try film.sound(.shiftedFrame).allSamples() == [Float](repeating: 0, count: 320) + direct.dropLast(320))
        for version in [FilmVersion.shuffledCodes, .neighbouringCodes, .zeroedCodebooks] {
            let sound = try film.sound(version).allSamples()
            #expect(sound.count == direct.count && sound != direct)
        }
    }

    @Test("A film shorter than a TR, labels that are none and a bandwidth the codec lacks are errors with the value")
    func refusals() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FilmError.self) { try FilmFixture.context(in: folder.url, trs: 0) }
        let csv = folder.path("labels.csv")
        try Data("start,end,label\n0,1,shouting\n".utf8).write(to: URL(fileURLWithPath: csv))
        let error = #expect(throws: FilmError.self) {
            try FilmFixture.context(in: folder.url) { $0.labelsPath = csv }
        }
        #expect(error?.description.contains("shouting") == true)
        #expect(throws: EncodecError.self) { try FilmFixture.context(in: folder.url) { $0.bandwidthKbps = 12 } }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(left == ["labels.csv"], "scratch folders are removed")
    }
}
