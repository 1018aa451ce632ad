import NumericCore
import Testing

struct ReadProbeTests {
    @Test("The bandwidth is the bytes of all passes over the time that was measured", arguments: KernelLevel.available)
    func bandwidth(level: KernelLevel) {
        let probe = ReadProbe(byteCount: 1000)
        #expect(probe.byteCount == 768, "whole rounds of 256 bytes")
        var hasRun = false
        let rate = probe.bytesPerSecond(passes: 10, level: level) { work in
            work()
            hasRun = true
            return 0.5
        }
        #expect(hasRun)
        #expect(rate == 768 * 10 / 0.5)
    }

    @Test("More passes take more time: none is left out", arguments: KernelLevel.available)
    func passesAreRead(level: KernelLevel) {
        let probe = ReadProbe(byteCount: 1 << 20)
        func time(passes: Int) -> Duration {
            var elapsed = Duration.zero
            _ = probe.bytesPerSecond(passes: passes, level: level) { work in
                elapsed = ContinuousClock().measure(work)
                return 1
            }
            return elapsed
        }
        _ = time(passes: 10)
        // A hundred times the work. Of the few passes the quickest of ten runs counts: one that waits for a processor
        // can take longer than a thousand passes.
        let few = (0..<10).map { _ in time(passes: 10) }.min() ?? .zero
        #expect(time(passes: 1000) > few * 5)
    }
}
