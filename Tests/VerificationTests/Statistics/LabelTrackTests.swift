import Foundation
import TestSupport
import Testing

@testable import Verification

@Suite("Labels")
struct LabelTrackTests {
    private static let text = "start,end,label\n0.00,0.80,silence\n0.80,4.74,speech\n4.74,20,music\n"

    @Test("the clip's track is read whole")
    func clip() throws {
        let text = try String(contentsOf: Repository.golden("clips/scene.labels.csv"), encoding: .utf8)
        let track = try LabelTrack(csv: text)
        #expect(track.entries.count == 19 && track.endSeconds == 36)
        #expect(track.entries[1] == .init(startSeconds: 0.8, endSeconds: 4.74, label: .speech))
        #expect(Set(track.entries.map(\.label)) == Set(SoundLabel.allCases))
        // Windows' line ends and empty lines at the end change nothing.
        #expect(try LabelTrack(csv: text.replacing("\n", with: "\r\n") + "\r\n  \r\n") == track)
    }

    @Test(
        "a line that is otherwise is refused with its number and value",
        arguments: [
            ("", "line 1 is ''"), ("0,1,speech\n", "write start,end,label"), ("start,end,label\n", "no label follows"),
            ("start,end,label\n0,1\n", "line 2 '0,1' is not two numbers"),
            ("start,end,label\n0,1,speech,loud\n", "is not two numbers"),
            ("start,end,label\n0, 1,speech\n", "is not two numbers"),
            ("start,end,label\n0,nan,speech\n", "is not two numbers"),
            ("start,end,label\n-0,1,speech\n", "is not two numbers"),
            ("start,end,label\n0,1e3,speech\n", "is not two numbers"),
            ("start,end,label\n0,1,Speech\n", "has the label 'Speech'; use one of speech, music"),
            ("start,end,label\n0.5,1,speech\n", "does not begin at 0"),
            ("start,end,label\n0,1,speech\n1.5,2,music\n", "line 3 '1.5,2,music' does not begin where"),
            ("start,end,label\n0,1,speech\n0.5,2,music\n", "at 1.0"),
            ("start,end,label\n0,0,speech\n", "ends at 0.0"),
            ("start,end,label\n0,1,speech\n\n1,2,music\n", "line 3 ''"),
        ])
    func refused(text: String, part: String) {
        let problem = #expect(throws: LabelTrack.Problem.self) { try LabelTrack(csv: text) }
        #expect(problem?.description.contains(part) == true, "\(problem?.description ?? "no error")")
    }

    @Test("segments end at every label first, then at pauses, and carry the label")
    func segments() throws {
        var signal = [Double](repeating: 0.5, count: 20_000)
        for index in 11_000..<11_200 { signal[index] = 0 }
        let found = Segmentation.atLabels(
            try LabelTrack(csv: Self.text), AudioSamples(signal), sampleRate: 1000, longestSeconds: 9)
        #expect(found.map(\.label) == [.silence, .speech, .music, .music])
        #expect(found.map(\.range.lowerBound).prefix(3) == [0, 800, 4740])
        #expect((11_000...11_200).contains(found[2].range.upperBound))
        #expect(found.last?.range.upperBound == 20_000)
    }

    @Test("a signal that begins later takes the later labels, and one that ends later keeps the last")
    func shifted() throws {
        let track = try LabelTrack(csv: Self.text)
        let samples = AudioSamples([Double](repeating: 0.5, count: 17_000))
        let found = Segmentation.atLabels(track, samples, sampleRate: 1000, startSeconds: 4, longestSeconds: 30)
        #expect(found.map(\.label) == [.speech, .music])
        #expect(found.map(\.range) == [0..<740, 740..<17_000])
        let none = Segmentation.atLabels(track, AudioSamples([Double]()), sampleRate: 1000)
        #expect(none.isEmpty)
    }
}
