import EnCodec
import FeaturePipeline
import Foundation
import TestSupport
import Testing
import Verification
import VerificationSuite

/// `explain` on a segment: the same number as the run had, with what it is made of.
struct MeasureAgainTests {
    @Test("A segment measured again has the value of the whole measurement; what is no metric on the film has none")
    func again() throws {
        let temporary = try TemporaryFolder()
        let codec = try AudioProcessor.Codec(CodecFiles.locate(CodecFiles.embeddedName))
        var request = FilmContext.Request(
            path: Repository.golden("clips/scene.m4v").path, codec: codec,
            scratch: temporary.url.appendingPathComponent("scratch"))
        request.maximumTRCount = 3
        let film = try FilmContext(request)
        defer { film.close() }
        let whole = try film.measure([.signalToNoise], of: .encodec(kbps: 3))[0]
        let index = try #require(whole.firstIndex { $0.number != nil })
        let again = try film.measureAgain("roundtrip.encodec.3kbps.snr", segment: index)
        #expect(again?.number == whole[index].number)
        let other = try film.measureAgain("roundtrip.encodec.1.5kbps.snr", segment: index)
        #expect(other?.number != nil && other?.number != again?.number)
        #expect(try film.measureAgain("quality.stoi", segment: 999) == nil)
        #expect(try film.measureAgain("golden.encodec.small.intact", segment: 0) == nil)
        #expect(try film.measureAgain("roundtrip.opus.stoi", segment: 0) == nil)
    }
}
