import NumericCore
import SignalProcessing
import TestSupport
import Testing

struct WindowTests {
    @Test(arguments: Window.allCases, [0, 1, 2, 3, 8, 45, 512])
    func `windows equal SciPy's`(window: Window, count: Int) throws {
        let data = try SignalGolden<ShortTimeFourierTransformTests.Case>("stft")
        let expected = try data.array("windows", "\(window.rawValue)_\(count)").float64().elements
        expectClose(
            window.samples(count: count), expected, bound: try data.bound("window"), relativeTo: .absolute)
    }

    @Test func `eight shifted squares of the periodic window add up to 3`() {
        let window = Window.periodicHann.samples(count: 64)
        for position in 0..<8 {
            let sum = stride(from: position, to: 64, by: 8).reduce(0) { $0 + window[$1] * window[$1] }
            expectClose([sum], [3], bound: 1e-15, relativeTo: .peak)
        }
    }
}
