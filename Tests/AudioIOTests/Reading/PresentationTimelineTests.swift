import Testing

@testable import AudioIO

@Suite("Blocks are placed where their time stamps say")
struct PresentationTimelineTests {
    typealias Placement = PresentationTimeline.Placement

    /// 1 ms stamps at 16 kHz are 16 frames apart; 5 ms are 80.
    private var timeline = PresentationTimeline(sampleRate: 16000, tickFrameCount: 16)

    @Test("a late first block is preceded by silence, rounding is not")
    mutating func start() throws {
        #expect(try timeline.place(start: 16, frameCount: 100) == Placement())
        var late = PresentationTimeline(sampleRate: 16000, tickFrameCount: 1)
        #expect(try late.place(start: 1, frameCount: 100) == Placement(silentFrameCount: 1))
        #expect(late.endFrame == 101)
    }

    @Test("what lies before zero is cut, over several blocks")
    mutating func beforeZero() throws {
        #expect(try timeline.place(start: -150, frameCount: 100) == Placement(droppedFrameCount: 100))
        #expect(try timeline.place(start: -50, frameCount: 100) == Placement(droppedFrameCount: 50))
        #expect(try timeline.place(start: 50, frameCount: 100) == Placement())
        #expect(timeline.endFrame == 150)
    }

    @Test("jitter of 5 ms is joined and does not add up")
    mutating func jitter() throws {
        _ = try timeline.place(start: 0, frameCount: 1000)
        #expect(try timeline.place(start: 1080, frameCount: 1000) == Placement())
        #expect(try timeline.place(start: 1920, frameCount: 1000) == Placement())
        #expect(timeline.endFrame == 3000)
        #expect(try timeline.place(start: 3081, frameCount: 10) == Placement(silentFrameCount: 81))
    }

    @Test("an overlap is cut from the later block")
    mutating func overlap() throws {
        _ = try timeline.place(start: 0, frameCount: 1000)
        #expect(try timeline.place(start: 700, frameCount: 1000) == Placement(droppedFrameCount: 300))
        #expect(try timeline.place(start: nil, frameCount: 10) == Placement())
        #expect(timeline.endFrame == 1710)
    }

    @Test("stamps that jump back a second or forward an hour are refused", arguments: [-16001, 3600 * 16000 + 1])
    mutating func jumps(by frames: Int) throws {
        _ = try timeline.place(start: 0, frameCount: 20000)
        #expect(throws: PresentationTimeline.Discontinuity.self) {
            try timeline.place(start: 20000 + frames, frameCount: 10)
        }
    }
}
